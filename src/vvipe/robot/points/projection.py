"""Where points of the world fall in a MuJoCo camera's image, by mathematics alone."""

from __future__ import annotations

import numpy as np
from numpy.typing import ArrayLike

BEHIND_M = 1e-6  # what is no further in front of the camera has no pixel


def focal_px(fovy: ArrayLike, h: int) -> np.ndarray:
    """Focal length in pixels of a vertical field of view in degrees, pixels being square."""
    return h / 2 / np.tan(np.radians(np.asarray(fovy, np.float64)) / 2)


def project(
    points_world: ArrayLike,
    cam_pos: ArrayLike,
    cam_mat: ArrayLike,
    fovy: ArrayLike,
    w: int,
    h: int,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Pixels and depths of points.

    The corner of the image is (0, 0) and the middle of its first pixel (0.5, 0.5), so that the
    pixel that shows a point is the floor of (u, v).

    Args:
        points_world: (..., 3) metres.
        cam_pos: (3,) metres, world, or any shape that broadcasts with the points.
        cam_mat: (3, 3) or (9,), MuJoCo's: columns are the camera's x right, y up, z backward in the
            world; or (..., 3, 3) that broadcasts with the points.
        fovy: Vertical field of view in degrees; a number or (...).
        w: Pixels across, `h` pixels down.

    Returns:
        (...) u to the right, (...) v down, NaN behind the camera; and (...) depth along the optical
        axis in metres, negative behind.
    """
    apart = np.asarray(points_world, np.float64) - np.asarray(cam_pos, np.float64)
    x, y, z = np.moveaxis(np.einsum("...ji,...j->...i", _matrix(cam_mat), apart), -1, 0)
    depth = -z
    scale = focal_px(fovy, h) / np.where(depth > BEHIND_M, depth, np.nan)
    return w / 2 + scale * x, h / 2 - scale * y, depth


def unproject(
    u: ArrayLike,
    v: ArrayLike,
    depth: ArrayLike,
    cam_pos: ArrayLike,
    cam_mat: ArrayLike,
    fovy: ArrayLike,
    w: int,
    h: int,
) -> np.ndarray:
    """(..., 3) points of the world, metres: the inverse of `project`, with its conventions."""
    depth = np.asarray(depth, np.float64)
    scale = depth / focal_px(fovy, h)
    x, y = (np.asarray(u) - w / 2) * scale, (h / 2 - np.asarray(v)) * scale
    in_camera = np.stack(np.broadcast_arrays(x, y, -depth), -1)
    turned = np.einsum("...ij,...j->...i", _matrix(cam_mat), in_camera)
    return turned + np.asarray(cam_pos, np.float64)


def _matrix(cam_mat: ArrayLike) -> np.ndarray:
    matrix = np.asarray(cam_mat, np.float64)
    return matrix.reshape(3, 3) if matrix.shape == (9,) else matrix
