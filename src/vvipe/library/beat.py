"""Recordings of any frame rate at one beat, so that motions can be laid over each other."""

from __future__ import annotations

from itertools import pairwise

import numpy as np

RATE_HZ = 15.0
_GAP_S = 0.25  # where no row is as near in time, nobody was seen
FPS = 30.0  # of what does not say its frame rate
NOBODY = -1


def seconds(frame: np.ndarray, time_s: np.ndarray | None, fps: float | None = None) -> np.ndarray:
    """(N,) times; from frame numbers at `fps`, else 30 a second, where they are not known."""
    counted = frame / (fps or FPS)
    return counted if time_s is None else np.where(np.isfinite(time_s), time_s, counted)


def rows_at_beats(times: np.ndarray, rate_hz: float = RATE_HZ) -> np.ndarray:
    """The row nearest to each beat from the first to the last time, `NOBODY` in gaps.

    Args:
        times: (N,) seconds, in any order, N at least 1.
        rate_hz: Beats a second.

    Returns:
        (B,) rows.
    """
    order = np.argsort(times, kind="stable")
    ordered = times[order]
    beats = ordered[0] + np.arange(int((ordered[-1] - ordered[0]) * rate_hz + 1e-6) + 1) / rate_hz
    after = np.searchsorted(ordered, beats).clip(1, max(1, len(ordered) - 1))
    before = after - 1
    after = np.minimum(after, len(ordered) - 1)
    nearer = np.where(beats - ordered[before] <= ordered[after] - beats, before, after)
    return np.where(np.abs(ordered[nearer] - beats) <= _GAP_S, order[nearer], NOBODY)


def clips_at_beats(
    content: np.ndarray, times: np.ndarray, allowed: np.ndarray | None = None
) -> list[np.ndarray]:
    """Rows at the beats of each clip, those that are not allowed as if nobody was seen there.

    Args:
        content: (N,) which clip each row belongs to; rows of a clip follow each other.
        times: (N,) seconds.
        allowed: (N,) bool.
    """
    edges = [0, *(np.flatnonzero(np.diff(content)) + 1), len(content)] if len(content) else [0]
    found: list[np.ndarray] = []
    for first, last in pairwise(edges):
        rows = np.arange(first, last)
        if allowed is not None:
            rows = rows[allowed[first:last]]
        if len(rows):
            beats = rows_at_beats(times[rows])
            found.append(np.where(beats == NOBODY, NOBODY, rows[beats]))
    return found
