"""Fits the noise model of `detections.py` to errors of real detections; numpy only.

Sources count alike, however many poses they have: weights of the poses of each sum to one.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

import numpy as np

from vvipe.detectors.noise import KIND_OF, KINDS, LIMBS, ConfidenceNoise, DetectorNoise, JointNoise
from vvipe.geometry.keypoints import KEYPOINTS

_NODES = 9  # of the quadrature over the level
_ROUNDS = 300
_CONFIDENCE_OFFSET = 0.01  # errors below are as good as none
_COLUMNS = {kind: [i for i, of in enumerate(KIND_OF) if of == kind] for kind in KINDS}
_IN_LIMBS = [tuple(KEYPOINTS.indices(*limb)) for limb in LIMBS.values() if len(limb) == 2]
_ACROSS = [
    pair
    for pair in combinations(range(len(KEYPOINTS)), 2)
    if pair not in _IN_LIMBS
]  # fmt: skip


def fit_noise(
    errors: Sequence[np.ndarray],
    misses: Sequence[np.ndarray],
    swaps: Sequence[dict[str, np.ndarray]],
    confidence: ConfidenceNoise,
) -> DetectorNoise:
    """The noise that makes errors like these.

    Args:
        errors: Of each source (N, 13, 2) in units of the pose's RMS size, NaN = unknown.
        misses: Of each source (M, 13) bool, joints not seen.
        swaps: Of each source `arms` and `legs` -> (M,) bool, sides exchanged.
        confidence: As `fit_confidence` gives it.
    """
    together, weights = np.concatenate(list(errors)), source_weights(errors)
    level, limb_level = _levels(together, weights)
    joints = {
        kind: JointNoise(
            *_fit_mixture(together[:, columns], weights, float(np.hypot(level, limb_level))),
            shared=_shared(together, weights, columns),
            miss=float(np.mean([m[:, columns].mean() for m in misses])),
        )
        for kind, columns in _COLUMNS.items()
    }
    rates = [_swap_rates(s["arms"], s["legs"]) for s in swaps]
    mean = {part: float(np.mean([r[part] for r in rates])) for part in rates[0]}
    return DetectorNoise(joints, level, limb_level, mean, confidence)


def fit_confidence(errors: np.ndarray, confidence: np.ndarray) -> ConfidenceNoise:
    """Regression of the confidence's logit on the logarithm of the error.

    Args:
        errors: (..., 2) in units of the pose's RMS size; NaN rows are left out.
        confidence: (...) in 0..1.
    """
    size = np.linalg.norm(errors, axis=-1)
    known = np.isfinite(size) & (confidence > 0)
    x = np.log(size[known] + _CONFIDENCE_OFFSET)
    c = np.clip(confidence[known], 0.01, 0.99)
    y = np.log(c / (1 - c))
    slope, level = np.polyfit(x, y, 1)
    spread = float(np.std(y - slope * x - level))
    return ConfidenceNoise(float(level), float(slope), _CONFIDENCE_OFFSET, spread)


def source_weights(errors: Sequence[np.ndarray]) -> np.ndarray:
    """Weight of each pose when the sources stand one after the other."""
    return np.concatenate([np.full(len(e), 1 / len(e)) for e in errors])


def _levels(errors: np.ndarray, weights: np.ndarray) -> tuple[float, float]:
    """Spreads of the level of poses and of limbs, from what sizes of errors have in common."""
    size = np.log(np.linalg.norm(errors, axis=-1) + 1e-9)
    centre = np.array([_mean(size[:, j], weights) for j in range(size.shape[1])])
    away = size - centre
    across, within = (
        np.array([_mean(away[:, a] * away[:, b], weights) for a, b in pairs])
        for pairs in (_ACROSS, _IN_LIMBS)
    )
    level = max(across.mean(), 0.0)
    shared = np.array([_shared(errors, weights, [a]) for a, _ in _IN_LIMBS])
    limb_level = max((within - _common_size(shared)).mean() - level, 0.0)
    return float(level**0.5), float(limb_level**0.5)


def _common_size(shared: np.ndarray) -> np.ndarray:
    """Covariance of the logarithms of two planar normal vectors' lengths, by their correlation.

    A quarter of the dilogarithm of the correlation's square.
    """
    terms = np.arange(1, 200)
    return (shared[:, None] ** (2 * terms) / terms**2).sum(1) / 4


def _fit_mixture(
    errors: np.ndarray, weights: np.ndarray, level: float
) -> tuple[float, float, float]:
    """Narrow and wide spread and the chance of the wide, by expectation maximisation.

    The level of poses and limbs, normal on the logarithm, is integrated by quadrature.
    """
    square = (errors * errors).sum(-1)
    weights = np.broadcast_to(weights[:, None], square.shape)[np.isfinite(square)]
    weights, square = weights / weights.sum(), square[np.isfinite(square)]
    nodes, prior = np.polynomial.hermite_e.hermegauss(_NODES)
    scale, prior = np.exp(2 * level * nodes), prior / prior.sum()
    relative = square[:, None] / scale  # (n, nodes)
    middle = np.average(square, weights=weights) / np.exp(2 * level**2) / 2
    variance, chance = middle * np.array([0.5, 6.0]), np.array([0.9, 0.1])
    for _ in range(_ROUNDS):
        density = prior[:, None] / (scale[:, None] * variance) * chance
        density = density * np.exp(-relative[..., None] / (2 * variance))  # (n, nodes, 2)
        share = weights[:, None, None] * density / density.sum((1, 2), keepdims=True)
        chance = share.sum((0, 1))
        variance = (share * relative[..., None]).sum((0, 1)) / (2 * chance)
    narrow, wide = np.argsort(variance)
    return float(variance[narrow] ** 0.5), float(variance[wide] ** 0.5), float(chance[wide])


def _shared(errors: np.ndarray, weights: np.ndarray, columns: list[int]) -> float:
    """Correlation within the limb from how often signs agree, which sizes do not touch."""
    pairs = [pair for pair in _IN_LIMBS if set(pair) & set(columns)]
    if not pairs:
        return 0.0
    agree = [_mean(np.sign(errors[:, a]) * np.sign(errors[:, b]), weights) for a, b in pairs]
    return float(np.clip(np.sin(np.pi / 2 * np.mean(agree)), 0.0, 1.0))


def _swap_rates(arms: np.ndarray, legs: np.ndarray) -> dict[str, float]:
    both = arms & legs
    return {
        "arms": float((arms & ~both).mean()),
        "legs": float((legs & ~both).mean()),
        "both": float(both.mean()),
    }


def _mean(values: np.ndarray, weights: np.ndarray) -> float:
    """Weighted mean over poses, and over what follows; NaN left out."""
    weights = np.broadcast_to(weights.reshape(-1, *[1] * (values.ndim - 1)), values.shape)
    known = np.isfinite(values)
    return float((values[known] * weights[known]).sum() / weights[known].sum())
