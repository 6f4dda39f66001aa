"""Nearest neighbours by a graph: faster in large libraries, with a recall that was measured."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import faiss
import numpy as np

from vvipe.embeddings import Embeddings
from vvipe.library.memory import Memory, only

NEIGHBOURS, BUILD_BREADTH = 16, 100  # of a node of the graph, and how many are looked at for them
RECALL, QUERIES, K = 0.99, 200, 10
_LEAST_BREADTH, _MOST_BREADTH = 64, 8192
_FILE, _ABOUT = "graph.faiss", "graph.json"


class Approximate:
    """A graph of the vectors (HNSW); what it finds is ranked by the library's own distance.

    Malkov and Yashunin, Efficient and robust approximate nearest neighbor search using Hierarchical
    Navigable Small World graphs, 2018. The graph knows Euclidean distance alone; it is asked for
    `breadth` candidates, enough for the measured recall under the ranking.

    Attributes:
        breadth: Candidates of a search.
        recall: Share of the ten nearest that were found, over rows as queries, themselves left out.
    """

    def __init__(self, index: Any, breadth: int, recall: float) -> None:
        self._index, self.breadth, self.recall = index, breadth, recall

    @classmethod
    def of(cls, memory: Memory, wanted: float = RECALL, seed: int = 0) -> Approximate:
        """Builds the graph, and takes the least breadth with which the wanted recall is reached."""
        index: Any = faiss.IndexHNSWFlat(memory.dim, NEIGHBOURS)
        index.hnsw.efConstruction = BUILD_BREADTH
        for start in range(0, len(memory), 1 << 16):
            rows = np.arange(start, min(start + (1 << 16), len(memory)))
            index.add(np.ascontiguousarray(memory.embeddings(rows).vectors, np.float32))
        rng = np.random.default_rng(seed)
        rows = rng.choice(len(memory), min(QUERIES, len(memory)), replace=False)
        queries = memory.embeddings(rows)
        exact, _ = memory.nearest(queries, K + 1)
        found = cls(index, _LEAST_BREADTH, 0.0)
        while True:
            near, _ = found.nearest(memory, queries, K + 1)
            found.recall = _recall(rows, exact, near)
            if found.recall >= wanted or found.breadth >= _MOST_BREADTH:
                return found
            found.breadth *= 2

    def nearest(
        self, memory: Memory, query: Embeddings, k: int, allowed: np.ndarray | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """As `Memory.nearest`, and nearly always the same; rows that are not there are -1, inf."""
        breadth = max(self.breadth, k)
        kind: Any = faiss.SearchParametersHNSW  # pyright: ignore[reportAttributeAccessIssue]
        selector = only(allowed)  # older faiss does not keep it alive itself
        options = kind(efSearch=breadth, sel=selector)
        vectors = np.ascontiguousarray(query.vectors, np.float32)
        _, candidates = self._index.search(vectors, breadth, params=options)
        rows = np.full((len(query), k), -1)
        distances = np.full((len(query), k), np.inf)
        for i, found in enumerate(candidates):
            found = found[found >= 0]
            measured = memory.distance(query[[i]], found)
            order = np.argsort(measured, kind="stable")[:k]
            rows[i, : len(order)], distances[i, : len(order)] = found[order], measured[order]
        return rows, distances

    def write(self, folder: Path) -> None:
        """Writes the graph and what was measured."""
        faiss.write_index(self._index, str(folder / _FILE))
        about = {"breadth": self.breadth, "recall": self.recall}
        (folder / _ABOUT).write_text(json.dumps(about))

    @classmethod
    def read(cls, folder: Path) -> Approximate | None:
        """What `write` wrote, None if it was not."""
        if not (folder / _ABOUT).is_file():
            return None
        about = json.loads((folder / _ABOUT).read_text())
        index = faiss.read_index(str(folder / _FILE), faiss.IO_FLAG_MMAP_IFC)
        return cls(index, about["breadth"], about["recall"])


def _recall(rows: np.ndarray, exact: np.ndarray, found: np.ndarray) -> float:
    """Share of the exact neighbours that were found, the queries themselves left out."""
    hits = total = 0
    for row, right, got in zip(rows, exact, found, strict=True):
        wanted = set(right.tolist()) - {int(row)}
        hits += len(wanted & set(got.tolist()))
        total += len(wanted)
    return hits / total if total else 1.0
