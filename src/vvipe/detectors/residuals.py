"""Errors of real detections against their own course in time; numpy only.

Errors are in units of the pose's RMS size, without what all joints of a pose share: a pose is
centred before a model sees it, and so a person who walks or a camera that is off add nothing.
"""

from __future__ import annotations

import warnings

import numpy as np

from vvipe.detectors.noise import PARTS
from vvipe.geometry.keypoints import KEYPOINTS, centred_square

_REACH = 3  # frames before and after
AGREE = 0.12  # of the pose's size


def rms_size(keypoints: np.ndarray) -> np.ndarray:
    """(...) RMS distance of (..., J, 2) keypoints from their centroid, NaN left out."""
    seen = np.isfinite(keypoints).all(-1)
    square = centred_square(keypoints, seen)[1][..., 0, 0]
    return np.sqrt(np.where(seen.any(-1), square, np.nan))


def temporal_errors(keypoints: np.ndarray) -> np.ndarray:
    """Distance of each joint from a parabola through the three frames before and after.

    The frame itself is left out of the fit, and the variance of the fit is taken off.

    Args:
        keypoints: (N, 13, 2) pixels of consecutive frames, NaN = not seen.

    Returns:
        (N, 13, 2); NaN where one of the seven frames does not show the joint.
    """
    errors = np.full(keypoints.shape, np.nan)
    inner = slice(_REACH, len(keypoints) - _REACH)
    off = keypoints[inner] - _expected(keypoints)
    errors[inner] = off / np.sqrt(1 + (_parabola() ** 2).sum())
    return centred(errors / rms_size(keypoints)[:, None, None])


def temporal_swaps(keypoints: np.ndarray) -> dict[str, np.ndarray]:
    """Frames in which arms or legs follow their course only if left and right are exchanged.

    Returns:
        Part -> (N,) bool. A swap is seen by its first and last frames alone.
    """
    inner = slice(_REACH, len(keypoints) - _REACH)
    swapped = {part: np.zeros(len(keypoints), bool) for part in PARTS}
    size = rms_size(keypoints[inner])[:, None]
    straight, crossed = (
        np.linalg.norm(k[inner] - _expected(keypoints), axis=-1) / size
        for k in (keypoints, keypoints[:, KEYPOINTS.mirror])
    )
    for part, columns in PARTS.items():
        swapped[part][inner] = is_swap(straight[:, columns], crossed[:, columns])
    return swapped


def centred(errors: np.ndarray) -> np.ndarray:
    """(..., 13, 2) errors without what the joints of a pose share.

    That is the mean of the middle half on each axis: one joint far off does not move it, and no
    joint's error becomes exactly 0, as the median's would.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        low, high = np.nanpercentile(errors, [25, 75], axis=-2, keepdims=True)
        middle = np.where((errors >= low) & (errors <= high), errors, np.nan)
        return errors - np.nanmean(middle, axis=-2, keepdims=True)


def is_swap(straight: np.ndarray, crossed: np.ndarray) -> np.ndarray:
    """Far off as it is, and less than half as far with the sides exchanged."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        as_is, other = np.nanmean(straight, axis=-1), np.nanmean(crossed, axis=-1)
    return (as_is > AGREE) & (other < 0.5 * as_is)


def _parabola() -> np.ndarray:
    """(6,) weights of the frames around one that give a parabola's value there."""
    steps = np.array([s for s in range(-_REACH, _REACH + 1) if s])
    return np.linalg.pinv(np.stack([steps**0, steps, steps**2], axis=-1).astype(float))[0]


def _expected(keypoints: np.ndarray) -> np.ndarray:
    steps = [s for s in range(-_REACH, _REACH + 1) if s]
    inner = range(_REACH, len(keypoints) - _REACH)
    around = np.stack([keypoints[[t + s for t in inner]] for s in steps], axis=-1)
    return around @ _parabola()
