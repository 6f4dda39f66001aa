"""Two performances of one movement: which instant of the one is which of the other."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vvipe.geometry.warping import shared_path
from vvipe.library.track import Track, track_of

RATE_HZ, MOST_CELLS = 15.0, 1 << 24
"""Beats a second, and pairs of them at the most: longer recordings are taken at fewer beats."""
RELIABLE = 0.6
"""Confidence from which on two recordings show one movement: unlike movements stay below."""
_AGREE = 0.55  # of what two moments at random are apart: what is nearer agrees
_TOGETHER = 0.3  # correlation along the path, at the least: who stands still agrees with anyone


@dataclass(frozen=True)
class Performances:
    """What two performances have in common.

    Attributes:
        path_s: (P, 2) instants of A and of B that belong together, rising; at least one.
        confidence: How alike the two are along the path, less where it leaves out parts of both:
            1 for the same, 0 for chance.
        reliable: Whether that suffices to call them one movement.
        offset_s: By how much B's instants are later than A's along the path (median).
    """

    path_s: np.ndarray
    confidence: float
    reliable: bool

    @property
    def offset_s(self) -> float:
        """Seconds, median along the path."""
        return float(np.median(self.path_s[:, 1] - self.path_s[:, 0]))

    def at(self, times_s: np.ndarray) -> np.ndarray:
        """The instants of B that belong to these of A; NaN where A does what B does not."""
        return np.interp(times_s, *self.path_s.T, left=np.nan, right=np.nan)


def performances(
    a: tuple[np.ndarray, np.ndarray], b: tuple[np.ndarray, np.ndarray]
) -> Performances | None:
    """Finds the way through two recordings along which people move alike.

    Each recording is taken about its own mean, as what sets two people and two views apart hardly
    changes; squared distances are told as a share of what two moments at random are apart. The two
    may begin and end anywhere, and each may be slower or faster here and there, or pause.

    Args:
        a: (N, D) embeddings, NaN where nobody was seen, and (N,) their seconds.
        b: As `a`.

    Returns:
        None where nothing agrees.
    """
    tracks = _tracks(a, b)
    x, y = (track.about_mean.astype(np.float32) for track in tracks)
    seen_x, seen_y = (track.seen for track in tracks)
    square_x, square_y = np.square(x).sum(1), np.square(y).sum(1)
    chance = square_x[seen_x].mean() + square_y[seen_y].mean()
    apart = (square_x[:, None] + square_y - 2 * x @ y.T) / max(float(chance), 1e-12)
    scores = np.where(seen_x[:, None] & seen_y, _AGREE - apart, 0).astype(np.float32)
    path = shared_path(scores)
    if not len(path):
        return None
    alike = 1 - float(apart[path[:, 0], path[:, 1]].mean())
    covered = max((np.ptp(path, 0) + 1) / scores.shape)
    confidence = float(np.clip(alike * covered, 0, 1))
    path_s = path / tracks[0].rate_hz + [track.begin_s for track in tracks]
    reliable = confidence >= RELIABLE and _correlation(x[path[:, 0]], y[path[:, 1]]) >= _TOGETHER
    return Performances(path_s, confidence, reliable)


def _tracks(*recordings: tuple[np.ndarray, np.ndarray]) -> list[Track]:
    beats = [RATE_HZ * np.ptp(times) + 1 for _, times in recordings]
    rate = RATE_HZ * min(1.0, (MOST_CELLS / np.prod(beats)) ** 0.5)
    return [track_of(vectors, times, rate, smooth=1.0) for vectors, times in recordings]


def _correlation(x: np.ndarray, y: np.ndarray) -> float:
    square = float(np.square(x).sum() + np.square(y).sum())
    return 2 * float((x * y).sum()) / max(square, 1e-12)
