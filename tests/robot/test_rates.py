import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvipe.robot.rates import Rate


@pytest.mark.parametrize(
    ("successes", "trials", "low", "high"),
    [
        (0, 10, 0.0, 0.2775),
        (10, 10, 0.7225, 1.0),
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
    ],
)
def test_intervals_are_those_of_newcombe(successes, trials, low, high):
    """Newcombe (1998), table I: 0.2553 to 0.3662 and 0.0624 to 0.1605, method 3."""
    assert Rate(successes, trials).interval == pytest.approx((low, high), abs=5e-5)


@given(st.integers(1, 500).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_an_interval_solves_its_equation(pair):
    """At its ends the share is 1.96 standard errors away."""
    rate = Rate(*pair)
    for end in rate.interval:
        if 1e-9 < end < 1 - 1e-9:
            error = math.sqrt(end * (1 - end) / rate.trials)
            assert abs(rate.share - end) == pytest.approx(1.959964 * error, rel=1e-6, abs=1e-9)
    low, high = rate.interval
    assert low <= rate.share + 1e-12 and high >= rate.share - 1e-12


def test_no_trial_says_nothing():
    assert math.isnan(Rate(0, 0).share)
    assert Rate(0, 0).interval == (0.0, 1.0)


def test_a_row_is_in_percent():
    assert Rate(3, 4).row() == {
        "success": 75.0, "success_low": 30.1, "success_high": 95.4, "episodes": 4,
    }  # fmt: skip


def test_trials_are_pooled():
    assert Rate.pooled(Rate(n, 4) for n in range(3)) == Rate(3, 12)
    assert Rate.pooled([]) == Rate(0, 0)
