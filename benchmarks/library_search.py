"""Search of large libraries: exact against faiss flat, approximate against faiss HNSW; memory."""

from __future__ import annotations

import os
import resource
import tempfile
import time
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from common import least_s, options, report
from films import cmu_motions, filmed

import vvipe
from vvipe.embeddings import Embeddings, matching_found, matching_query
from vvipe.library import Library
from vvipe.library.approximate import BUILD_BREADTH, NEIGHBOURS
from vvipe.library.rows import Clip, to_batch

QUERIES, K = 20, 10
SIZES = [int(size) for size in os.environ.get("VVIPE_ROWS", "1000000 10000000").split()]


def main() -> None:
    chosen = options(__doc__)
    faiss.omp_set_num_threads(chosen.threads)
    model = vvipe.load()
    rng = np.random.default_rng(0)
    pool = Pool(model, rng, 20_000 if chosen.quick else 400_000)
    rows: list[dict[str, Any]] = []
    for size in [20_000] if chosen.quick else SIZES:
        with tempfile.TemporaryDirectory() as folder:
            rows += measured(model, pool, size, Path(folder) / "lib", rng, chosen.quick)
    report("library_search", rows, chosen)


class Pool:
    """Embeddings of CMU's clips before random cameras; more rows are mixtures of neighbours."""

    def __init__(self, model: Any, rng: np.random.Generator, count: int) -> None:
        motions = [x for _, _, x in cmu_motions(1.0)]
        parts: list[Embeddings] = []
        while sum(map(len, parts)) < count + QUERIES:
            motion = motions[rng.integers(len(motions))]
            parts.append(model.embed(filmed(motion, rng.uniform(-np.pi, np.pi), rng, True)))
        vectors, variance = (
            np.concatenate([getattr(p, name) for p in parts]) for name in ("vectors", "variance")
        )
        seen = np.isfinite(vectors).all(1)
        self.vectors, self.variance = vectors[seen], variance[seen]
        self.queries = Embeddings(*(x[-QUERIES:] for x in (self.vectors, self.variance)))

    def drawn(self, count: int, rng: np.random.Generator) -> Embeddings:
        """Rows between two frames that follow each other: as of a higher frame rate."""
        at = rng.integers(len(self.vectors) - QUERIES - 1, size=count)
        share = rng.uniform(size=(count, 1)).astype(np.float32)
        vectors, variance = (
            (1 - share) * x[at] + share * x[at + 1] for x in (self.vectors, self.variance)
        )
        return Embeddings(vectors, variance)


def measured(
    model: Any, pool: Pool, size: int, uri: Path, rng: np.random.Generator, quick: bool
) -> list[dict[str, Any]]:
    """Rows of the table for one size."""
    library = Library.create(uri, model)

    def batches() -> Any:
        for start in range(0, size, 100_000):
            z = pool.drawn(min(100_000, size - start), rng)
            yield to_batch(library.store.columns, Clip(start << 20, "made", f"{start}"), z)

    began = time.perf_counter()
    library.store.append(batches())
    written_s = time.perf_counter() - began
    first_s, again_s = (opened_s(uri, pool.queries[0]) for _ in range(2))
    began = time.perf_counter()
    recall = library.make_graph()
    graph_s = time.perf_counter() - began
    memory = library._snapshot()._memory
    graph = library._snapshot().graph()
    plain = faiss.IndexFlatL2(library.store.dim)
    long = faiss.IndexFlatIP(3 * library.store.dim)
    hnsw = faiss.IndexHNSWFlat(library.store.dim, NEIGHBOURS)
    hnsw.hnsw.efConstruction = BUILD_BREADTH
    for part in np.array_split(np.arange(size), max(1, size // 100_000)):
        z = memory.embeddings(part)
        plain.add(z.vectors)
        hnsw.add(z.vectors)
        long.add(matching_found(z.vectors, z.variance).astype(np.float32))
    breadth = plain_breadth(plain, hnsw, pool.queries.vectors)
    hnsw.hnsw.efSearch = breadth
    asked = -matching_query(pool.queries.vectors, pool.queries.variance).astype(np.float32)
    near = [pool.queries[[i]] for i in range(len(pool.queries))]
    seconds = least_s(
        lambda: [memory.nearest(q, K) for q in near],
        lambda: [long.search(q[None], K) for q in asked],
        lambda: [plain.search(q[None], K) for q in pool.queries.vectors],
        lambda: [graph.nearest(memory, q, K) for q in near],
        lambda: [hnsw.search(q[None], K) for q in pool.queries.vectors],
        rounds=1 if quick else 5,
    )
    names = (
        "exact, ours", "faiss flat, matching", "faiss flat, Euclidean",
        f"approximate, ours (recall {recall:.3f})", f"faiss HNSW, Euclidean (ef {breadth})",
    )  # fmt: skip
    against = (1, 1, 2, 4, 4)
    peak_gb = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    return [
        {
            "rows": size, "search": name, "ms a query": 1000 * s / len(near),
            "over its faiss": s / seconds[rival], "write s": written_s, "open s": first_s,
            "open again s": again_s, "graph s": graph_s, "peak GB": peak_gb,
        }
        for name, s, rival in zip(names, seconds, against, strict=True)
    ]  # fmt: skip


def opened_s(uri: Path, query: Embeddings) -> float:
    """Seconds from opening a library to its first answer."""
    began = time.perf_counter()
    Library.open(uri).search(query, K)
    return time.perf_counter() - began


def plain_breadth(flat: Any, hnsw: Any, queries: np.ndarray) -> int:
    """The least efSearch with which faiss's own graph finds 99 % of the ten nearest."""
    _, right = flat.search(queries, K)
    breadth = 16
    while breadth < 8192:
        hnsw.hnsw.efSearch = breadth
        _, found = hnsw.search(queries, K)
        pairs = zip(right, found, strict=True)
        if np.mean([len(set(a) & set(b)) / K for a, b in pairs]) >= 0.99:
            break
        breadth *= 2
    return breadth


if __name__ == "__main__":
    main()
