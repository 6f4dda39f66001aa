"""The rewards, and that the potential changes no optimal policy."""

import numpy as np
import pytest

pytest.importorskip("gymnasium")

from worlds import Grid, Line

from vvipe import VvipeError
from vvipe.robot import WayExWrapper, WaypointValue
from vvipe.robot.wayex.rewards import Dense, DistanceToDemonstration, Rewarded
from vvipe.robot.wayex.wrapper import whole

GAMMA = 0.9


@pytest.fixture
def value(line_demo):
    return WaypointValue(line_demo, GAMMA, 30, d0=0.04)


def walked(env, actions):
    """Rewards, observations from the first on, and the last flags."""
    seen, _ = env.reset(seed=0)
    rewards, all_seen = [], [seen]
    for action in actions:
        seen, reward, terminated, truncated, info = env.step(np.array([action]))
        rewards.append(reward)
        all_seen.append(seen)
        if terminated or truncated:
            break
    return np.array(rewards), all_seen, (terminated, truncated, info)


def discounted(rewards):
    return float((GAMMA ** np.arange(len(rewards)) * rewards).sum())


def test_a_step_costs_one_and_success_ends():
    rewards, _, (terminated, truncated, info) = walked(Rewarded(Line()), [1] * 12)
    np.testing.assert_array_equal(rewards, [-1] * 9 + [0])
    assert terminated and not truncated and info["is_success"]


def test_shaping_telescopes_where_the_episode_goes_on(value, rng):
    env = WayExWrapper(Line(steps=25), value)
    rewards, seen, (terminated, truncated, _) = walked(env, rng.uniform(-1, 0.9, 40))
    assert truncated and not terminated and len(rewards) == 25
    ends = [float(value(seen[i]["observation"])) for i in (0, -1)]
    plain = discounted(-np.ones(25))
    assert discounted(rewards) - plain == pytest.approx(GAMMA**25 * ends[1] - ends[0], abs=1e-9)


def test_shaping_telescopes_to_the_start_where_the_episode_ends(value):
    rewards, seen, (terminated, *_) = walked(WayExWrapper(Line(), value), [1] * 12)
    assert terminated
    start = float(value(seen[0]["observation"]))
    plain = discounted([-1] * 9 + [0])
    assert discounted(rewards) - plain == pytest.approx(-start, abs=1e-9)


def test_a_miss_ends_the_potential_too(value):
    """A cliff half-way: what is lost there is the price of a miss and nothing else."""

    class Cliff(Line):
        def step(self, action):
            seen, reward, _, late, info = super().step(action)
            return seen, reward, bool(self.place >= 0.5), late, info

    rewards, seen, (terminated, _, info) = walked(WayExWrapper(Cliff(), value, miss=7), [1] * 12)
    assert terminated and not info["is_success"] and len(rewards) == 5
    start = float(value(seen[0]["observation"]))
    plain = discounted([-1] * 4 + [-8])
    assert discounted(rewards) - plain == pytest.approx(-start, abs=1e-9)


def test_it_telescopes_while_thresholds_grow(line_demo, rng):
    """Each term stands as the potential was when it was earned."""
    value = WaypointValue(line_demo, GAMMA, 30, d0=1e-4, growth=0.01, patience=1)
    env = WayExWrapper(Line(steps=25), value)
    first = float(value(np.zeros(1)))
    rewards, *_ = walked(env, rng.uniform(-1, 0.9, 40))
    assert value.thresholds.max() > 0.01
    last = env._before
    gained = discounted(rewards) - discounted(-np.ones(25))
    assert gained == pytest.approx(GAMMA**25 * last - first, abs=1e-9)


@pytest.mark.parametrize("mode", ["value", "target"])
def test_other_modes_earn_what_they_say(value, mode):
    rewards, seen, _ = walked(WayExWrapper(Line(), value, mode), [1, 0.3, -1])
    values = [float(value(s["observation"])) for s in seen[1:]]
    np.testing.assert_allclose(rewards, values if mode == "value" else [-1] * 3)


