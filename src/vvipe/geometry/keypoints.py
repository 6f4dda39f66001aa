"""Normalised 2D keypoints: what a model sees, the same in training and in use."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace

from vvipe.skeletons import get_skeleton

KEYPOINTS = get_skeleton("coco13")  # the 13 joints that every detector has
COLUMNS = get_skeleton("h36m17").indices(*KEYPOINTS.joints)  # where they stand in a pose
SHOULDERS, HIPS = ("left_shoulder", "right_shoulder"), ("left_hip", "right_hip")
MIN_VISIBLE = 4  # with fewer joints there is no pose to speak of


def view_frame(keypoints: Any, mask: Any, rule: str) -> tuple[Any, Any]:
    """Where a rule puts the origin of a view, and how large it takes the pose to be.

    Args:
        keypoints: (..., 13, 2) coco13 pixels; values where `mask` is 0 are ignored and may be NaN.
        mask: (..., 13) 1.0 or True where a joint is seen.
        rule: Of `NORMALISERS`.

    Returns:
        (..., 1, 2) origin and (..., 1, 1) size, pixels. Where a joint that the rule needs is not
        seen, those of the rule `rms`.
    """
    xp = array_namespace(keypoints)
    centre, square = _centroid_square(keypoints, mask)
    size = xp.sqrt(xp.clip(square, 1e-12, None))
    if rule == "rms":
        return centre, size
    needed, frame = _FRAMES[rule]
    seen = xp.astype(mask, xp.bool)[..., KEYPOINTS.indices(*needed)]
    whole = xp.all(seen, axis=-1)[..., None, None]
    # Not NaN where it is not whole: gradients would be, whatever is taken in the end.
    own_centre, square = frame(xp, xp.where(whole, keypoints, xp.zeros_like(keypoints)))
    own_size = xp.sqrt(xp.clip(square, 1e-18, None))
    return xp.where(whole, own_centre, centre), xp.where(whole, own_size, size)


def centred_square(keypoints: Any, mask: Any) -> tuple[Any, Any]:
    """Keypoints about the centroid of the visible joints, and their mean squared distance from it.

    The root of the latter is the RMS size of a pose, the unit of noise. Arguments as for
    `normalise_rms`.

    Returns:
        (..., 13, 2), 0 where a joint is not seen; (..., 1, 1), 0 where none is.
    """
    centre, square = _centroid_square(keypoints, mask)
    return _about(keypoints, mask, centre), square


def normalise_rms(keypoints: Any, mask: Any) -> Any:
    """Centroid of the visible joints to the origin, their RMS distance from it to 1.

    Args:
        keypoints: (..., 13, 2) coco13 pixels; values where `mask` is 0 are ignored and may be NaN.
        mask: (..., 13) 1.0 or True where a joint is seen.

    Returns:
        (..., 13, 2), 0 where a joint is not seen.
    """
    return _normalised(keypoints, mask, "rms")


def normalise_torso(keypoints: Any, mask: Any) -> Any:
    """PR-VIPE's rule: mid-hip to the origin, twice the largest torso distance to 1.

    The scale is the largest of the six distances among shoulders and hips. Shapes as in
    `normalise_rms`; needs shoulders and hips: where one is not seen, the RMS rule is used.
    """
    return _normalised(keypoints, mask, "torso")


def normalise_head(keypoints: Any, mask: Any) -> Any:
    """The VAE-GAN lifter's rule: mid-hip to the origin, its distance from the head to 1.

    The nose stands for the head, which few detectors tell (Budaraju, §3.3). Shapes as in
    `normalise_rms`; needs nose and hips: where one is not seen, the RMS rule is used.
    """
    return _normalised(keypoints, mask, "head")


def _normalised(keypoints: Any, mask: Any, rule: str) -> Any:
    centre, size = view_frame(keypoints, mask, rule)
    return _about(keypoints, mask, centre) / size


def _about(keypoints: Any, mask: Any, centre: Any) -> Any:
    xp = array_namespace(keypoints)
    seen = xp.astype(mask, keypoints.dtype)[..., None]
    return (xp.where(seen > 0, keypoints, xp.zeros_like(keypoints)) - centre) * seen


def _centroid_square(keypoints: Any, mask: Any) -> tuple[Any, Any]:
    xp = array_namespace(keypoints)
    seen = xp.astype(mask, keypoints.dtype)[..., None]
    xy = xp.where(seen > 0, keypoints, xp.zeros_like(keypoints))
    count = xp.clip(xp.sum(seen, axis=-2, keepdims=True), 1, None)
    centre = xp.sum(xy, axis=-2, keepdims=True) / count
    xy = (xy - centre) * seen
    return centre, xp.sum(xy * xy, axis=(-2, -1), keepdims=True) / count


def _torso_frame(xp: Any, keypoints: Any) -> tuple[Any, Any]:
    corners = [keypoints[..., KEYPOINTS.index(j), None, :] for j in (*SHOULDERS, *HIPS)]
    pairs = [(a, b) for i, a in enumerate(corners) for b in corners[i + 1 :]]
    squares = xp.stack([xp.sum((a - b) ** 2, axis=-1, keepdims=True) for a, b in pairs], axis=-1)
    return (corners[2] + corners[3]) / 2, 4 * xp.max(squares, axis=-1)


def _head_frame(xp: Any, keypoints: Any) -> tuple[Any, Any]:
    left, right, nose = (keypoints[..., KEYPOINTS.index(j), None, :] for j in (*HIPS, "nose"))
    middle = (left + right) / 2
    return middle, xp.sum((nose - middle) ** 2, axis=-1, keepdims=True)


_FRAMES = {  # joints that it needs; origin and squared size
    "torso": ((*SHOULDERS, *HIPS), _torso_frame),
    "head": ((*HIPS, "nose"), _head_frame),
}
NORMALISERS = {"rms": normalise_rms, "torso": normalise_torso, "head": normalise_head}
