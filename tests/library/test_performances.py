import numpy as np
import pytest

from vvipe.library import performances as module
from vvipe.library.performances import performances


def movement(time_s, seed=0):
    rng = np.random.default_rng(seed)
    hz, phase = rng.uniform(0.1, 1.0, (12, 6)), rng.uniform(0, 6, (12, 6))
    return np.sin(2 * np.pi * np.asarray(time_s)[:, None, None] * hz + phase).sum(1)


def performed(instants, fps=30.0, seed=1, of=0):
    """Somebody who is at these instants of the movement, with a person's and a view's bias."""
    rng = np.random.default_rng(seed)
    vectors = movement(instants, of) + rng.normal(0, 0.3, (len(instants), 6)) + rng.normal(0, 2, 6)
    return vectors, np.arange(len(instants)) / fps


def test_each_at_its_own_tempo_from_its_own_beginning():
    a_at = np.arange(0, 20, 1 / 30)
    b_at = 3 + 6 * (1 - np.cos(np.linspace(0.3, 2.8, 500)))
    found = performances(performed(a_at), performed(b_at, 25.0, seed=2))
    assert found.reliable and found.confidence > 0.8
    b_s = np.arange(0, 19, 0.5)
    true_a = np.interp(b_s, np.arange(len(b_at)) / 25, b_at)
    told = np.interp(b_s, found.path_s[:, 1], found.path_s[:, 0])
    assert np.median(np.abs(told - true_a)) < 0.05
    back = found.at(true_a)
    assert np.nanmedian(np.abs(back - b_s)) < 0.07
    assert np.isnan(found.at(np.array([-1.0, 19.9]))).all()


def test_a_pause_in_one_of_them():
    a_at = np.arange(0, 10, 1 / 30)
    b_at = np.r_[np.arange(0, 4, 1 / 30), np.full(60, 4.0), np.arange(4, 10, 1 / 30)]
    found = performances(performed(a_at), performed(b_at, seed=2))
    assert found.reliable
    assert found.at(np.array([2.0]))[0] == pytest.approx(2, abs=0.1)
    assert found.at(np.array([8.0]))[0] == pytest.approx(10, abs=0.1)
    assert found.offset_s == pytest.approx(2, abs=0.15)


def test_where_nobody_was_seen_anything_fits():
    a, b = performed(np.arange(0, 10, 1 / 30)), performed(np.arange(0, 10, 1 / 30), seed=2)
    a[0][100:160] = np.nan
    found = performances(a, b)
    assert found.reliable and abs(found.offset_s) < 0.05


def test_another_movement_is_not_reliable():
    a = performed(np.arange(0, 10, 1 / 30))
    found = performances(a, performed(np.arange(0, 10, 1 / 30), seed=2, of=5))
    assert found is None or not found.reliable


def test_somebody_who_stands_still_is_nothing_and_no_warning():
    still = np.zeros((60, 6)), np.arange(60) / 30
    assert performances(still, still) is not None
    found = performances(still, performed(np.arange(0, 5, 1 / 30)))
    assert found is None or not found.reliable


def test_long_recordings_are_taken_at_fewer_beats(monkeypatch):
    a, b = performed(np.arange(0, 20, 1 / 30)), performed(np.arange(5, 20, 1 / 30), seed=2)
    monkeypatch.setattr(module, "MOST_CELLS", 10_000)
    found = performances(a, b)
    assert len(found.path_s) < 400 and found.offset_s == pytest.approx(-5, abs=0.15)
