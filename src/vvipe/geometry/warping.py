"""Dynamic time warping: a motion within longer ones, two motions from end to end, or in part."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

FAR = float("inf")  # of a cell that no path goes through


@dataclass(frozen=True)
class Matches:
    """Where a query ends in a longer sequence, for each column as the end.

    Attributes:
        cost: (N,) mean distance over the frames of the query; infinite where none can end.
        start: (N,) the column where that path begins.
    """

    cost: np.ndarray
    start: np.ndarray


def subsequence_warping(distances: np.ndarray) -> Matches:
    """The best way of a whole query through a part of a longer sequence.

    A path goes one frame on in both, or one in the query while two pass in the sequence, or the
    other way round: the tempo differs by a factor of two at most, and neither stands still. Every
    frame of the query counts once. As no step stays within a row, a row needs only the two before
    it: the columns of any number of clips are done at once.

    Args:
        distances: (T, N) from each frame of the query to each of the sequence; `FAR`, two columns
            wide, parts sequences that no path may cross.

    Source:
        Subsequence DTW with step condition {(1,1), (1,2), (2,1)} (Müller, Information Retrieval
        for Music and Motion, 2007, §4.2 and §4.4).
    """
    d = np.asarray(distances, np.float32)
    frames, columns = d.shape
    cost, start = d[0].copy(), np.arange(columns)
    before: tuple[np.ndarray, np.ndarray] | None = None
    for i in range(1, frames):
        skipped = (_shifted(d[i], 1, FAR) + d[i]) / 2
        options = [_shifted(cost, 1, FAR) + d[i], _shifted(cost, 2, FAR) + skipped]
        starts = [_shifted(start, 1, 0), _shifted(start, 2, 0)]
        if before is not None:
            options.append(_shifted(before[0], 1, FAR) + d[i - 1] + d[i])
            starts.append(_shifted(before[1], 1, 0))
        best = np.argmin(options, axis=0)
        before = cost, start
        cost = np.take_along_axis(np.stack(options), best[None], 0)[0]
        start = np.take_along_axis(np.stack(starts), best[None], 0)[0]
    return Matches(cost / frames, start)


def _shifted(values: np.ndarray, by: int, fill: float) -> np.ndarray:
    """The values `by` columns further to the right."""
    out = np.full_like(values, fill)
    out[by:] = values[: len(values) - by]
    return out


def warping_path(distances: np.ndarray) -> np.ndarray:
    """The cheapest way through two sequences from their beginnings to their ends.

    Each step goes one frame on in the one, in the other or in both; the last counts twice, so that
    no way is cheaper for being shorter. Cells are done a diagonal at a time.

    Args:
        distances: (N, M) from each frame of the one to each of the other; where it is not known
            (NaN), anything fits.

    Returns:
        (P, 2) pairs of frames, from (0, 0) to (N - 1, M - 1).

    Source:
        Sakoe and Chiba, Dynamic programming algorithm optimization for spoken word recognition,
        1978, symmetric form without slope constraint.
    """
    d = np.where(np.isfinite(distances), distances, 0.0)
    n, m = d.shape
    total = np.full((n + 1, m + 1), np.inf)
    total[0, 0] = -d[0, 0]  # the first pair counts once
    for diagonal in range(2, n + m + 1):
        i = np.arange(max(1, diagonal - m), min(n, diagonal - 1) + 1)
        j = diagonal - i
        here = d[i - 1, j - 1]
        apart = np.minimum(total[i - 1, j], total[i, j - 1]) + here
        total[i, j] = np.minimum(apart, total[i - 1, j - 1] + 2 * here)
    return _traced(total, d)


def _traced(total: np.ndarray, d: np.ndarray) -> np.ndarray:
    i, j = d.shape
    path = [(i - 1, j - 1)]
    while (i, j) != (1, 1):
        here = d[i - 1, j - 1]
        ways = {
            (i - 1, j - 1): total[i - 1, j - 1] + 2 * here,
            (i - 1, j): total[i - 1, j] + here,
            (i, j - 1): total[i, j - 1] + here,
        }
        i, j = min(ways, key=lambda way: ways[way])
        path.append((i - 1, j - 1))
    return np.array(path[::-1])


def shared_path(scores: np.ndarray) -> np.ndarray:
    """The way through two sequences along which they agree best, wherever it begins and ends.

    Steps and weights are those of `warping_path`, so that standing still in one of the two gains
    no more than going on in both. Cells are done a diagonal at a time.

    Args:
        scores: (N, M) of each frame of the one with each of the other: above 0 where they agree.

    Returns:
        (P, 2) pairs of frames; none where nothing agrees.

    Source:
        Smith and Waterman, Identification of common molecular subsequences, 1981.
    """
    n, m = scores.shape
    total = np.zeros((n + 1, m + 1), np.float32)
    came = np.zeros((n + 1, m + 1), np.int8)
    for diagonal in range(2, n + m + 1):
        i = np.arange(max(1, diagonal - m), min(n, diagonal - 1) + 1)
        j = diagonal - i
        here = scores[i - 1, j - 1]
        ways = np.stack([
            np.zeros_like(here), total[i - 1, j - 1] + 2 * here, total[i - 1, j] + here,
            total[i, j - 1] + here,
        ])  # fmt: skip
        came[i, j] = ways.argmax(0)
        total[i, j] = ways.max(0)
    i, j = (int(x) for x in np.unravel_index(total.argmax(), total.shape))
    path: list[tuple[int, int]] = []
    while came[i, j]:
        path.append((i - 1, j - 1))
        step = came[i, j]
        i, j = i - (step != 3), j - (step != 2)
    return np.array(path[::-1], int).reshape(-1, 2)