def test_thresholds_stand_still_unasked(line_demo):
    value = WaypointValue(line_demo, d0=1e-4, patience=1)
    walked(WayExWrapper(Line(), value, grow=False), [0.55] * 8)
    np.testing.assert_array_equal(value.thresholds, 1e-4)


def optimal(env):
    """(5, 5) sets of the best moves, by value iteration over what the environment gives."""
    fields = [(r, c) for r in range(5) for c in range(5) if (r, c) != (4, 4)]
    steps = {}
    for field in fields:
        for move in range(4):
            env.reset(options={"at": field})
            seen, reward, over, *_ = env.step(move)
            steps[field, move] = reward, tuple(seen["observation"].astype(int)), over
    worth = {f: 0.0 for f in [*fields, (4, 4)]}
    for _ in range(400):
        told = {
            f: [
                r + (0 if over else GAMMA * worth[to])
                for r, to, over in (steps[f, m] for m in range(4))
            ]
            for f in fields
        }
        worth |= {f: max(q) for f, q in told.items()}
    return {f: frozenset(np.flatnonzero(np.isclose(q, max(q), atol=1e-9))) for f, q in told.items()}


def test_no_optimal_policy_of_a_grid_is_changed(grid_demo):
    value = WaypointValue(grid_demo, GAMMA, 30, d0=0.5)
    plain, shaped = optimal(Rewarded(Grid())), optimal(WayExWrapper(Grid(), value, grow=False))
    assert plain == shaped
    assert plain[0, 0] == {0, 2} and plain[4, 0] == {0}


def test_the_value_at_every_step_does_change_it(grid_demo):
    """What the grid test would say of a rule that is not a potential."""
    value = WaypointValue(grid_demo, GAMMA, 30, d0=0.5)
    assert optimal(WayExWrapper(Grid(), value, "value", grow=False)) != optimal(Rewarded(Grid()))


def test_hindsight_is_told_cost_and_shaping(value):
    env = WayExWrapper(Line(), value)
    env.reset(seed=0)
    *_, info = env.step(np.array([1.0]))
    achieved, desired = np.array([[0.1], [0.1]]), np.array([[0.1], [1.0]])
    np.testing.assert_allclose(env.compute_reward(achieved, desired, [{}, {}]), [0, -1])
    both = env.compute_reward(achieved, desired, np.array([info, info]))
    np.testing.assert_allclose(both, np.array([0, -1]) + info["shaping"])


def test_both_kinds_of_sparse_reward_become_a_cost():
    """Mazes give 1 for the goal, Fetch -1 for every other step."""
    achieved, desired = np.array([[4.0, 4.0], [0.0, 0.0]]), np.full((2, 2), 4.0)
    np.testing.assert_array_equal(
        Rewarded(Grid()).compute_reward(achieved, desired, [{}, {}]), [0, -1]
    )


def test_dense_is_the_distance_left():
    rewards, *_ = walked(Dense(Line()), [1, 1, -0.5])
    np.testing.assert_allclose(rewards, [-0.9, -0.8, -0.85])


def test_distance_to_the_demonstration_is_that_of_the_nearest(line_demo):
    env = DistanceToDemonstration(Line(), line_demo, whole)
    rewards, *_ = walked(env, [0.3, 0.4, 0.5])
    np.testing.assert_allclose(rewards, [-0.03, -0.03, -0.02], atol=1e-12)


def test_columns_can_be_left_out(grid_demo):
    env = DistanceToDemonstration(Grid(), grid_demo, whole, columns=("row",))
    env.reset(options={"at": (2, 0)})
    assert env.step(0)[1] == 0.0
    both = DistanceToDemonstration(Grid(), grid_demo, whole)
    both.reset(options={"at": (2, 0)})
    assert both.step(0)[1] == -2.0


def test_what_does_not_fit_is_said(value, line_demo):
    with pytest.raises(VvipeError, match="potential, value, target"):
        WayExWrapper(Line(), value, "sparse")
    with pytest.raises(VvipeError, match="place"):
        WayExWrapper(Grid(), value).reset()
