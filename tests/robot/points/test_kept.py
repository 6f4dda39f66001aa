"""Policies that were trained and tested are not trained and tested again."""

import numpy as np
import pytest

pytest.importorskip("torch")

from vvipe.errors import VvipeError
from vvipe.robot.points.cloned import Cloned, Cloning
from vvipe.robot.points.kept import Kept
from vvipe.robot.points.policy import ClonedPolicy
from vvipe.robot.rates import RATES, Rate

HOW = Cloning(history=2, chunk=3, width=8)


def trained():
    return ClonedPolicy(Cloned((5,), 2, HOW))


def never(*_):
    raise AssertionError("made again")


def test_a_policy_is_trained_and_tested_once(tmp_path):
    first = Kept(tmp_path / "one", HOW, trained)
    assert first.rate("at home", lambda _: Rate(3, 4)) == Rate(3, 4)
    again = Kept(tmp_path / "one", HOW, never)
    assert again.rate("at home", never) == Rate(3, 4)
    assert again.rate("away", lambda _: Rate(1, 4)) == Rate(1, 4)
    told = np.ones((1, 2, 5), np.float32)
    np.testing.assert_array_equal(again.policy.chunks(told), first.policy.chunks(told))


def test_another_policy_in_the_folder_is_named(tmp_path):
    assert Kept(tmp_path, HOW, trained).policy
    with pytest.raises(VvipeError, match="holds another policy"):
        Kept(tmp_path, Cloning(history=2, chunk=3, width=8, seed=1), never).rate("at home", never)


def test_a_training_that_fails_leaves_nothing(tmp_path):
    with pytest.raises(AssertionError):
        Kept(tmp_path, HOW, never).rate("at home", never)
    assert Kept(tmp_path, HOW, trained).rate("at home", lambda _: Rate(0, 1)) == Rate(0, 1)


def test_damaged_rates_are_named(tmp_path):
    assert Kept(tmp_path, HOW, trained).policy
    (tmp_path / RATES).write_text("{")
    with pytest.raises(VvipeError, match=r"is not JSON.*remove it"):
        Kept(tmp_path, HOW, never).rate("at home", never)
