"""Procrustes alignment: the best similarity from one set of points to another, no reflection."""

from __future__ import annotations

from typing import Any

from array_api_compat import array_namespace


def procrustes_rotation(source: Any, target: Any) -> tuple[Any, Any]:
    """Rotation and scale that best take centred points onto others (Umeyama 1991).

    Args:
        source: (..., J, 3) with zero mean; `target` likewise. Numpy or torch.

    Returns:
        (..., 3, 3) proper rotation and (...) scale, target ≈ scale · rotation @ source.
    """
    xp = array_namespace(source, target)
    u, s, vt = xp.linalg.svd(xp.matrix_transpose(target) @ source)
    sign = xp.sign(xp.linalg.det(u @ vt))  # -1 where the best fit would be a mirror image
    s = xp.stack([s[..., 0], s[..., 1], s[..., 2] * sign], axis=-1)
    u = xp.stack([u[..., 0], u[..., 1], u[..., 2] * sign[..., None]], axis=-1)
    spread = xp.sum(source * source, axis=(-2, -1))
    return u @ vt, xp.sum(s, axis=-1) / xp.clip(spread, 1e-12, None)


def procrustes_align(source: Any, target: Any) -> Any:
    """`source` moved, turned and scaled onto `target`, both (..., J, 3); no reflection."""
    xp = array_namespace(source, target)
    centre = xp.mean(target, axis=-2, keepdims=True)
    moved = source - xp.mean(source, axis=-2, keepdims=True)
    rotation, scale = procrustes_rotation(moved, target - centre)
    return scale[..., None, None] * (moved @ xp.matrix_transpose(rotation)) + centre


def mean_distance(a: Any, b: Any) -> Any:
    """(...) mean distance between corresponding joints of (..., J, 3): MPJPE."""
    xp = array_namespace(a, b)
    return xp.mean(xp.sqrt(xp.sum((a - b) ** 2, axis=-1)), axis=-1)
