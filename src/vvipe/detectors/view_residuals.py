"""Errors of real detections against what other cameras say; numpy only."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from vvipe.detectors.noise import PARTS
from vvipe.detectors.residuals import AGREE, centred, is_swap, rms_size
from vvipe.geometry.brown_camera import BrownCamera
from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.geometry.triangulation import reprojection_errors, triangulate_robust

_BIAS_ROUNDS = 3
_STEP_M = 1e-3


def view_errors(
    cameras: Sequence[BrownCamera], keypoints: np.ndarray
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Errors of each view against what the other views say, and its swaps of sides.

    Args:
        cameras: C cameras, at least three.
        keypoints: (C, N, 13, 2) pixels, NaN = not seen.

    Returns:
        (C, N, 13, 2) errors with sides put right, the variance that the triangulation adds taken
        off; and part -> (C, N) bool, whether its sides are swapped.
    """
    size = rms_size(keypoints)[..., None]
    keypoints, swaps = sides_right(cameras, keypoints, size)
    bias = np.zeros((len(cameras), 1, 1, 2))
    errors = np.full(keypoints.shape, np.nan)
    for _ in range(_BIAS_ROUNDS):  # takes off what a calibration is off by
        errors = _left_out(cameras, keypoints - bias, size)
        bias = bias + np.nanmedian(errors, axis=(1, 2), keepdims=True) * np.nanmedian(size)
    return centred(errors), swaps


def _left_out(
    cameras: Sequence[BrownCamera], keypoints: np.ndarray, size: np.ndarray
) -> np.ndarray:
    errors = np.full(keypoints.shape, np.nan)
    for i, camera in enumerate(cameras):
        others = [j for j in range(len(cameras)) if j != i]
        rest = [cameras[j] for j in others]
        points, used = triangulate_robust(rest, keypoints[others], AGREE * size[others])
        added = _added_variance(camera, rest, points, used)
        off = keypoints[i] - camera.project(points)
        errors[i] = off / np.sqrt(1 + added)[..., None] / size[i][..., None]
    return errors


def sides_right(
    cameras: Sequence[BrownCamera], keypoints: np.ndarray, size: np.ndarray
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Keypoints with arms and legs that a view has on the wrong sides put right.

    Args:
        cameras: C cameras, at least three.
        keypoints: (C, N, 13, 2) pixels.
        size: (C, N, 1) pixels, of the person.

    Returns:
        The keypoints, and part -> (C, N) bool, whether its sides were swapped.
    """
    points, _ = triangulate_robust(cameras, keypoints, AGREE * size)
    crossed = keypoints[:, :, KEYPOINTS.mirror]
    as_is, other = (reprojection_errors(cameras, points, k) / size for k in (keypoints, crossed))
    out, swaps = keypoints.copy(), {}
    for part, columns in PARTS.items():
        swaps[part] = is_swap(as_is[..., columns], other[..., columns])
        put = np.where(swaps[part][..., None, None], crossed[..., columns, :], out[..., columns, :])
        out[..., columns, :] = put
    return out, swaps


def _added_variance(
    camera: BrownCamera,
    others: Sequence[BrownCamera],
    points: np.ndarray,
    used: np.ndarray,
) -> np.ndarray:
    """(...) variance of (..., 3) points as seen by a camera, per variance of the others' views."""
    information = np.zeros((*points.shape, 3))
    for other, weight in zip(others, used, strict=True):
        rows = _derivatives(other, points)
        information += weight[..., None, None] * (np.swapaxes(rows, -1, -2) @ rows)
    known = np.isfinite(information).all((-2, -1)) & (used.sum(0) >= 2)
    information = np.where(known[..., None, None], information, np.eye(3))
    rows = _derivatives(camera, points)
    added = np.trace(
        rows @ np.linalg.solve(information, np.swapaxes(rows, -1, -2)), axis1=-2, axis2=-1
    )
    return np.where(known, added / 2, np.nan)


def _derivatives(camera: BrownCamera, points: np.ndarray) -> np.ndarray:
    """(..., 2, 3) pixels per metre."""
    steps = _STEP_M * np.eye(3)
    moved = [camera.project(points + s) - camera.project(points - s) for s in steps]
    return np.stack(moved, axis=-1) / (2 * _STEP_M)
