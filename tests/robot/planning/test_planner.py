import numpy as np
import pytest

from vvipe.errors import VvipeError
from vvipe.robot.planning.arrivals import SimulatedETA
from vvipe.robot.planning.episodes import run_episodes, trace_episode
from vvipe.robot.planning.forecasts import ReflectedVelocity
from vvipe.robot.planning.planner import DynamicPlanner, FrozenGoal, Planner, TruePath
from vvipe.robot.planning.static import HoverThenDescend
from vvipe.robot.planning.toy import TOY_REACH, TOY_TRAP, PointTrap

STATIC = HoverThenDescend(TOY_TRAP, TOY_REACH)
EXACT = SimulatedETA(STATIC)
BOUNCED = ReflectedVelocity(TOY_TRAP.box)


def seen_at(ball, velocity, gripper=(0.0, 0.0, 0.1)):
    past = np.array(ball) + np.array(velocity) * np.arange(-23, 1)[:, None]
    return {
        "achieved_goal": np.array([gripper]),
        "desired_goal": past[None, -1],
        "history": past[None],
    }


class Always:
    """Always as many steps away."""

    def __init__(self, steps):
        self.steps = steps

    def __call__(self, gripper, goal):
        return np.full(len(gripper), float(self.steps))


def goals_of(planner, steps):
    """The goals while a ball goes straight on, one centimetre a step."""
    found = []
    for step in range(steps):
        planner(seen_at((0.01 * step - 0.15, 0.0, 0.0), (0.01, 0.0, 0.0)))
        found.append(planner.goal[0, 0])
    return np.array(found)


def test_the_naive_planner_follows_the_ball_and_the_frozen_one_does_not():
    now = np.arange(5) * 0.01 - 0.15
    np.testing.assert_allclose(goals_of(Planner(STATIC), 5), now)
    frozen = FrozenGoal(STATIC)
    np.testing.assert_allclose(goals_of(frozen, 5), now[0])
    frozen.reset()
    np.testing.assert_allclose(goals_of(frozen, 1), now[0])


def test_the_goal_is_where_both_will_be():
    planner = DynamicPlanner(STATIC, Always(6), BOUNCED)
    assert goals_of(planner, 1)[0] == pytest.approx(-0.15 + 0.06)


@pytest.mark.parametrize(("replan", "plans"), [("eta/3", [0, 3, 6]), (4, [0, 4]), (1, range(8))])
def test_plans_are_made_anew_at_their_time(replan, plans):
    # Nine steps are left at every plan, so that the ball is met ever further on.
    goals = goals_of(DynamicPlanner(STATIC, Always(9), BOUNCED, replan=replan), 8)
    changed = [0, *(1 + np.flatnonzero(np.diff(goals)))]
    assert changed == list(plans)


def test_the_interval_shrinks_as_the_robot_nears():
    lengths = [
        np.argmax(np.diff(goals_of(DynamicPlanner(STATIC, Always(e), BOUNCED), 12)) != 0) + 1
        for e in (18, 12, 3, 1)
    ]
    assert lengths == [6, 4, 1, 1]


def test_after_reset_it_plans_at_once():
    planner = DynamicPlanner(STATIC, Always(9), BOUNCED, replan=100)
    planner(seen_at((0.0, 0.0, 0.0), (0.01, 0.0, 0.0)))
    planner.reset()
    planner(seen_at((0.1, 0.1, 0.0), (0.0, 0.0, 0.0)))
    np.testing.assert_allclose(planner.goal[0], [0.1, 0.1, 0.0])


def test_episodes_do_not_mix():
    arena = PointTrap(speed=0.5 * TOY_REACH, count=6)
    seen = arena.reset(seed=1)[0]
    together = DynamicPlanner(STATIC, EXACT, BOUNCED, replan=2)
    alone = [DynamicPlanner(STATIC, EXACT, BOUNCED, replan=2) for _ in range(6)]
    for _ in range(4):
        action = together(seen)
        for i, planner in enumerate(alone):
            own = planner({name: value[i : i + 1] for name, value in seen.items()})
            np.testing.assert_allclose(own[0], action[i], atol=1e-12)
        seen = arena.step(action)[0]


