"""All embeddings of a library in memory, searched exactly."""

from __future__ import annotations

from typing import Any

import faiss
import numpy as np

from vvipe.embeddings import Embeddings, euclidean, matching_found, matching_query, matching_square

_CHUNK = 1 << 16  # rows that are prepared at once


class Memory:
    """Exact nearest neighbours among (N, D) embeddings.

    The matching distance is an inner product of vectors three times as long, so that both rankings
    are one pass of faiss over flat vectors; what it finds is measured again in float64.
    """

    def __init__(self, vectors: np.ndarray, variance: np.ndarray, ranking: str) -> None:
        self.vectors, self.variance, self.matching = vectors, variance, ranking == "matching"
        dim = vectors.shape[1]
        self._index: Any = faiss.IndexFlatIP(3 * dim) if self.matching else faiss.IndexFlatL2(dim)
        for start in range(0, len(vectors), _CHUNK):
            part = slice(start, start + _CHUNK)
            rows = matching_found(vectors[part], variance[part]) if self.matching else vectors[part]
            self._index.add(np.ascontiguousarray(rows, np.float32))

    def __len__(self) -> int:
        return len(self.vectors)

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
        if self.matching:
            vectors = -matching_query(vectors, np.asarray(query.variance, np.float32))
        options = None
        if allowed is not None:
            bits = np.packbits(allowed, bitorder="little")
            selector = faiss.IDSelectorBitmap(len(allowed), faiss.swig_ptr(bits))
            options = faiss.SearchParameters(sel=selector)  # pyright: ignore[reportCallIssue]
        _, rows = self._index.search(np.ascontiguousarray(vectors), k, params=options)
        distances = np.stack([self.distance(query[[i]], r) for i, r in enumerate(rows)])
        order = np.argsort(distances, axis=1, kind="stable")
        return np.take_along_axis(rows, order, 1), np.take_along_axis(distances, order, 1)

    def distance(self, query: Embeddings, rows: np.ndarray) -> np.ndarray:
        """(m,) float64 distances of rows from one query (1, D)."""
        a, va = (np.asarray(x, np.float64) for x in (query.vectors, query.variance))
        b, vb = (x[rows].astype(np.float64) for x in (self.vectors, self.variance))
        if self.matching:
            return np.sqrt(matching_square(a, va, b, vb)[0])
        return np.linalg.norm(a - b, axis=1)

    def distances(self, query: Embeddings, rows: np.ndarray) -> np.ndarray:
        """(n, m) float32 distances of rows from several queries (n, D); NaN queries give NaN."""
        a, va = (np.asarray(x, np.float32) for x in (query.vectors, query.variance))
        b, vb = self.vectors[rows], self.variance[rows]
        if self.matching:
            return np.sqrt(matching_square(a, va, b, vb))
        return euclidean(a, b).astype(np.float32)
