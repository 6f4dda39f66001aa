import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvipe.robot.points.chunks import TemporalAverage, windows


def episodes(lengths):
    """Observations and actions that tell their episode and step: 100 e + t."""
    out = []
    for e, length in enumerate(lengths):
        told = 100.0 * e + np.arange(length)[:, None]
        out.append((told, -told))
    return out


@given(st.lists(st.integers(1, 12), min_size=1, max_size=4), st.integers(1, 11), st.integers(1, 11))
def test_windows_equal_the_naive_twin(lengths, history, chunk):
    data = episodes(lengths)
    seen, told, exist = windows(data, history, chunk)
    observations = np.concatenate([o for o, _ in data])[:, 0]
    actions = np.concatenate([a for _, a in data])[:, 0]
    row = 0
    for e, length in enumerate(lengths):
        for t in range(length):
            past = [100 * e + max(t - k, 0) for k in range(history - 1, -1, -1)]
            assert observations[seen[row]].tolist() == past
            for k in range(chunk):
                assert exist[row, k] == (t + k < length)
                assert actions[told[row, k]] == -(100 * e + min(t + k, length - 1))
            row += 1
    assert row == len(seen)


@given(st.integers(1, 5), st.integers(1, 14), st.floats(-0.5, 2))
def test_average_equals_the_naive_twin(chunk, steps, fade):
    told = np.random.default_rng(0).normal(size=(steps, chunk, 2))
    average = TemporalAverage(fade)
    for t in range(steps):
        action = average.add(told[t])
        votes, weights = np.zeros(2), 0.0
        for age in range(chunk):
            if age <= t:
                votes += np.exp(-fade * age) * told[t - age, age]
                weights += np.exp(-fade * age)
        np.testing.assert_allclose(action, votes / weights, atol=1e-12)


def test_chunks_that_agree_are_followed_whatever_their_weights():
    plan = np.linspace(-1, 1, 20)[:, None]
    average = TemporalAverage()
    for t in range(15):
        np.testing.assert_allclose(average.add(plan[t : t + 5]), plan[t])


def test_reset_forgets():
    average = TemporalAverage(0.0)
    average.add(np.zeros((3, 1)))
    assert average.add(np.ones((3, 1))) == pytest.approx(0.5)
    average.reset()
    assert average.add(np.ones((3, 1))) == 1
