"""Points in space from several calibrated cameras; numpy only."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from vvipe.geometry.brown_camera import BrownCamera


def triangulate(
    cameras: Sequence[BrownCamera], pixels: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Weighted linear triangulation.

    Args:
        cameras: C cameras.
        pixels: (C, ..., 2), NaN = not seen.
        weights: (C, ...), 0 leaves a view out.

    Returns:
        (..., 3) metres, world; NaN where fewer than two views have weight.
    """
    weights = np.where(np.isfinite(pixels[..., 0]), weights, 0.0)
    normal, right = np.zeros((*weights.shape[1:], 3, 3)), np.zeros((*weights.shape[1:], 3))
    for camera, seen, weight in zip(cameras, pixels, weights, strict=True):
        # x = X/Z: (r_x - x r_z) (P - C) = 0, likewise y; two planes through the camera's centre.
        plane = camera.to_plane(np.nan_to_num(seen))
        rows = camera.rotation[:2] - plane[..., None] * camera.rotation[2]
        square = weight[..., None, None] * (np.swapaxes(rows, -1, -2) @ rows)
        normal += square
        right += square @ camera.centre
    solvable = (weights > 0).sum(0) >= 2
    normal = np.where(solvable[..., None, None], normal, np.eye(3))
    points = np.linalg.solve(normal, right[..., None])[..., 0]
    return np.where(solvable[..., None], points, np.nan)


def triangulate_robust(
    cameras: Sequence[BrownCamera], pixels: np.ndarray, within_px: np.ndarray | float
) -> tuple[np.ndarray, np.ndarray]:
    """Triangulates from the views that agree: the pair of cameras with which most do decides.

    Of pairs with equally many, the one with the least sum of errors among those that agree.

    Args:
        cameras: C cameras.
        pixels: (C, ..., 2), NaN = not seen.
        within_px: Reprojection error up to which a view agrees; a number or (C, ...).

    Returns:
        (..., 3) metres, world, and the views used (C, ...) bool; NaN where no pair exists.
    """
    best = np.full(pixels.shape[1:-1], -np.inf)
    used = np.zeros(pixels.shape[:-1], bool)
    for pair in combinations(range(len(cameras)), 2):
        weights = np.zeros(pixels.shape[:-1])
        weights[list(pair)] = 1.0
        points = triangulate(cameras, pixels, weights)
        errors = reprojection_errors(cameras, points, pixels)
        agrees = errors <= within_px
        cost = np.where(agrees, errors / within_px, 0.0).sum(0)
        score = agrees.sum(0) - cost / (len(cameras) + 1)
        score = np.where(np.isfinite(points[..., 0]), score, -np.inf)
        used = np.where(score > best, agrees, used)
        best = np.maximum(best, score)
    return triangulate(cameras, pixels, used.astype(float)), used


def reprojection_errors(
    cameras: Sequence[BrownCamera], points: np.ndarray, pixels: np.ndarray
) -> np.ndarray:
    """(C, ...) pixels between (..., 3) points as the cameras see them and (C, ..., 2) pixels."""
    seen = np.stack([camera.project(points) for camera in cameras])
    return np.linalg.norm(seen - pixels, axis=-1)
