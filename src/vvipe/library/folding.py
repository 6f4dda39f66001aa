"""Neighbouring frames that show the same pose, folded into one hit with its span."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

_STEP = 64  # rows that are looked at, at once, on either side
_GAP = 8  # rows: what is so near in time to something better shows the same moment


def folded(
    rows: np.ndarray, content: np.ndarray, span_of: Callable[[int], tuple[int, int]]
) -> Iterator[tuple[int, tuple[int, int]]]:
    """Of rows from best to worst, one a moment: the best one and its span.

    A row that follows on from a better one, in time and in order, is on the way to or from that
    moment and no hit of its own.

    Args:
        rows: From the nearest to the furthest.
        content: (N,) which clip each row of the table belongs to.
        span_of: First and last row that show the pose of a row.
    """
    moments: list[tuple[int, int]] = []
    for row in map(int, rows):
        for i, (first, last) in enumerate(moments):
            if first - _GAP <= row <= last + _GAP and content[row] == content[first]:
                moments[i] = min(first, row), max(last, row)
                break
        else:
            moments.append(span_of(row))
            yield row, moments[-1]


def span(
    row: int, content: np.ndarray, near: Callable[[np.ndarray], np.ndarray]
) -> tuple[int, int]:
    """First and last row around one that belong to its clip and are near it, without a gap.

    Args:
        row: Where to begin.
        content: (N,) which clip each row belongs to; rows of a clip follow each other.
        near: Whether rows are near the one, (m,) to (m,) bool.
    """
    return _reach(row, -1, content, near), _reach(row, 1, content, near)


def _reach(
    row: int, step: int, content: np.ndarray, near: Callable[[np.ndarray], np.ndarray]
) -> int:
    end = row
    while True:
        ahead = end + step * np.arange(1, _STEP + 1)
        ahead = ahead[(ahead >= 0) & (ahead < len(content))]
        good = (content[ahead] == content[row]) & near(ahead) if len(ahead) else np.zeros(0, bool)
        run = len(good) if good.all() else int(good.argmin())
        end += step * run
        if run < _STEP:
            return end
