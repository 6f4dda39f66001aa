import warnings

import numpy as np
import pytest

gymnasium = pytest.importorskip("gymnasium")
with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    gymnasium.register_envs(pytest.importorskip("gymnasium_robotics"))
    pytest.importorskip("mujoco")

from vvipe.errors import VvipeError  # noqa: E402
from vvipe.robot import MovingGoal  # noqa: E402
from vvipe.robot.planning.arrivals import arrivals  # noqa: E402
from vvipe.robot.planning.episodes import run_episodes  # noqa: E402
from vvipe.robot.planning.moving_goal import FETCH_TRAP, fetch_trap  # noqa: E402
from vvipe.robot.planning.planner import (  # noqa: E402
    DynamicPlanner,
    FrozenGoal,
    Planner,
    TruePath,
)
from vvipe.robot.planning.settings import FETCH_REACH, fetch_setting  # noqa: E402
from vvipe.robot.planning.static import top_speed  # noqa: E402

SETTING = fetch_setting()
STATIC = SETTING.static


@pytest.fixture(scope="module")
def arena():
    return fetch_trap("bounce", 0.0)


@pytest.fixture(scope="module")
def rolling():
    return fetch_trap("bounce", 0.8 * FETCH_REACH)


def test_observations_fit_their_space(rolling):
    seen, _ = rolling.env.reset(seed=1)
    assert rolling.env.observation_space.contains(seen)
    after, reward, down, late, info = rolling.env.step(np.zeros(4, np.float32))
    assert rolling.env.observation_space.contains(after)
    assert (reward, down, late, info["is_success"]) == (-1.0, False, False, False)
    way = np.linalg.norm(after["desired_goal"] - seen["desired_goal"])
    assert 0 < way <= 0.8 * FETCH_REACH + 1e-9
    np.testing.assert_array_equal(after["history"][-1], after["desired_goal"])
    np.testing.assert_allclose(after["history"][:-1], seen["history"][1:], atol=1e-12)


def test_the_future_comes_true(rolling):
    rolling.env.reset(seed=2)
    future = rolling.env.future(3)
    for place in future:
        seen = rolling.env.step(np.zeros(4, np.float32))[0]
        np.testing.assert_allclose(seen["desired_goal"], place, atol=1e-12)
        np.testing.assert_array_equal(rolling.env.unwrapped.goal, place)


def test_the_seed_decides(rolling):
    starts = [rolling.env.reset(seed=seed)[0]["desired_goal"] for seed in (3, 3, 4)]
    np.testing.assert_array_equal(starts[0], starts[1])
    assert (starts[0][:2] != starts[2][:2]).all()
    rolling.env.reset(seed=3)
    assert (rolling.env.reset()[0]["desired_goal"][:2] != starts[0][:2]).all()


def test_still_balls_are_caught_and_rolling_ones_need_foresight(arena, rolling):
    assert run_episodes(arena, Planner(STATIC), 12, seed=5).caught.all()
    ahead = DynamicPlanner(STATIC, SETTING.exact_eta, TruePath(rolling), replan=1)
    assert run_episodes(rolling, ahead, 12, seed=5).caught.mean() > 0.9
    assert run_episodes(rolling, FrozenGoal(STATIC), 12, seed=5).caught.mean() < 0.4


def test_time_runs_out_while_the_gripper_waits(arena):
    arena.reset(seed=0)
    late = [bool(arena.step(np.zeros((1, 4)))[3][0]) for _ in range(50)]
    assert late == [False] * 49 + [True]


def test_the_top_speed_is_what_the_setting_says(arena):
    assert top_speed(arena, STATIC, episodes=4) == pytest.approx(FETCH_REACH, rel=0.03)


def test_the_simulated_time_of_arrival_is_true_to_a_step(arena):
    found = arrivals(arena, STATIC, 15, seed=3)
    off = np.abs(SETTING.exact_eta(found.gripper, found.goal) - found.steps)
    assert len(found) > 20 and off.mean() < 0.2 and off.max() <= 2


def test_what_is_no_goal_environment():
    with pytest.raises(VvipeError, match="no environment with a goal in space; expected observ"):
        MovingGoal(gymnasium.make("CartPole-v1"))
    with pytest.raises(VvipeError, match=r"got {'achieved_goal': \(2,\)"):
        MovingGoal(gymnasium.make("PointMaze_UMaze-v3"))
    with pytest.raises(VvipeError, match="unknown motion"):
        fetch_trap("spiral")


def test_the_arm_reaches_the_whole_table():
    low, high = FETCH_TRAP.box.low, FETCH_TRAP.box.high
    assert np.allclose(np.subtract(high, low), [0.4, 0.4, 0])
    assert 0.42 < FETCH_TRAP.plane < 0.53  # above the table, below where the gripper starts
