"""What was made of the last few inputs."""

import numpy as np
import pytest

from vvipe.models import recent
from vvipe.models.recent import Recent


@pytest.fixture
def made():
    """A function that counts how often it is called."""

    def function(a, b):
        function.calls += 1
        return [a + b, a - b]

    function.calls = 0
    return function


def test_the_same_content_is_not_made_again(made, rng):
    a, b = rng.normal(size=(2, 5, 3))
    kept = Recent()
    first = kept(made, "", a, b)
    again = kept(made, "", a.copy(), b[::-1][::-1])
    assert made.calls == 1
    for one, other, expected in zip(first, again, (a + b, a - b), strict=True):
        np.testing.assert_array_equal(one, expected)
        np.testing.assert_array_equal(other, expected)


def test_other_content_order_shape_type_or_function_is(made):
    a, b = np.zeros((4, 1)), np.ones((4, 1))
    kept = Recent()
    calls = [("", a, b), ("", b, a), ("", a, 2 * b), ("", a.T, b.T), ("", a > 0, b), ("x", a, b)]
    for call in calls:
        kept(made, *call)
    assert made.calls == len(calls)


def test_nobody_changes_what_others_are_given(made):
    (result, _) = Recent()(made, "", np.zeros(2), np.ones(2))
    with pytest.raises(ValueError, match="read-only"):
        result[0] = 1


def test_the_oldest_is_forgotten_and_what_is_long_is_not_kept(made, monkeypatch):
    monkeypatch.setattr(recent, "ROWS", 3)
    kept, one = Recent(), np.ones(2)
    for i in range(recent.CALLS + 1):
        kept(made, "", i * one, one)
    kept(made, "", recent.CALLS * one, one)
    assert made.calls == recent.CALLS + 1
    kept(made, "", 0 * one, one)
    assert made.calls == recent.CALLS + 2
    for _ in range(2):
        kept(made, "", np.ones(4), np.ones(4))
    assert made.calls == recent.CALLS + 4
