"""A recording as a curve through the embedding space, at an even beat."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

RATE_HZ = 30.0
_BRIDGE_S = 0.5  # what is not seen for longer is not guessed


@dataclass(frozen=True)
class Track:
    """Embeddings at an even beat, from the first frame in which somebody is seen.

    Attributes:
        vectors: (B, D); 0 where nobody was seen.
        seen: (B,) bool.
        begin_s: Time of the first beat.
        rate_hz: Beats a second.
        variance: (D,) of the embeddings, mean over time.
    """

    vectors: np.ndarray
    seen: np.ndarray
    begin_s: float
    rate_hz: float = RATE_HZ
    variance: np.ndarray | float = 0.0

    def __len__(self) -> int:
        return len(self.vectors)

    @property
    def about_mean(self) -> np.ndarray:
        """(B, D) vectors less their mean over time; 0 where nobody was seen."""
        return np.where(self.seen[:, None], self.vectors - self.vectors[self.seen].mean(0), 0)

    def at_speed(self, factor: float) -> Track:
        """The same curve, passed `factor` times as fast: what was at t is at t / factor."""
        places = np.arange(0, len(self) - 1 + 1e-9, factor)
        low = np.minimum(places.astype(int), max(0, len(self) - 2))
        share = (places - low)[:, None]
        high = np.minimum(low + 1, len(self) - 1)
        vectors = (1 - share) * self.vectors[low] + share * self.vectors[high]
        seen = self.seen[low] & self.seen[high]
        return replace(self, vectors=vectors, seen=seen, begin_s=self.begin_s / factor)


def track_of(
    vectors: np.ndarray, times: np.ndarray, rate_hz: float = RATE_HZ, smooth: float = 0.0,
    variance: np.ndarray | None = None,
) -> Track:  # fmt: skip
    """Embeddings of any frame rate as a track; gaps of up to half a second are bridged.

    Args:
        vectors: (N, D), NaN where nobody was seen; at least one row is finite.
        times: (N,) seconds, rising.
        rate_hz: Beats a second.
        smooth: Spread of the smoothing kernel, in beats.
        variance: (N, D) of the embeddings.
    """
    rows = np.flatnonzero(np.isfinite(vectors).all(1))
    vectors, times = vectors[rows].astype(np.float64), times[rows]
    beats = np.arange(times[0], times[-1] + 0.5 / rate_hz, 1 / rate_hz)
    after = np.searchsorted(times, beats).clip(0, len(times) - 1)
    before = np.maximum(after - (times[after] > beats), 0)
    seen = (times[after] - times[before]) <= _BRIDGE_S
    curve = np.stack([np.interp(beats, times, column) for column in vectors.T], 1)
    weight = seen[:, None].astype(float)
    if smooth:
        kernel = _gaussian(smooth)
        total = _convolved(weight, kernel)
        curve = _convolved(curve * weight, kernel) / np.where(total > 0, total, 1)
    unsure = 0.0 if variance is None else variance[rows].mean(0)
    return Track(curve * weight, seen, float(times[0]), rate_hz, unsure)


def _convolved(columns: np.ndarray, kernel: np.ndarray) -> np.ndarray:
    """(B, D) sums over time weighed by a kernel of odd length; beyond the ends is nothing."""
    reach = len(kernel) // 2
    sums = [np.convolve(c, kernel, "full")[reach : reach + len(columns)] for c in columns.T]
    return np.stack(sums, 1)


def _gaussian(spread: float) -> np.ndarray:
    reach = int(np.ceil(3 * spread))
    return np.exp(-0.5 * (np.arange(-reach, reach + 1) / spread) ** 2)
