import numpy as np
import pytest

from vvipe.errors import VvipeError
from vvipe.robot.planning.toy import TOY_REACH, TOY_TRAP, PointTrap
from vvipe.robot.planning.trap import EPISODE, HISTORY

DOWN = np.array([[0.0, 0.0, -1.0]])


def reset(**kwargs):
    arena = PointTrap(**kwargs)
    return arena, arena.reset(seed=3)[0]


def test_the_history_ends_now_and_goes_back_beyond_the_start():
    arena, seen = reset(speed=0.01, count=5)
    for _ in range(30):
        before, seen = seen, arena.step(np.zeros((5, 3)))[0]
        np.testing.assert_allclose(seen["history"][:, :-1], before["history"][:, 1:], atol=1e-12)
    assert seen["history"].shape == (5, HISTORY, 3)
    np.testing.assert_array_equal(seen["history"][:, -1], seen["desired_goal"])


def test_the_future_comes_true():
    arena, _ = reset(speed=0.02, count=4)
    arena.step(np.zeros((4, 3)))
    future = arena.future(10)
    for step in range(10):
        seen = arena.step(np.zeros((4, 3)))[0]
        np.testing.assert_allclose(seen["desired_goal"], future[:, step], atol=1e-12)


def test_grippers_go_no_further_than_they_reach():
    arena, seen = reset(count=1)
    after = arena.step(np.array([[5.0, -5.0, 0.5]]))[0]
    way = (after["achieved_goal"] - seen["achieved_goal"])[0]
    np.testing.assert_allclose(way, TOY_REACH * np.array([1, -1, 0.5]))


@pytest.mark.parametrize(("aside", "caught"), [(0.0, True), (0.039, True), (0.041, False)])
def test_the_first_time_down_decides(aside, caught):
    arena, seen = reset(count=1)
    arena.gripper = seen["desired_goal"] + np.array([[aside, 0, 0.1]])
    for step in range(3):
        _, reward, down, late, info = arena.step(DOWN)
        assert down[0] == (step == 2) and not late[0]
    assert info["is_success"][0] == caught and reward[0] == caught - 1


def test_above_the_ball_is_not_enough():
    arena, seen = reset(count=1)
    arena.gripper = seen["desired_goal"] + np.array([[0, 0, 0.02]])
    _, reward, down, _, info = arena.step(np.zeros((1, 3)))
    assert not down[0] and not info["is_success"][0] and reward[0] == -1


def test_time_runs_out():
    arena, _ = reset(count=2)
    late = [arena.step(np.zeros((2, 3)))[3][0] for _ in range(EPISODE)]
    assert late == [False] * (EPISODE - 1) + [True]


def test_the_seed_decides():
    starts = [PointTrap(count=3).reset(seed=seed)[0]["achieved_goal"] for seed in (1, 1, 2)]
    np.testing.assert_array_equal(starts[0], starts[1])
    assert (starts[0] != starts[2]).all((0, 1), where=[True, True, False])


def test_actions_of_another_shape():
    with pytest.raises(VvipeError, match=r"no actions; expected \(2, 3\); got \(3,\)"):
        PointTrap(count=2).step(np.zeros(3))


def test_the_table_is_square():
    assert TOY_TRAP.plane == 0 and (TOY_TRAP.box.size == [0.4, 0.4, 0]).all()
