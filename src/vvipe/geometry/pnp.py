"""Placing a 3D pose in front of a camera so that it projects onto its 2D keypoints.

Perspective-n-point for bodies: two scaled-orthographic starts (a nearly flat body has two
solutions, mirrored in depth), Gauss-Newton on the reprojection error, the better one kept.
"""

from __future__ import annotations

import numpy as np

STEPS = 12


def place_in_camera(
    points: np.ndarray, rays: np.ndarray, mask: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Rotation and translation that bring points onto the rays through their keypoints.

    Args:
        points: (N, K, 3) body points, metres, any frame.
        rays: (N, K, 2) keypoints over the focal length, from the principal point (x right, y down).
        mask: (N, K) 1 where a keypoint is seen; values elsewhere are ignored.

    Returns:
        (N, 3, 3) rotations and (N, 3) translations: points in the camera's frame (OpenCV, metres)
        are rotation @ point + translation.
    """
    weight = (mask > 0).astype(np.float64)
    points, rays = points.astype(np.float64), np.where(weight[..., None] > 0, rays, 0.0)
    rotation, translation = _orthographic_start(points, rays, weight)
    solutions = [
        _refine(points, rays, weight, start, translation)
        for start in (rotation, _flipped(points, weight, rotation))
    ]
    errors = np.stack([_error(points, rays, weight, *s) for s in solutions])
    best = np.argmin(errors, 0)
    pick = np.arange(len(points))
    return (
        np.stack([s[0] for s in solutions])[best, pick],
        np.stack([s[1] for s in solutions])[best, pick],
    )


def _centred(values: np.ndarray, weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    total = np.maximum(weight.sum(1), 1)[:, None]
    mean = (values * weight[..., None]).sum(1) / total
    return (values - mean[:, None]) * weight[..., None], mean


def _orthographic_start(
    points: np.ndarray, rays: np.ndarray, weight: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    body, body_mean = _centred(points, weight)
    image, image_mean = _centred(rays, weight)
    # Ridge: where the body is flat, the direction across it is left to the cross product.
    gram = body.mT @ body
    ridge = 1e-3 * np.trace(gram, axis1=1, axis2=2)[:, None, None] * np.eye(3)
    affine = np.linalg.solve(gram + ridge + 1e-12 * np.eye(3), body.mT @ image).mT
    u, s, vt = np.linalg.svd(affine, full_matrices=False)
    rows = u @ vt
    rotation = np.concatenate([rows, np.cross(rows[:, :1], rows[:, 1:])], 1)
    depth = 1 / np.maximum(s.mean(1), 1e-6)
    centre = np.concatenate([image_mean * depth[:, None], depth[:, None]], 1)
    return rotation, centre - (rotation @ body_mean[..., None])[..., 0]


def _flipped(points: np.ndarray, weight: np.ndarray, rotation: np.ndarray) -> np.ndarray:
    """Rotation of the body's mirror image in depth: right for a flat body, a start for others."""
    body, _ = _centred(points, weight)
    axes = np.linalg.svd(body.mT @ body)[0]  # last column: the direction across the body
    reflect = np.eye(3) - 2 * axes[:, :, 2:] @ axes[:, :, 2:].mT
    mirror = np.diag([1.0, 1.0, -1.0])
    return mirror @ rotation @ reflect


def _nearest_rotation(matrix: np.ndarray) -> np.ndarray:
    u, _, vt = np.linalg.svd(matrix)
    sign = np.linalg.det(u @ vt)
    u[..., 2] *= sign[:, None]
    return u @ vt


def _refine(
    points: np.ndarray,
    rays: np.ndarray,
    weight: np.ndarray,
    rotation: np.ndarray,
    translation: np.ndarray,
) -> tuple[np.ndarray, np.ndarray]:
    for _ in range(STEPS):
        turned = points @ rotation.mT
        x, y, z = np.moveaxis(turned + translation[:, None], -1, 0)
        z = np.maximum(z, 0.2)
        error = (np.stack([x / z, y / z], -1) - rays) * weight[..., None]
        # Rows of d(x/z, y/z)/d(position), chained with d(position)/d(turn, shift).
        zero = np.zeros_like(z)
        by_position = np.stack(
            [np.stack([1 / z, zero, -x / z**2], -1), np.stack([zero, 1 / z, -y / z**2], -1)], -2
        )
        by_turn = by_position @ -_skew(turned)
        jacobian = np.concatenate([by_turn, by_position], -1) * weight[..., None, None]
        jacobian = jacobian.reshape(len(points), -1, 6)
        normal = jacobian.mT @ jacobian
        damping = 1e-4 * np.trace(normal, axis1=1, axis2=2)[:, None, None] / 6 + 1e-12
        step = np.linalg.solve(
            normal + damping * np.eye(6), -(jacobian.mT @ error.reshape(len(points), -1, 1))
        )[..., 0]
        rotation = _nearest_rotation(
            (np.eye(3) + _skew(np.clip(step[:, :3], -0.5, 0.5))) @ rotation
        )
        translation = translation + step[:, 3:]
    return rotation, translation


def _error(
    points: np.ndarray,
    rays: np.ndarray,
    weight: np.ndarray,
    rotation: np.ndarray,
    translation: np.ndarray,
) -> np.ndarray:
    placed = points @ rotation.mT + translation[:, None]
    behind = (placed[..., 2] < 0.2).any(1)
    image = placed[..., :2] / np.maximum(placed[..., 2:], 0.2)
    return (((image - rays) ** 2).sum(-1) * weight).sum(1) + 1e3 * behind


def _skew(vectors: np.ndarray) -> np.ndarray:
    x, y, z = np.moveaxis(vectors, -1, 0)
    zero = np.zeros_like(x)
    return np.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1).reshape(*x.shape, 3, 3)
