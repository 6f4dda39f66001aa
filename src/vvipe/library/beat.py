"""Recordings of any frame rate at one beat, so that motions can be laid over each other."""

from __future__ import annotations

from collections.abc import Iterable

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


def clips_of(content: np.ndarray) -> np.ndarray:
    """(C + 1,) rows at which clips begin, and the end of the last; rows of a clip are together.

    Args:
        content: (N,) which clip each row belongs to.
    """
    if not len(content):
        return np.zeros(1, int)
    return np.concatenate([[0], np.flatnonzero(np.diff(content)) + 1, [len(content)]])


def clips_at_beats(
    clips: Iterable[np.ndarray], times: np.ndarray, allowed: np.ndarray | None = None
) -> list[np.ndarray]:
    """Rows at the beats of each clip, those that are not allowed as if nobody was seen there.

    Args:
        clips: Rows of each.
        times: (N,) seconds of all rows.
        allowed: (N,) bool.
    """
    found: list[np.ndarray] = []
    for rows in clips:
        if allowed is not None:
            rows = rows[allowed[rows]]
        if len(rows):
            beats = rows_at_beats(times[rows])
            found.append(np.where(beats == NOBODY, NOBODY, rows[beats]))
    return found
