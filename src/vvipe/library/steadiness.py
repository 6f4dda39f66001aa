"""How much the best lag between two tracks depends on the part of them that tells it."""

from __future__ import annotations

import numpy as np

from vvipe.library.track import Track

_PARTS, _REACH = 6, 12  # of what both see; beats to either side that are tried


def spread(a: Track, b: Track, lag: int) -> float:
    """Deviation of the best lag around one, beats, were the recordings others like these.

    Args:
        a: One recording.
        b: The other one.
        lag: Beats of B less beats of A.

    Source:
        The jackknife over parts of the time: Tukey, Bias and confidence in not quite large samples,
        1958.
    """
    lags = np.arange(lag - _REACH, lag + _REACH + 1)
    apart, shared = _by_beat(a, b, lags)
    rows = np.flatnonzero(shared.any(1))
    chance = np.square(a.vectors).sum() / a.seen.sum() + np.square(b.vectors).sum() / b.seen.sum()
    scores = chance * shared[rows] - apart[rows]
    without = [scores.sum(0) - part.sum(0) for part in np.array_split(scores, _PARTS)]
    best = [s.argmax() + top_between(s, int(s.argmax())) for s in without]
    return float(np.std(best) * (_PARTS - 1) ** 0.5)


def _by_beat(a: Track, b: Track, lags: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """(B, L) squared distance of each beat of A from that of B at each lag, and who saw both."""
    apart, shared = np.zeros((len(a), len(lags))), np.zeros((len(a), len(lags)), bool)
    for column, lag in enumerate(lags.tolist()):
        i = np.arange(max(0, -lag), min(len(a), len(b) - lag))
        seen = a.seen[i] & b.seen[i + lag]
        shared[i, column] = seen
        apart[i, column] = np.square(a.vectors[i] - b.vectors[i + lag]).sum(1) * seen
    return apart, shared


def top_between(scores: np.ndarray, best: int) -> float:
    """How far from the best lag the top of a parabola through it and its neighbours is."""
    if not 0 < best < len(scores) - 1 or not np.isfinite(scores[best - 1 : best + 2]).all():
        return 0.0
    left, here, right = scores[best - 1 : best + 2]
    bend = left - 2 * here + right
    return float(np.clip(0.5 * (left - right) / bend, -0.5, 0.5)) if bend < 0 else 0.0
