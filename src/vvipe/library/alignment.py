"""When two cameras saw the same: the offset of one recording's clock from the other's."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vvipe.library.steadiness import spread, top_between
from vvipe.library.track import RATE_HZ, Track
from vvipe.library.whitening import whitened

LEAST_S, LEAST_SHARE = 2.0, 0.5
"""Two recordings share at least this long, or this share of the shorter one where that is less:
for a moment, many movements look alike."""
_APART_S = 0.4  # nearer peaks are the same answer
_DRIFTS, _NEARLY = np.linspace(-0.01, 0.01, 81), 0.9
RELIABLE = 0.15
"""Confidence from which on an offset is reliable, unless it is the last one that was tried."""
_SPREAD_S = 0.05  # of the offset over parts of the recordings, at the most
_ALIKE = 0.2  # what two recordings of one performance agree in, of what moves, at the least


@dataclass(frozen=True)
class Offset:
    """An instant t of A is the instant t + `offset_s` of B, or (1 + `drift`) · t + `offset_s`.

    Attributes:
        offset_s: Seconds.
        confidence: How far the best offset stands out from the next best, 0..1.
        reliable: Whether that is far enough, and parts of the recordings agree on it.
        lags_s: (L,) offsets that were tried.
        scores: (L,) how much better than chance the two agree, summed over what they share.
        alike: Their mean at the best offset: 1 for the same, 0 for chance.
        drift: By what share B's clock runs faster than A's.
    """

    offset_s: float
    confidence: float
    reliable: bool
    lags_s: np.ndarray
    scores: np.ndarray
    alike: float = 1.0
    drift: float = 0.0

    def at(self, times_s: np.ndarray) -> np.ndarray:
        """The instants of B that are these instants of A."""
        return (1 + self.drift) * times_s + self.offset_s


def drifting_offset_of(a: Track, b: Track, most_s: float | None = None) -> Offset | None:
    """As `offset_of`, where one clock may run up to a hundredth faster than the other."""
    a, b = _weighed(a, b)
    still = whitened(a)
    found = [
        replace(offset, drift=float(drift), offset_s=offset.offset_s * (1 + drift))
        for drift in _DRIFTS
        if (offset := _best(still, whitened(b.at_speed(1 + drift)), most_s)) is not None
    ]
    if not found:
        return None
    # A slower clock shares more beats and so sums up more: among the good sums the best mean.
    enough = _NEARLY * max(offset.scores.max() for offset in found)
    return max((o for o in found if o.scores.max() >= enough), key=lambda offset: offset.alike)


def offset_of(a: Track, b: Track, most_s: float | None = None) -> Offset | None:
    """The offset at which two recordings of one performance agree best.

    Quick movements are raised over slow ones (`whitened`), and dimensions that either view is
    unsure of count for less. At each lag the squared distances over what both see are summed, less
    what two moments at random are apart, so that a long agreement counts for more than a short one.

    Args:
        a: One recording.
        b: The other one.
        most_s: The largest offset, either way.

    Returns:
        None where the two cannot share enough within `most_s`.
    """
    a, b = _weighed(a, b)
    return _best(whitened(a), whitened(b), most_s)


def _weighed(a: Track, b: Track) -> tuple[Track, Track]:
    """Both with each dimension as much as the two views are sure of it."""
    sure = 1 / (1 + a.variance + b.variance)
    return replace(a, vectors=a.vectors * sure), replace(b, vectors=b.vectors * sure)


def _best(a: Track, b: Track, most_s: float | None) -> Offset | None:
    lags = _lags(a, b, most_s)
    if not len(lags):
        return None
    x, y = a.vectors, b.vectors
    square_x, square_y = (x * x).sum(1), (y * y).sum(1)
    seen_x, seen_y = a.seen.astype(float), b.seen.astype(float)
    chance = square_x.sum() / seen_x.sum() + square_y.sum() / seen_y.sum()
    shared = _correlated(seen_x[:, None], seen_y[:, None], lags)
    agreement = 2 * _correlated(x, y, lags)
    apart = _correlated(square_x[:, None], seen_y[:, None], lags)
    apart += _correlated(seen_x[:, None], square_y[:, None], lags)
    scores = (chance * shared - apart + agreement) / max(chance, 1e-12)
    scores[shared < _least(a, b)] = -np.inf
    if not np.isfinite(scores).any():
        return None
    best = int(scores.argmax())
    others = np.abs(lags - lags[best]) > _APART_S * RATE_HZ
    second = scores[others].max(initial=0.0)
    confidence = float(np.clip(1 - second / scores[best], 0, 1)) if scores[best] > 0 else 0.0
    inside = 0 < best < len(scores) - 1 and bool(np.isfinite(scores[[best - 1, best + 1]]).all())
    alike = float(scores[best] / max(1.0, shared[best]))
    steady = spread(a, b, int(lags[best])) <= _SPREAD_S * RATE_HZ
    begin_s = b.begin_s - a.begin_s
    return Offset(
        float((lags[best] + top_between(scores, best)) / RATE_HZ + begin_s), confidence,
        inside and steady and alike >= _ALIKE and confidence >= RELIABLE,
        lags / RATE_HZ + begin_s, scores, alike,
    )  # fmt: skip


def _least(a: Track, b: Track) -> float:
    """How many beats the two must share."""
    return min(LEAST_S * RATE_HZ, LEAST_SHARE * min(a.seen.sum(), b.seen.sum()))


def _lags(a: Track, b: Track, most_s: float | None) -> np.ndarray:
    """Beats of B less beats of A, so that they could share enough."""
    least = int(_least(a, b))
    lags = np.arange(least - len(a), len(b) - least + 1)
    if most_s is None:
        return lags
    return lags[np.abs(lags / RATE_HZ + b.begin_s - a.begin_s) <= most_s + 0.5 / RATE_HZ]


def _correlated(x: np.ndarray, y: np.ndarray, lags: np.ndarray) -> np.ndarray:
    """(L,) the sum over i and columns of x[i] · y[i + lag]."""
    size = 1 << (len(x) + len(y) - 1).bit_length()
    product = (np.fft.rfft(x, size, 0).conj() * np.fft.rfft(y, size, 0)).sum(1)
    return np.fft.irfft(product, size)[lags % size]
