import numpy as np
import pytest

from vvipe.robot.planning.arrivals import SimulatedETA, arrivals
from vvipe.robot.planning.episodes import run_episodes
from vvipe.robot.planning.planner import Planner
from vvipe.robot.planning.static import HOVER, HoverThenDescend, Predicting, top_speed
from vvipe.robot.planning.toy import TOY_REACH, TOY_TRAP, PointTrap

STATIC = HoverThenDescend(TOY_TRAP, TOY_REACH)


def test_it_catches_every_ball_that_keeps_still():
    outcomes = run_episodes(PointTrap(count=300), Planner(STATIC), 300, seed=5)
    assert outcomes.caught.all() and outcomes.steps.max() < 20


def test_actions_are_never_longer_than_one(rng):
    gripper, goal = rng.uniform(-1, 1, (500, 3)), rng.uniform(-1, 1, (500, 3))
    assert np.linalg.norm(STATIC.act(gripper, goal), axis=-1).max() <= 1 + 1e-12


@pytest.mark.parametrize(
    ("aside", "height", "goes_down"),
    [(0.005, HOVER, True), (0.02, HOVER, False), (0.02, HOVER / 2, True), (0.05, 0.02, False)],
)
def test_the_lower_it_is_the_more_it_puts_up_with(aside, height, goes_down):
    action = STATIC.act(np.array([aside, 0.0, height]), np.zeros(3))
    assert (action[2] < -1e-9) == goes_down


def test_further_numbers_of_an_action_are_zero():
    action = HoverThenDescend(TOY_TRAP, TOY_REACH, 4).act(np.ones((2, 3)), np.zeros((2, 3)))
    assert action.shape == (2, 4) and (action[:, 3] == 0).all()


def test_the_top_speed_is_what_a_whole_action_moves():
    assert top_speed(PointTrap(count=10), STATIC) == pytest.approx(TOY_REACH)
    slow = HoverThenDescend(TOY_TRAP, 2 * TOY_REACH)  # thinks an action moves it twice as far
    assert top_speed(PointTrap(count=10, reach=0.01), slow, episodes=10) == pytest.approx(0.01)


class Learned:
    def predict(self, observation, deterministic):
        assert deterministic and "history" not in observation
        return observation["desired_goal"] - observation["achieved_goal"], None


def test_a_learned_policy_is_told_the_goal():
    seen = PointTrap(count=2).reset(seed=0)[0]
    goal = np.full((2, 3), 7.0)
    np.testing.assert_array_equal(Predicting(Learned())(seen, goal), goal - seen["achieved_goal"])


def test_arrivals_tell_when_the_gripper_comes_down():
    found = arrivals(PointTrap(count=50), STATIC, 120, seed=2)
    np.testing.assert_array_equal(SimulatedETA(STATIC)(found.gripper, found.goal), found.steps)
    assert len(np.unique(found.episode)) > 75 and 100 < found.episode.max() < 150
    assert len({*found.steps}) > 8  # far and near, high and low


def test_arrivals_are_decided_by_the_seed():
    first, again, other = (arrivals(PointTrap(count=5), STATIC, 10, seed=s) for s in (1, 1, 2))
    np.testing.assert_array_equal(first.gripper, again.gripper)
    assert len(first) != len(other) or (first.gripper != other.gripper).any()


def test_a_choice_of_arrivals():
    found = arrivals(PointTrap(count=5), STATIC, 10)
    chosen = found.of(found.episode < 3)
    assert 0 < len(chosen) < len(found) and chosen.episode.max() < 3


def test_what_never_arrives_is_given_up():
    eta = SimulatedETA(STATIC, horizon=30)
    # A goal below the plane is out of what counts as down only when the gripper never moves.
    stuck = SimulatedETA(HoverThenDescend(TOY_TRAP, TOY_REACH, aligned=-1.0), horizon=30)
    start, goal = np.array([[0.1, 0.0, 0.1]]), np.zeros((1, 3))
    assert eta(start, goal)[0] < 10 and stuck(start, goal)[0] == 30
