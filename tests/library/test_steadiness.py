import numpy as np
import pytest

from vvipe.library.steadiness import spread, top_between
from vvipe.library.track import Track
from vvipe.library.whitening import whitened


def track(vectors):
    return Track(vectors, np.ones(len(vectors), bool), 0.0)


def waves(rng, count=600, hz=(0.3, 0.8, 1.7)):
    t = np.arange(count)[:, None] / 30
    phase = rng.uniform(0, 6, (len(hz), 4))
    clean = sum(np.sin(2 * np.pi * f * t + p) / f for f, p in zip(hz, phase, strict=True))
    return clean + rng.normal(0, 0.01, (count, 4))


def test_a_movement_tells_its_lag_wherever_one_looks(rng):
    x = waves(rng)
    assert spread(track(x[10:]), track(x[:-10]), 10) < 0.2


def test_parts_that_differ_are_told(rng):
    x = waves(rng)
    broken = np.concatenate([x[:300], x[296:596]])  # four beats late from the middle on
    assert spread(track(x), track(broken), 2) > 0.5


def test_what_one_did_not_see_does_not_count(rng):
    x = waves(rng)
    seen = np.ones(600, bool)
    seen[200:260] = False
    hidden = Track(np.where(seen[:, None], x, 0), seen, 0.0)
    assert spread(track(x), hidden, 0) < 0.3


@pytest.mark.parametrize("top", [-0.4, 0.0, 0.3])
def test_the_top_of_a_parabola(top):
    scores = -((np.arange(5) - 2 - top) ** 2)
    assert top_between(scores, 2) == pytest.approx(top)
    assert top_between(scores, 0) == 0 == top_between(np.zeros(5), 2)
    assert top_between(np.array([-np.inf, 1, 0]), 1) == 0


def test_whitening_raises_what_is_quick_above_the_jitter(rng):
    x, hann = waves(rng), np.hanning(600)[:, None]
    power = lambda v: np.square(np.abs(np.fft.rfft(v * hann, axis=0))).sum(1)  # noqa: E731
    before, after = power(x), power(whitened(track(x)).vectors)
    slow, quick, jitter = 6, 34, slice(220, 290)  # 0.3 and 1.7 Hz; 11 to 14.5 Hz
    assert after[quick] / after[slow] > 2 * before[quick] / before[slow]
    assert after[jitter].mean() / after[quick] < 0.1 * before[jitter].mean() / before[quick]


def test_whitening_leaves_gaps_and_size_and_stillness(rng):
    x = waves(rng, 100)
    seen = np.arange(100) % 10 > 1
    found = whitened(Track(np.where(seen[:, None], x, 0), seen, 2.5))
    assert found.vectors.shape == x.shape and found.begin_s == 2.5
    assert (found.vectors[~seen] == 0).all() and np.isfinite(found.vectors).all()
    np.testing.assert_allclose(whitened(track(np.ones((50, 4)))).vectors, 0, atol=1e-6)
