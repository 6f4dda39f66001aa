"""What a 2D detector makes of true keypoints: the noise model, batched, numpy or torch.

The error of joint j of a pose, in units of the pose's RMS size (that of `normalise_rms`):

    e_j = exp(level z + limb_level z_limb) s_j (sqrt(shared) u_limb + sqrt(1 - shared) u_j)

with z and u standard normal and s_j the joint's `wide` spread with chance `wide_chance`, else its
`spread`. Arms, legs or both are given to the wrong side, and joints are missed, each by its chance.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace, device

from vvipe.detectors.noise import LIMBS, PARTS, DetectorNoise
from vvipe.geometry.keypoints import KEYPOINTS, centred_square

_LIMB_OF = [next(i for i, m in enumerate(LIMBS.values()) if j in m) for j in KEYPOINTS.joints]
_OF_PART = {part: [i in PARTS[part] for i in range(len(KEYPOINTS))] for part in PARTS}


@dataclass(frozen=True)
class Draws:
    """Standard normal numbers, all that is random about detections of (...) poses.

    Attributes:
        pose: (..., 4) level; swap of arms, of legs, of both.
        limb: (..., 7, 3) level; shared error x, y; limbs as in `LIMBS`.
        joint: (..., 13, 5) own error x, y; wide; missed; confidence.
    """

    pose: Any
    limb: Any
    joint: Any


def draw(normal: Callable[[tuple[int, ...]], Any], shape: tuple[int, ...]) -> Draws:
    """Draws for poses of this shape.

    Args:
        normal: Gives standard normal numbers of a shape: `rng.standard_normal`, `torch.randn`.
        shape: Leading dimensions of the keypoints.
    """
    limb, joint = (len(LIMBS), 3), (len(KEYPOINTS), 5)
    return Draws(normal((*shape, 4)), normal((*shape, *limb)), normal((*shape, *joint)))


def detected(keypoints: Any, mask: Any, draws: Draws, noise: DetectorNoise) -> tuple[Any, Any, Any]:
    """Keypoints as a detector would report them; each pose depends on its own draws alone.

    Args:
        keypoints: (..., 13, 2) true coco13 pixels; NaN, or `mask` 0, where there is no joint.
        mask: (..., 13) 1.0 or True where there is one.
        draws: From `draw`, of the same library and type as the keypoints.
        noise: The detector's.

    Returns:
        Keypoints (..., 13, 2), NaN where not seen; mask (..., 13) of the type of `mask`; and
        confidence (..., 13) in 0..1, 0 where not seen.
    """
    xp = array_namespace(keypoints)
    seen = xp.astype(mask, xp.bool) & xp.all(xp.isfinite(keypoints), axis=-1)
    error = errors_of(draws, noise)
    xy = xp.where(seen[..., None], keypoints, xp.zeros_like(keypoints))
    xy = xy + error * xp.sqrt(centred_square(xy, seen)[1])
    seen = seen & ~_below(xp, draws.joint[..., 3], noise.thresholds("miss"))
    xy, seen = _swapped(xp, xy, seen, draws, noise)
    size = xp.sqrt(xp.sum(error * error, axis=-1))
    doubt = xp.log(size + noise.confidence.offset) * noise.confidence.slope
    logit = noise.confidence.level + doubt + noise.confidence.spread * draws.joint[..., 4]
    confidence = 1 / (1 + xp.exp(-logit))
    return (
        xp.where(seen[..., None], xy, xp.full_like(xy, float("nan"))),
        xp.astype(seen, mask.dtype),
        xp.where(seen, confidence, xp.zeros_like(confidence)),
    )


def errors_of(draws: Draws, noise: DetectorNoise) -> Any:
    """(..., 13, 2) errors in units of the pose's RMS size."""
    xp = array_namespace(draws.joint)
    limb, joint = draws.limb[..., _LIMB_OF, :], draws.joint
    shared, narrow, wide = (
        _like(xp, noise.by_joint(field), joint) for field in ("shared", "spread", "wide")
    )
    shared = shared[:, None]
    is_wide = _below(xp, joint[..., 2], noise.thresholds("wide_chance"))
    level = noise.level * draws.pose[..., None, 0] + noise.limb_level * limb[..., 0]
    size = xp.exp(level) * xp.where(is_wide, wide, narrow)
    return size[..., None] * (shared**0.5 * limb[..., 1:] + (1 - shared) ** 0.5 * joint[..., :2])


def _swapped(xp: Any, xy: Any, seen: Any, draws: Draws, noise: DetectorNoise) -> tuple[Any, Any]:
    mirror = [int(i) for i in KEYPOINTS.mirror]
    both = draws.pose[..., 3] < noise.swap_threshold("both")
    for number, part in enumerate(PARTS, start=1):
        swap = (draws.pose[..., number] < noise.swap_threshold(part)) | both
        swap = swap[..., None] & xp.asarray(_OF_PART[part], device=device(xy))
        xy = xp.where(swap[..., None], xy[..., mirror, :], xy)
        seen = xp.where(swap, seen[..., mirror], seen)
    return xy, seen


def _below(xp: Any, draws: Any, thresholds: list[float]) -> Any:
    return draws < _like(xp, thresholds, draws)


def _like(xp: Any, values: list[float], array: Any) -> Any:
    return xp.asarray(values, dtype=array.dtype, device=device(array))
