import numpy as np
import pytest

from vvipe.library.alignment import Offset, drifting_offset_of, offset_of
from vvipe.library.together import agreed
from vvipe.library.track import track_of
from vvipe.library.whitening import whitened


def curve(time_s, seed=0):
    """A smooth random movement in six dimensions."""
    rng = np.random.default_rng(seed)
    hz, phase = rng.uniform(0.1, 1.2, (12, 6)), rng.uniform(0, 6, (12, 6))
    return np.sin(2 * np.pi * np.asarray(time_s)[:, None, None] * hz + phase).sum(1)


def recorded(begin_s, end_s, fps=30.0, seed=0, drift=0.0):
    """What a camera whose clock starts at `begin_s` of the performance sees, with its bias."""
    clock = np.arange(0, (end_s - begin_s), 1 / fps)
    rng = np.random.default_rng(seed + 100)
    vectors = curve(begin_s + clock / (1 + drift)) + rng.normal(0, 0.3, (len(clock), 6))
    return vectors + rng.normal(0, 1, 6), clock


@pytest.mark.parametrize("fps", [24, 30, 60])
@pytest.mark.parametrize(("a_s", "b_s"), [(0, 3.2), (4.5, 0), (1, 1), (2.37, 1.11)])
def test_an_offset_between_two_cameras(fps, a_s, b_s):
    a, b = track_of(*recorded(a_s, 20, seed=1)), track_of(*recorded(b_s, 18, fps, seed=2))
    found = offset_of(a, b)
    assert found.offset_s == pytest.approx(a_s - b_s, abs=1 / 60)
    assert found.reliable and found.confidence > 0.3
    assert found.lags_s[found.scores.argmax()] == pytest.approx(a_s - b_s, abs=1 / 30)


def test_scores_are_sums_over_what_both_see():
    rng = np.random.default_rng(0)
    vectors, times = recorded(0, 8, seed=1)
    vectors[60:120] = np.nan
    a, b = track_of(vectors, times), track_of(*recorded(1, 7, seed=2))
    found = offset_of(a, b)
    a, b = whitened(a), whitened(b)
    x, y = a.vectors, b.vectors
    chance = (x[a.seen] ** 2).sum(1).mean() + (y[b.seen] ** 2).sum(1).mean()
    for index in rng.choice(len(found.lags_s), 20):
        lag = round((found.lags_s[index] - b.begin_s + a.begin_s) * 30)
        score = sum(
            1 - ((x[i] - y[i + lag]) ** 2).sum() / chance
            for i in range(len(a))
            if 0 <= i + lag < len(b) and a.seen[i] and b.seen[i + lag]
        )
        if np.isfinite(found.scores[index]):
            assert found.scores[index] == pytest.approx(score, abs=1e-6)


def test_gaps_and_late_beginnings():
    (va, ta), (vb, tb) = recorded(0, 20, seed=1), recorded(3, 20, seed=2)
    va[:45], va[200:260], vb[-30:] = np.nan, np.nan, np.nan
    found = offset_of(track_of(va, ta), track_of(vb, tb))
    assert found.offset_s == pytest.approx(-3, abs=1 / 60)


def test_clocks_do_not_begin_at_zero():
    (va, ta), (vb, tb) = recorded(0, 15, seed=1), recorded(2, 15, seed=2)
    found = offset_of(track_of(va, ta + 100), track_of(vb, tb + 7))
    assert found.offset_s == pytest.approx(-2 - 100 + 7, abs=1 / 60)


def test_the_largest_offset_is_kept_to():
    a, b = track_of(*recorded(0, 20, seed=1)), track_of(*recorded(4, 20, seed=2))
    found = offset_of(a, b, most_s=2)
    assert np.abs(found.lags_s).max() <= 2.02 and not found.reliable
    assert offset_of(a, b, most_s=4.01).offset_s == pytest.approx(-4, abs=1 / 60)
    far = track_of(recorded(0, 20)[0], recorded(0, 20)[1] + 1000)
    assert offset_of(a, far, most_s=5) is None


def test_other_movements_and_cycles_are_not_reliable():
    clock = np.arange(0, 12, 1 / 30)
    other = track_of(curve(clock, seed=5), clock)
    assert not offset_of(track_of(*recorded(0, 12, seed=1)), other).reliable
    wave = np.sin(2 * np.pi * clock[:, None] + np.arange(6))
    assert not offset_of(track_of(wave, clock), track_of(wave[40:], clock[40:])).reliable


def test_standing_still_is_not_reliable():
    still = track_of(np.ones((200, 6)), np.arange(200) / 30)
    found = offset_of(still, still)
    assert found is None or not found.reliable


@pytest.mark.parametrize("drift", [-0.006, 0.0, 0.004])
def test_a_drifting_clock(drift):
    a = track_of(*recorded(2, 62, seed=1))
    b = track_of(*recorded(0, 60, seed=2, drift=drift))
    found = drifting_offset_of(a, b)
    assert found.drift == pytest.approx(drift, abs=0.0006)
    assert found.offset_s == pytest.approx(2 * (1 + drift), abs=0.05)


def offset(seconds, confidence=0.8, reliable=True):
    return Offset(seconds, confidence, reliable, np.zeros(1), np.zeros(1))


def test_three_clocks_are_made_to_agree():
    found = agreed({(0, 1): offset(1.0), (1, 2): offset(2.0), (0, 2): offset(3.03)}, 3)
    assert found[0, 1].offset_s + found[1, 2].offset_s == pytest.approx(found[0, 2].offset_s)
    assert found[0, 2].offset_s == pytest.approx(3.02) and found[0, 2].reliable


def test_a_pair_that_contradicts_the_others_is_not_believed():
    true = np.array([0, 1.0, -2.0, 0.5])
    pairs = {(a, b): offset(true[b] - true[a]) for a in range(4) for b in range(a + 1, 4)}
    pairs[1, 3] = offset(7.0)
    found = agreed(pairs, 4)
    assert found[1, 3].offset_s == pytest.approx(-0.5) and not found[1, 3].reliable
    assert all(found[pair].reliable for pair in pairs if pair != (1, 3))


def test_clocks_that_nothing_joins_stay_as_they_are():
    pairs = {(0, 1): offset(1.0), (0, 2): offset(5.0, reliable=False), (1, 2): None}
    assert agreed(pairs, 3) == pairs
