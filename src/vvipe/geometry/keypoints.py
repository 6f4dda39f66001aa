"""Normalised 2D keypoints: what a model sees, the same in training and in use."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from vvipe.skeletons import get_skeleton

KEYPOINTS = get_skeleton("coco13")  # the 13 joints that every detector has
MIN_VISIBLE = 4  # with fewer joints there is no pose to speak of


def normalise_rms(keypoints: Any, mask: Any) -> Any:
    """Centroid of the visible joints to the origin, their RMS distance from it to 1.

    Args:
        keypoints: (..., 13, 2) coco13 pixels; values where `mask` is 0 are ignored and may be NaN.
        mask: (..., 13) 1.0 or True where a joint is seen.

    Returns:
        (..., 13, 2), 0 where a joint is not seen.
    """
    xp = array_namespace(keypoints)
    xy, mean_square = centred_square(keypoints, mask)
    return xy / xp.sqrt(xp.clip(mean_square, 1e-12, None))


def centred_square(keypoints: Any, mask: Any) -> tuple[Any, Any]:
    """Keypoints about the centroid of the visible joints, and their mean squared distance from it.

    The root of the latter is the RMS size of a pose, the unit of noise. Arguments as for
    `normalise_rms`.

    Returns:
        (..., 13, 2), 0 where a joint is not seen; (..., 1, 1), 0 where none is.
    """
    xp = array_namespace(keypoints)
    seen = xp.astype(mask, keypoints.dtype)[..., None]
    xy = xp.where(seen > 0, keypoints, xp.zeros_like(keypoints))
    count = xp.clip(xp.sum(seen, axis=-2, keepdims=True), 1, None)
    xy = (xy - xp.sum(xy, axis=-2, keepdims=True) / count) * seen
    return xy, xp.sum(xy * xy, axis=(-2, -1), keepdims=True) / count


def normalise_torso(keypoints: Any, mask: Any) -> Any:
    """PR-VIPE's rule: mid-hip to the origin, twice the largest torso distance to 1.

    The scale is the largest of the six distances among shoulders and hips. Shapes as in
    `normalise_rms`; needs shoulders and hips: where one is not seen, the RMS rule is used.
    """
    xp = array_namespace(keypoints)
    seen = xp.astype(mask, xp.bool)[..., None]
    keypoints = xp.where(seen, keypoints, xp.full_like(keypoints, float("nan")))
    corners = [
        keypoints[..., KEYPOINTS.index(j), :]
        for j in ("left_shoulder", "right_shoulder", "left_hip", "right_hip")
    ]
    centre = (corners[2] + corners[3]) / 2
    pairs = [(a, b) for i, a in enumerate(corners) for b in corners[i + 1 :]]
    squares = xp.stack([xp.sum((a - b) ** 2, axis=-1) for a, b in pairs], axis=-1)
    scale = 2 * xp.sqrt(xp.max(squares, axis=-1))
    xy = (keypoints - centre[..., None, :]) / xp.clip(scale, 1e-9, None)[..., None, None]
    whole = xp.isfinite(scale)[..., None, None]
    xy = xp.where(whole, xy, normalise_rms(keypoints, mask))
    return xp.where(seen, xy, xp.zeros_like(xy))


NORMALISERS = {"rms": normalise_rms, "torso": normalise_torso}
