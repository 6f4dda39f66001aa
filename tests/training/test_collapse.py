"""A training that has collapsed is stopped: late enough, and for one of four reasons."""

import pytest

from vvipe import VvipeError
from vvipe.training.methods.collapse import EARLY, PATIENCE, Watch

SOUND = {"depth": 1.0, "balance": 0.8, "reprojection": 0.1}
CASES = {
    "flat bodies": ({"depth": 0.1}, "objective.prior"),
    "out in depth": ({"depth": 5.0}, "objective.bones"),
    "does not draw what is seen": ({"reprojection": 0.6}, "lower lr"),
    "critic tells every": ({"balance": 0.995}, "critic_steps"),
}


@pytest.fixture(params=CASES.items(), ids=CASES)
def case(request):
    words, (bad, hint) = request.param
    return words, SOUND | bad, hint


def test_it_stops_when_patience_is_at_its_end_and_not_before(case):
    words, bad, hint = case
    watch = Watch(1000)
    for _ in range(PATIENCE - 1):
        watch.check(500, bad)
    with pytest.raises(VvipeError, match=words) as caught:
        watch.check(519, bad)
    said = str(caught.value)
    assert "\n" not in said and "lifting step 519" in said and hint in said
    told = f"{bad['depth']:.2f}", f"{bad['reprojection']:.2f}", f"{bad['balance']:.0%}"
    assert all(figure in said for figure in told)


def test_early_on_anything_may_happen(case):
    _, bad, _ = case
    watch = Watch(1000)
    for _ in range(3 * PATIENCE):
        watch.check(int(EARLY * 1000) - 1, bad)
    assert not watch.bad


def test_who_recovers_is_given_his_patience_again(case):
    _, bad, _ = case
    watch = Watch(1000)
    for _ in range(4):
        for _ in range(PATIENCE - 1):
            watch.check(500, bad)
        watch.check(500, SOUND)


def test_different_faults_in_turn_are_not_one_that_lasts():
    watch = Watch(1000)
    for _ in range(PATIENCE):
        watch.check(500, SOUND | {"depth": 0.1})
        watch.check(500, SOUND | {"depth": 5.0})


@pytest.mark.parametrize("depth", [0.25, 1.0, 3.9])
def test_a_sound_training_is_left_alone_with_and_without_a_critic(depth):
    watch = Watch(1000)
    for _ in range(3 * PATIENCE):
        watch.check(999, {"depth": depth, "reprojection": 0.45})
        watch.check(999, {"depth": depth, "reprojection": 0.45, "balance": 0.98})
