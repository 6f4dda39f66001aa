"""Rotations made from Euler angles."""

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
