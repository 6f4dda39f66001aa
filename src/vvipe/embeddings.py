"""Embeddings: vectors with their variance, source and the model that made them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np
from array_api_compat import array_namespace


def euclidean(a: Any, b: Any) -> np.ndarray:
    """(n, D) and (m, D), arrays or embeddings, to (n, m) float64; NaN rows are NaN from all."""
    a, b = (np.asarray(getattr(x, "vectors", x), np.float64) for x in (a, b))
    square = (a * a).sum(1)[:, None] + (b * b).sum(1) - 2 * (a @ b.T)
    return np.sqrt(np.maximum(square, 0, out=square), out=square)


def matching_square(a: Any, variance_a: Any, b: Any, variance_b: Any) -> Any:
    """Squared distances in which a dimension counts the less the less sure either side is (ours).

    Dimension k counts w_a · w_b · (a - b)² with w = 1 / (1 + variance): close to the squared
    distance over the two variances and the unit's, and yet three matrix products.

    Args:
        a: (n, D) means, numpy or torch.
        variance_a: (n, D) variances, in squared units of the space.
        b: (m, D).
        variance_b: (m, D).

    Returns:
        (n, m), at least 0.
    """
    xp = array_namespace(a)
    return xp.clip(matching_query(a, variance_a) @ matching_found(b, variance_b).T, 0, None)


def matching_query(vectors: Any, variance: Any) -> Any:
    """(n, 3·D) vectors whose inner products with `matching_found` are `matching_square`."""
    sure = 1 / (1 + variance)
    return array_namespace(vectors).concat(
        [sure * vectors * vectors, sure, -2 * sure * vectors], axis=1
    )


def matching_found(vectors: Any, variance: Any) -> Any:
    """(m, 3·D) vectors; see `matching_query`."""
    sure = 1 / (1 + variance)
    return array_namespace(vectors).concat([sure, sure * vectors * vectors, sure * vectors], axis=1)


def matching_distance(a: Embeddings, b: Embeddings) -> np.ndarray:
    """(n, D) and (m, D) embeddings to (n, m) float64, the root of `matching_square`."""
    gaussians = (np.asarray(x, np.float64) for e in (a, b) for x in (e.vectors, e.variance))
    return np.sqrt(matching_square(*gaussians))


@dataclass(frozen=True)
class Embeddings:
    """Points of the view-invariant space; row i belongs to row i of the poses.

    Attributes:
        vectors: (..., D) float32, NaN where there was no pose.
        variance: (..., D) float32, how unsure each dimension is; squared units of the space.
        frame: (N,) frame numbers in the source, None for a single pose.
        source: Where the poses come from.
        model: Name and hash of the model, `name@hash`.
    """

    vectors: np.ndarray
    variance: np.ndarray
    frame: np.ndarray | None = None
    source: str = "array"
    model: str = ""

    def __len__(self) -> int:
        return len(self.vectors)

    def __array__(self, dtype: Any = None, copy: bool | None = None) -> np.ndarray:
        """The vectors, so that numpy takes embeddings as what they are."""
        array = np.asarray(self.vectors, dtype=dtype)
        return array.copy() if copy else array

    @property
    def shape(self) -> tuple[int, ...]:
        """(..., D)."""
        return self.vectors.shape

    def __getitem__(self, key: Any) -> Self:
        """Selects along the first leading dimension, frame numbers included."""
        frame = None if self.frame is None else self.frame[key]
        return replace(self, vectors=self.vectors[key], variance=self.variance[key], frame=frame)
