"""Keypoints drawn as an image of 15 channels, a limb each (Chen et al., CVPR 2019, §3.1).

Limbs end in joints of `coco13` or in the middle of several; a limb is drawn where all of them are
seen. Numpy or torch; differentiable with respect to the keypoints.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from array_api_compat import array_namespace, device

from vvipe.geometry.keypoints import HIPS, KEYPOINTS, SHOULDERS

SIZE = 64  # pixels
WIDTH_PX = 8.0
REACH = 2.4  # what the edge shows, in the unit of keypoints whose RMS size is 1
_AT_ONCE = 8  # bodies that stay in the processor's cache: several times as fast as all of a batch
_DOT_PX = 1e-5  # a limb whose ends are one still has a direction, and a distance of 0 a gradient

_TRUNK = (*SHOULDERS, *HIPS)


def _side(side: str) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    arm, leg = (
        [(f"{side}_{joint}",) for joint in joints]
        for joints in (("shoulder", "elbow", "wrist"), ("hip", "knee", "ankle"))
    )
    return ((SHOULDERS, arm[0]), (arm[0], arm[1]), (arm[1], arm[2]),
            (HIPS, leg[0]), (leg[0], leg[1]), (leg[1], leg[2]))  # fmt: skip


LIMBS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    (HIPS, _TRUNK), (_TRUNK, SHOULDERS), (SHOULDERS, ("nose",)), *_side("left"), *_side("right"),
)  # fmt: skip
"""The channels: joints in whose middle a limb begins, and those in whose middle it ends."""


def _weights(end: int) -> np.ndarray:
    """(15, 13) shares of the keypoints in the ends of limbs."""
    weights = np.zeros((len(LIMBS), len(KEYPOINTS)), np.float32)
    for row, limb in zip(weights, LIMBS, strict=True):
        row[list(KEYPOINTS.indices(*limb[end]))] = 1 / len(limb[end])
    return weights


_ENDS = np.stack([_weights(0), _weights(1)])
_NEEDED = (_ENDS.sum(0) > 0).astype(np.float32)


def limb_ends(keypoints: Any, mask: Any) -> tuple[Any, Any]:
    """Where limbs begin and end.

    Args:
        keypoints: (B, 13, 2); values where `mask` is 0 are ignored, but must be finite.
        mask: (B, 13) 1 = seen.

    Returns:
        (2, B, 15, 2) beginnings and ends, (B, 15) bool, whether all their joints are seen.
    """
    xp = array_namespace(keypoints)
    there = {"dtype": keypoints.dtype, "device": device(keypoints)}
    ends, needed = (xp.asarray(x, **there) for x in (_ENDS, _NEEDED))
    # Written out: matrix products would be rounded where networks run in bfloat16.
    places = xp.sum(ends[:, None, :, :, None] * keypoints[:, None], axis=-2)
    missing = xp.sum((1 - xp.astype(mask, keypoints.dtype))[:, None] * needed, axis=-1)
    return places, missing < 0.5


def skeleton_maps(
    keypoints: Any, mask: Any, size: int = SIZE, width_px: float = WIDTH_PX, reach: float = REACH
) -> Any:
    """Draws keypoints, each limb a bar with round ends and soft edges in a channel of its own.

    Args:
        keypoints: (B, 13, 2) normalised (`normalise_rms`), finite.
        mask: (B, 13) 1 = seen.
        size: Height and width of the maps.
        width_px: Of the limbs, where the maps are `SIZE` wide; wider maps have wider limbs.
        reach: What stands at the edge, in the keypoints' unit; what is further out is cut off.

    Returns:
        (B, 15, size, size), 0 to 1; x to the right, y down.
    """
    xp = array_namespace(keypoints)
    places, seen = limb_ends(keypoints, mask)
    places = places * (size / (2 * reach)) + size / 2
    radius = width_px * size / SIZE / 2
    drawn = xp.empty(
        (len(keypoints), len(LIMBS), size, size), dtype=keypoints.dtype, device=device(keypoints)
    )
    for start in range(0, len(keypoints), _AT_ONCE):
        part = slice(start, start + _AT_ONCE)
        bars = _bars(places[0, part, ...], places[1, part, ...], seen[part, ...], size, radius)
        drawn[part, ...] = bars
    return drawn


def _bars(begin: Any, end: Any, seen: Any, size: int, radius: float) -> Any:
    """(B, L, 2) pixels, (B, L) bool -> (B, L, size, size)."""
    xp = array_namespace(begin)
    along = end - begin + _DOT_PX
    length = xp.sqrt(xp.sum(along * along, axis=-1) + 1e-12)[..., None, None]
    ux, uy = (along[..., i, None, None] / length for i in range(2))
    pixel = xp.astype(xp.arange(size, device=device(begin)), begin.dtype) + 0.5
    middle = (begin + end) / 2
    dx = pixel[None, None, None, :] - middle[..., 0, None, None]  # (B, 15, 1, size)
    dy = pixel[None, None, :, None] - middle[..., 1, None, None]  # (B, 15, size, 1)
    # Sums of a row and a column: a product for each pixel would cost three times as much.
    beyond = xp.clip(xp.abs(dx * ux + dy * uy) - length / 2, _DOT_PX, None)
    aside = dx * uy - dy * ux
    distance = xp.sqrt(beyond * beyond + aside * aside)
    edge = (radius + 0.5) * xp.astype(seen, begin.dtype)  # a limb that is not seen has no width
    return xp.clip(edge[..., None, None] - distance, 0, 1)
