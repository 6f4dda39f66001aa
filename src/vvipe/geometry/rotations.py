"""Rotations made from Euler angles or directions, and the other way round."""

from __future__ import annotations

import numpy as np

_CYCLE = {"X": (1, 2), "Y": (2, 0), "Z": (0, 1)}


def euler_to_rotmat(angles_rad: np.ndarray, axes: str) -> np.ndarray:
    """Intrinsic Euler angles to rotation matrices, R = R_axes[0] @ R_axes[1] @ ...

    Args:
        angles_rad: (..., len(axes)) angles, in the order of `axes`.
        axes: Any number of `X`, `Y`, `Z`, such as `ZYX`; none gives the identity.

    Returns:
        (..., 3, 3) matrices that act on column vectors.
    """
    if angles_rad.shape[-1] != len(axes):
        raise ValueError(f"{len(axes)} angles wanted for {axes!r}, got {angles_rad.shape}")
    # A product with an axis' rotation only mixes two columns, which is cheaper than a matmul.
    cos, sin = np.cos(angles_rad), np.sin(angles_rad)
    rotmat = np.broadcast_to(np.eye(3, dtype=cos.dtype), (*cos.shape[:-1], 3, 3)).copy()
    for k, axis in enumerate(axes):
        i, j = _CYCLE[axis]
        c, s = cos[..., k, None], sin[..., k, None]
        a, b = rotmat[..., i].copy(), rotmat[..., j].copy()
        rotmat[..., i] = c * a + s * b
        rotmat[..., j] = c * b - s * a
    return rotmat


def rotmat_to_euler(rotmat: np.ndarray, axes: str) -> np.ndarray:
    """Angles that `euler_to_rotmat` makes the same rotations of, exact in gimbal lock too.

    Args:
        rotmat: (..., 3, 3).
        axes: Three different ones, such as `ZXY`.

    Returns:
        (..., 3) radians, the second between -π/2 and π/2.
    """
    i, j, k = ("XYZ".index(a) for a in axes)
    sign = 1.0 if _CYCLE[axes[0]] == (j, k) else -1.0
    first = np.arctan2(-sign * rotmat[..., j, k], rotmat[..., k, k])
    rest = np.swapaxes(euler_to_rotmat(first[..., None], axes[0]), -1, -2) @ rotmat
    second = np.arctan2(sign * rest[..., i, k], rest[..., k, k])
    third = np.arctan2(sign * rest[..., j, i], rest[..., j, j])
    return np.stack([first, second, third], axis=-1)


def rotmat_between(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    """The rotations by the smallest angle that take unit vectors onto others.

    Args:
        a: (..., 3) unit vectors, and `b` likewise; where they are opposite, any half turn will do.

    Returns:
        (..., 3, 3).
    """
    a, b = np.broadcast_arrays(a, b)
    cos = (a * b).sum(-1)
    cross = cross_matrix(np.cross(a, b))
    turn = np.eye(3) + cross + cross @ cross / np.maximum(1 + cos, 1e-12)[..., None, None]
    opposite = cos < -1 + 1e-10
    if opposite.any():
        side = np.cross(a[opposite], np.eye(3)[np.abs(a[opposite]).argmin(-1)])
        side /= np.linalg.norm(side, axis=-1, keepdims=True)
        turn[opposite] = 2 * side[..., :, None] * side[..., None, :] - np.eye(3)
    return turn


def rotmat_about(axis: np.ndarray, angles_rad: np.ndarray) -> np.ndarray:
    """(..., 3, 3) rotations by (...) angles about one unit vector (3,)."""
    cross = cross_matrix(axis)
    sin, cos = np.sin(angles_rad)[..., None, None], np.cos(angles_rad)[..., None, None]
    return np.eye(3) + sin * cross + (1 - cos) * (cross @ cross)


def cross_matrix(vectors: np.ndarray) -> np.ndarray:
    """(..., 3, 3) matrices M of (..., 3) vectors v with M @ w = v × w."""
    x, y, z = np.moveaxis(vectors, -1, 0)
    zero = np.zeros_like(x)
    rows = (zero, -z, y), (z, zero, -x), (-y, x, zero)
    return np.stack([np.stack(row, -1) for row in rows], -2)


def rotation_angle(rotmat: np.ndarray) -> np.ndarray:
    """(...) angles of (..., 3, 3) rotations, 0 to π; exact for small ones too."""
    x, y, z = rotmat[..., 2, 1], rotmat[..., 0, 2], rotmat[..., 1, 0]
    twice_sin = np.sqrt(
        (x - rotmat[..., 1, 2]) ** 2 + (y - rotmat[..., 2, 0]) ** 2 + (z - rotmat[..., 0, 1]) ** 2
    )
    return np.arctan2(twice_sin, np.trace(rotmat, axis1=-2, axis2=-1) - 1)
