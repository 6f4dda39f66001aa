"""One pose laid over many others at once: the closed form behind the matching metric.

Rotations come from Markley's FOAM ("Attitude determination using vector observations: a fast
optimal matrix algorithm", 1993): the largest root of a quartic by Newton's method and one matrix
polynomial, some thirty times faster than a singular value decomposition a pair.
"""

from __future__ import annotations

import numpy as np

_ITERATIONS = 30
_DEGENERATE = 1e-4  # below this the closed form loses digits and the decomposition takes over


def superposed_distance(query: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Mean joint distance from a pose to each of many, Procrustes-aligned onto it.

    Args:
        query: (J, 3) with zero mean.
        found: (J, 3, N) float32 or float64, each with zero mean; last axis contiguous.

    Returns:
        (N,) in the unit of `query`, NaN where a pose has NaN.
    """
    joints, _, count = found.shape
    profile = (query.T @ found.reshape(joints, -1)).reshape(3, 3, count).astype(np.float64)
    rotation, gain = optimal_rotation(profile)
    spread = np.maximum((found * found).sum((0, 1)), 1e-12)
    turned = query @ rotation.astype(found.dtype).reshape(3, -1)  # the query, in each one's frame
    gap = turned.reshape(found.shape) - (gain / spread).astype(found.dtype) * found
    return np.sqrt(np.square(gap, out=gap).sum(1)).mean(0)


def optimal_rotation(profile: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Proper rotation R that maximises trace(R.T @ profile), for many at once.

    Args:
        profile: (3, 3, N) float64, the sum over joints of target ⊗ source.

    Returns:
        (3, 3, N) rotations from source to target, never a reflection; and the maximum, (N,).
    """
    norm = np.sqrt((profile * profile).sum((0, 1)))
    b = profile / np.where(norm > 0, norm, 1)
    cofactors = np.stack([_cross(b[(i + 1) % 3], b[(i + 2) % 3]) for i in range(3)])
    det = (b[0] * cofactors[0]).sum(0)
    gain = _largest_root(det, (cofactors * cofactors).sum((0, 1)))
    kappa = (gain * gain - 1) / 2
    zeta = kappa * gain - det
    poor = ~(zeta > _DEGENERATE) & np.isfinite(zeta)
    gram = (b[:, None] * b[None]).sum(2)  # b @ b.T
    cubic = (gram[:, :, None] * b[None]).sum(1)
    rotation = ((kappa + 1) * b + gain * cofactors - cubic) / np.where(poor, 1, zeta)
    if poor.any():
        rotation[..., poor], gain[poor] = _by_decomposition(b[..., poor])
    return rotation, gain * norm


def _cross(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    return np.stack([a[i - 2] * b[i - 1] - a[i - 1] * b[i - 2] for i in range(3)])


def _largest_root(det: np.ndarray, cofactors: np.ndarray) -> np.ndarray:
    """Largest root of (x² - 1)² - 8·det·x - 4·cofactors, for profiles of norm 1."""
    x = np.full_like(det, np.sqrt(3))  # the nuclear norm is at most √3 times the Frobenius norm
    for _ in range(_ITERATIONS):
        off = x * x - 1
        step = (off * off - 8 * det * x - 4 * cofactors) / np.maximum(4 * x * off - 8 * det, 1e-12)
        x -= step
        if not (np.abs(step) > 1e-13).any():
            break
    return x


def _by_decomposition(profile: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    u, s, vt = np.linalg.svd(np.moveaxis(profile, -1, 0))
    sign = np.sign(np.linalg.det(u @ vt))
    u[..., 2] *= sign[:, None]
    s[:, 2] *= sign
    return np.moveaxis(u @ vt, 0, -1), s.sum(-1)
