"""Embeddings: vectors with their variance, source and the model that made them."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any, Self

import numpy as np


def euclidean(a: Any, b: Any) -> np.ndarray:
    """(n, D) and (m, D), arrays or embeddings, to (n, m) float64; NaN rows are NaN from all."""
    a, b = (np.asarray(getattr(x, "vectors", x), np.float64) for x in (a, b))
    square = (a * a).sum(1)[:, None] + (b * b).sum(1) - 2 * (a @ b.T)
    return np.sqrt(np.maximum(square, 0, out=square), out=square)


@dataclass(frozen=True)
class Embeddings:
    """Points of the view-invariant space; row i belongs to row i of the poses.

    Attributes:
        vectors: (..., D) float32, NaN where there was no pose.
        variance: (..., D) float32, how unsure each dimension is.
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
