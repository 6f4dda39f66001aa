"""What of a movement tells when it is: its quick parts, as far as they stand above the jitter."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vvipe.library.track import Track

_JITTER_HZ = 9.0  # nobody moves as fast: what is there is the detector's
_QUICK_HZ = 2.5  # beyond, little is the movement's: spread of the low-pass
_EVEN = 0.75  # how far towards an even spectrum: 0 leaves it, 1 is all the way
_MIRRORED_S = 3.0  # of the movement before its beginning and after its end
_BAND, _BAND_HZ = 1.25, 0.1  # power is averaged over frequencies within this factor, or this


def whitened(track: Track) -> Track:
    """The track, its quick movements raised over the slow ones.

    What a view gets wrong follows the movement itself, strongest where that is strong, so the slow
    parts, which carry most of the power, are not as much more worth. Their power is brought most of
    the way to an even spectrum, each frequency weighed by its share of signal as in generalised
    cross-correlation, and what is quicker than people's limbs is left out.

    Args:
        track: Of any length; where nobody was seen it is 0.

    Source:
        Knapp and Carter, The generalized correlation method for estimation of time delay, 1976.
    """
    seen = track.seen[:, None]
    about_mean = track.about_mean
    beyond = min(len(track) - 1, round(_MIRRORED_S * track.rate_hz))
    longer = np.pad(about_mean, ((beyond, beyond), (0, 0)), "reflect")  # or the ends would ring
    size = 1 << (len(longer) - 1).bit_length()
    gain = _gain(about_mean, size, track.rate_hz)
    raised = np.fft.irfft(np.fft.rfft(longer, size, 0) * gain[:, None], size, 0)
    return replace(track, vectors=np.where(seen, raised[beyond : beyond + len(track)], 0))


def _gain(about_mean: np.ndarray, size: int, rate_hz: float) -> np.ndarray:
    """(F,) what each frequency is multiplied by."""
    hertz = np.fft.rfftfreq(size, 1 / rate_hz)
    power = _power(about_mean, size, rate_hz)
    quick = power[hertz > _JITTER_HZ]
    jitter = np.median(quick) if len(quick) else 0.0
    signal = np.maximum(power - jitter, 0) / np.maximum(power, 1e-12)
    even = np.maximum(power, 1e-12) ** (_EVEN / 2)
    return np.sqrt(signal) / even * np.exp(-0.5 * np.square(hertz / _QUICK_HZ))


def _power(about_mean: np.ndarray, size: int, rate_hz: float) -> np.ndarray:
    """(F,) power over all dimensions, averaged over neighbouring frequencies."""
    window = np.hanning(len(about_mean) + 2)[1:-1, None]
    raw = np.square(np.abs(np.fft.rfft(about_mean * window, size, 0))).sum(1) / len(about_mean)
    hertz = np.fft.rfftfreq(size, 1 / rate_hz)
    sums = np.concatenate([[0], np.cumsum(raw)])
    first = np.searchsorted(hertz, hertz / _BAND - _BAND_HZ)
    last = np.searchsorted(hertz, hertz * _BAND + _BAND_HZ, side="right")
    return (sums[last] - sums[first]) / (last - first)
