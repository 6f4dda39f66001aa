"""What of a movement tells when it is: its quick parts, as far as they stand above the jitter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vvipe.library.track import Track

_JITTER_HZ = 9.0  # nobody moves as fast: what is there is the detector's
_BAND, _BAND_HZ = 1.25, 0.1  # power is averaged over frequencies within this factor, or this


def whitened(track: Track) -> Track:
    """The track, its quick movements raised over the slow ones.

    What a view gets wrong follows the movement itself, strongest where that is strong, so the slow
    parts, which carry most of the power, are not as much more worth. Each frequency is weighed by
    its share of signal over the fourth root of its power: half-way to an even spectrum, as in
    generalised cross-correlation.

    Args:
        track: Of any length; where nobody was seen it is 0.

    Source:
        Knapp and Carter, The generalized correlation method for estimation of time delay, 1976.
    """
    seen = track.seen[:, None]
    about_mean = np.where(seen, track.vectors - track.vectors[track.seen].mean(0), 0)
    size = 1 << (2 * len(track) - 1).bit_length()
    power = _power(about_mean, size, track.rate_hz)
    hertz = np.fft.rfftfreq(size, 1 / track.rate_hz)
    quick = power[hertz > _JITTER_HZ]
    jitter = np.median(quick) if len(quick) else 0.0
    gain = np.sqrt(np.maximum(power - jitter, 0)) / np.maximum(power, 1e-12) ** 0.75
    raised = np.fft.irfft(np.fft.rfft(about_mean, size, 0) * gain[:, None], size, 0)
    return replace(track, vectors=np.where(seen, raised[: len(track)], 0))


def _power(about_mean: np.ndarray, size: int, rate_hz: float) -> np.ndarray:
    """(F,) power over all dimensions, averaged over neighbouring frequencies."""
    window = np.hanning(len(about_mean) + 2)[1:-1, None]
    raw = np.square(np.abs(np.fft.rfft(about_mean * window, size, 0))).sum(1) / len(about_mean)
    hertz = np.fft.rfftfreq(size, 1 / rate_hz)
    sums = np.concatenate([[0], np.cumsum(raw)])
    first = np.searchsorted(hertz, hertz / _BAND - _BAND_HZ)
    last = np.searchsorted(hertz, hertz * _BAND + _BAND_HZ, side="right")
    return (sums[last] - sums[first]) / (last - first)