def test_what_is_no_search_or_interval():
    with pytest.raises(VvipeError, match="unknown search 'all'; expected corners or full"):
        DynamicPlanner(STATIC, EXACT, BOUNCED, "all")
    for replan in ("eta/2", 0, 1.5, True):
        with pytest.raises(VvipeError, match="no interval; expected eta/3 or whole steps"):
            DynamicPlanner(STATIC, EXACT, BOUNCED, replan=replan)


def share(speed_ratio, make, episodes=200):
    arena = PointTrap(speed=speed_ratio * TOY_REACH, count=episodes)
    return run_episodes(arena, make(arena), episodes, seed=77).caught.mean()


def test_the_task_needs_foresight():
    oracle = share(0.8, lambda arena: DynamicPlanner(STATIC, EXACT, TruePath(arena), replan=1))
    assert oracle == 1
    assert share(0.8, lambda _: Planner(STATIC)) < 0.1
    assert share(0.5, lambda _: FrozenGoal(STATIC)) < 0.1
    corners = share(0.5, lambda _: DynamicPlanner(STATIC, EXACT, BOUNCED, "corners"))
    naive = share(0.5, lambda _: Planner(STATIC))
    full = share(0.5, lambda _: DynamicPlanner(STATIC, EXACT, BOUNCED))
    assert full > 0.95 and full > naive + 0.4 and full > corners


def test_nothing_is_lost_with_a_still_ball():
    for search in ("corners", "full"):
        assert share(0.0, lambda _, s=search: DynamicPlanner(STATIC, EXACT, BOUNCED, s)) == 1


def test_a_trace_tells_all_of_one_episode():
    arena = PointTrap(speed=0.5 * TOY_REACH)
    trace = trace_episode(arena, DynamicPlanner(STATIC, EXACT, BOUNCED), seed=4)
    steps = len(trace.goal)
    assert trace.caught and trace.gripper.shape == trace.ball.shape == (steps + 1, 3)
    assert trace.path.shape == (steps, 61, 3)
    assert TOY_TRAP.is_down(trace.gripper).tolist() == [False] * steps + [True]
    np.testing.assert_array_equal(trace.path[0, 0], trace.ball[0])
    np.testing.assert_allclose(trace.path[0, 1 : steps + 1], trace.ball[1:], atol=1e-9)
    ways = np.linalg.norm(np.diff(trace.gripper, axis=0), axis=-1)
    assert ways.max() == pytest.approx(TOY_REACH)
    same = run_episodes(arena, DynamicPlanner(STATIC, EXACT, BOUNCED), 1, seed=4)
    assert same.caught.tolist() == [True] and same.steps.tolist() == [steps]


def test_a_trace_without_forecasts():
    trace = trace_episode(PointTrap(), Planner(STATIC), seed=4)
    np.testing.assert_array_equal(trace.path[:, 0], trace.goal)
    with pytest.raises(VvipeError, match="a trace is of one episode"):
        trace_episode(PointTrap(count=2), Planner(STATIC))


def test_episodes_that_end_early_keep_their_outcome():
    arena = PointTrap(speed=0.3 * TOY_REACH, count=50)
    outcomes = run_episodes(arena, FrozenGoal(STATIC), 120, seed=9)
    assert len(outcomes.caught) == 150
    alone = run_episodes(arena, FrozenGoal(STATIC), 50, seed=10)
    np.testing.assert_array_equal(outcomes.caught[50:100], alone.caught)
    np.testing.assert_array_equal(outcomes.steps[50:100], alone.steps)
    assert 3 < alone.steps.min() < alone.steps.max() < 25
