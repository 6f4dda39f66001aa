"""Where in a large library a motion may be, told by the neighbours of a few of its moments."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vvipe.embeddings import Embeddings
from vvipe.library.beat import RATE_HZ

MOMENTS, NEIGHBOURS, WINDOWS = 12, 1000, 100
"""Moments of the query that are looked up, rows for each, and windows that are kept."""
_REACH = 1.1  # durations of the query to either side of a window's middle: half the tempo fits in


def windows(
    nearest: Callable[[Embeddings, int], tuple[np.ndarray, np.ndarray]], query: Embeddings,
    edges: np.ndarray, times: np.ndarray,
) -> list[np.ndarray]:  # fmt: skip
    """Parts of clips in which several moments of a motion have near neighbours, in their order.

    A row that is like a moment of the query says when the query's middle would be, were the tempo
    the same. Each moment speaks once for every short stretch of such middles, the louder the nearer
    its neighbour; the stretches for which most is said, with those beside them, become windows.

    Args:
        nearest: Gives (n, k) rows and distances for n embeddings; rows that are not there are -1.
        query: (T, D) at the beats, NaN where nobody was seen.
        edges: (C + 1,) rows at which clips begin, and the end of the last.
        times: (N,) seconds of all rows.

    Returns:
        Rows of each window, rising; windows share no row.
    """
    duration = len(query) / RATE_HZ
    seen = np.flatnonzero(np.isfinite(query.vectors).all(1))
    moments = np.unique(seen[np.linspace(0, len(seen) - 1, MOMENTS).round().astype(int)])
    rows, distances = nearest(query[moments], NEIGHBOURS)
    moment, place = np.nonzero(rows >= 0)
    found, gain = rows[moment, place], _gains(rows, distances)[moment, place]
    if not len(found):
        return []
    clip = np.searchsorted(edges, found, side="right") - 1
    middle = times[found] - moments[moment] / RATE_HZ + duration / 2
    stretch = max(0.5, duration / 4)
    keys, which = np.unique(
        np.stack([clip, np.floor(middle / stretch).astype(int)], 1), axis=0, return_inverse=True
    )
    said = np.zeros((len(moments), len(keys)))
    np.maximum.at(said, (moment, which.ravel()), gain)
    best = np.argsort(-_with_neighbours(said.sum(0), keys), kind="stable")[:WINDOWS]
    ends = [
        _window(edges[c : c + 2], times, (b + 0.5) * stretch, _REACH * duration + stretch)
        for c, b in keys[best]
    ]
    return [np.arange(first, last) for first, last in _joined(ends)]


def _gains(rows: np.ndarray, distances: np.ndarray) -> np.ndarray:
    """How much nearer each row is than the farthest of its moment."""
    there = np.where(rows >= 0, distances, -np.inf)
    return there.max(1, keepdims=True) - np.where(rows >= 0, distances, np.inf)


def _with_neighbours(total: np.ndarray, keys: np.ndarray) -> np.ndarray:
    """What is said for each stretch and for those before and after it in the same clip."""
    beside = (keys[1:, 0] == keys[:-1, 0]) & (keys[1:, 1] == keys[:-1, 1] + 1)
    sums = total.copy()
    sums[1:] += total[:-1] * beside
    sums[:-1] += total[1:] * beside
    return sums


def _window(clip: np.ndarray, times: np.ndarray, middle: float, reach: float) -> tuple[int, int]:
    first, last = clip.tolist()
    inside = np.flatnonzero(np.abs(times[first:last] - middle) <= reach)
    return first + int(inside[0]), first + int(inside[-1]) + 1


def _joined(ends: list[tuple[int, int]]) -> list[tuple[int, int]]:
    joined: list[tuple[int, int]] = []
    for first, last in sorted(ends):
        if joined and first < joined[-1][1]:
            joined[-1] = joined[-1][0], max(last, joined[-1][1])
        else:
            joined.append((first, last))
    return joined
