"""All embeddings of a library as flat vectors, searched exactly."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from vvipe.embeddings import Embeddings, euclidean, matching_found, matching_query


class Memory:
    """Exact nearest neighbours among the rows of a library.

    The matching distance is an inner product of vectors three times as long, so that both rankings
    are one pass of faiss over flat vectors; what it finds is measured again in float64. The vectors
    are in memory, or in a file that is mapped into it.

    Attributes:
        dim: Dimensions of the embeddings.
    """

    def __init__(self, index: Any, dim: int, ranking: str) -> None:
        self._index, self.dim, self._matching = index, dim, ranking == "matching"

    @classmethod
    def of(cls, parts: Iterable[tuple[np.ndarray, np.ndarray]], dim: int, ranking: str) -> Memory:
        """From (N, D) vectors and variances, part after part."""
        matching = ranking == "matching"
        index: Any = faiss.IndexFlatIP(3 * dim) if matching else faiss.IndexFlatL2(dim)
        for vectors, variance in parts:
            rows = matching_found(vectors, variance) if matching else vectors
            index.add(np.ascontiguousarray(rows, np.float32))
        return cls(index, dim, ranking)

    @classmethod
    def mapped(cls, path: Path, dim: int, ranking: str) -> Memory:
        """From a file of `write`, whose pages are read when they are needed."""
        return cls(faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC), dim, ranking)

    def write(self, path: Path) -> None:
        """Writes the vectors."""
        faiss.write_index(self._index, str(path))

    def __len__(self) -> int:
        return self._index.ntotal

    def nearest(
        self, query: Embeddings, k: int, allowed: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """The k nearest rows of each query.

        Args:
            query: (n, D), finite.
            k: How many; fewer where fewer are allowed.
            allowed: (N,) bool, which rows may be found.

        Returns:
            (n, k) rows and (n, k) float64 distances, nearest first.
        """
        k = min(k, len(self) if allowed is None else int(allowed.sum()))
        if not k:
            return np.zeros((len(query), 0), np.int64), np.zeros((len(query), 0))
        vectors = np.asarray(query.vectors, np.float32)
        if self._matching:
            vectors = -matching_query(vectors, np.asarray(query.variance, np.float32))
        selector = only(allowed)  # older faiss does not keep it alive itself
        options = faiss.SearchParameters(sel=selector)  # pyright: ignore[reportCallIssue]
        _, rows = self._index.search(np.ascontiguousarray(vectors), k, params=options)
        distances = np.stack([self.distance(query[[i]], r) for i, r in enumerate(rows)])
        order = np.argsort(distances, axis=1, kind="stable")
        return np.take_along_axis(rows, order, 1), np.take_along_axis(distances, order, 1)

    def distance(self, query: Embeddings, rows: np.ndarray) -> np.ndarray:
        """(m,) float64 distances of rows from one query (1, D)."""
        found = self.embeddings(rows)
        (a, va), (b, vb) = (
            (np.asarray(e.vectors, np.float64), np.asarray(e.variance, np.float64))
            for e in (query, found)
        )
        square = (a - b) ** 2
        return np.sqrt((square / ((1 + va) * (1 + vb)) if self._matching else square).sum(1))

    def distances(self, query: Embeddings, rows: np.ndarray) -> np.ndarray:
        """(n, m) float32 distances of rows from several queries (n, D); NaN queries give NaN."""
        found = self._index.reconstruct_batch(np.ascontiguousarray(rows, np.int64))
        vectors = np.asarray(query.vectors, np.float32)
        if not self._matching:
            return euclidean(vectors, found).astype(np.float32)
        left = matching_query(vectors, np.asarray(query.variance, np.float32))
        return np.sqrt(np.clip(left @ found.T, 0, None))

    def embeddings(self, rows: np.ndarray) -> Embeddings:
        """(m, D) embeddings of rows; under the Euclidean ranking their variances are 0."""
        found = self._index.reconstruct_batch(np.ascontiguousarray(rows, np.int64))
        if not self._matching:
            return Embeddings(found, np.zeros_like(found))
        sure, _, weighed = np.split(found, 3, axis=1)
        return Embeddings(weighed / sure, 1 / sure - 1)


def only(allowed: np.ndarray | None) -> Any:
    """What tells faiss which rows may be found: those that are True in (N,) bool; None for all."""
    if allowed is None:
        return None
    bitmap: Any = faiss.IDSelectorBitmap  # its Python constructor takes the bits and keeps them
    return bitmap(np.packbits(allowed, bitorder="little"))
