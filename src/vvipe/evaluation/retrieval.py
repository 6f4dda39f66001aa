"""Hit@k: is one of the k nearest in the embedding a match in 3D?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from vvipe.embeddings import euclidean

KS = (1, 10, 20)
_CHUNK = 1 << 17  # distances at a time: they stay in the processor's cache

Distance = Callable[[Any, Any], np.ndarray]


def hit_at_k(
    query: Any,
    found: Any,
    matches: np.ndarray,
    ks: Sequence[int] = KS,
    distance: Distance = euclidean,
) -> dict[int, float]:
    """Share of queries with a match among their k nearest, the same poses seen by two cameras.

    Args:
        query: N embeddings of the poses in the first camera, or (N, D) vectors.
        found: M in the second; every query searches all of them.
        matches: (N, M) bool, whether pose j matches query i in 3D.
        ks: Numbers of neighbours.
        distance: n and M of them to (n, M); smaller is nearer.

    Returns:
        k -> share in 0..1. A query without an embedding (NaN) is a miss.
    """
    ranks = match_ranks(query, found, matches, distance)
    return {k: float(np.mean(ranks < k)) for k in ks}


def match_ranks(
    query: Any, found: Any, matches: np.ndarray, distance: Distance = euclidean
) -> np.ndarray:
    """(N,) rank of each query's nearest match, 0 = nearest of all; arguments as in `hit_at_k`.

    Of candidates equally far away the one with the lower index comes first. A candidate whose
    distance is not finite is never retrieved; a query that retrieves no match has rank infinity.
    """
    step = max(1, _CHUNK // max(1, len(found)))
    parts = [
        _ranks(np.asarray(distance(query[i : i + step], found)), matches[i : i + step])
        for i in range(0, len(query), step)
    ]
    return np.concatenate(parts) if parts else np.zeros(0)


def _ranks(distances: np.ndarray, matches: np.ndarray) -> np.ndarray:
    distances = np.where(np.isfinite(distances), distances, np.inf)
    of_matches = np.where(matches, distances, np.inf)
    if not of_matches.size:
        return np.full(len(of_matches), np.inf)
    nearest = of_matches.argmin(axis=1)  # the first of equals
    best = of_matches[np.arange(len(nearest)), nearest][:, None]
    earlier = np.arange(distances.shape[1]) < nearest[:, None]
    rank = ((distances < best) | ((distances == best) & earlier)).sum(axis=1)
    return np.where(np.isfinite(best[:, 0]), rank, np.inf)
