"""The main directions of the space, for sliders, and the path between two poses."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

COUNT, REACH = 6, 3.0  # directions; how far a slider goes, in standard deviations


@dataclass(frozen=True)
class Directions:
    """Principal components of a cloud of embeddings.

    Attributes:
        mean: (D,).
        axes: (K, D) orthonormal, the widest first.
        spread: (K,) standard deviation along each.
    """

    mean: np.ndarray
    axes: np.ndarray
    spread: np.ndarray

    def coordinates(self, vector: np.ndarray) -> np.ndarray:
        """(D,) to (K,) standard deviations from the middle."""
        return (vector - self.mean) @ self.axes.T / self.spread

    def steered(self, vector: np.ndarray, direction: int, coordinate: float) -> np.ndarray:
        """(D,) the same point but for its place along one direction."""
        change = coordinate - self.coordinates(vector)[direction]
        return (vector + change * self.spread[direction] * self.axes[direction]).astype(np.float32)


def directions_of(vectors: np.ndarray, count: int = COUNT) -> Directions:
    """The `count` widest directions of (N, D) embeddings; rows with NaN are left out."""
    vectors = vectors[np.isfinite(vectors).all(1)].astype(np.float64)
    mean = vectors.mean(0)
    _, sizes, axes = np.linalg.svd(vectors - mean, full_matrices=False)
    # The sign of a direction is arbitrary: let its largest entry be positive, everywhere.
    largest = np.take_along_axis(axes, np.abs(axes).argmax(1)[:, None], axis=1)
    axes = axes * np.where(largest < 0, -1, 1)
    spread = np.maximum(sizes / np.sqrt(max(1, len(vectors))), 1e-6)
    return Directions(mean, axes[:count], spread[:count])
