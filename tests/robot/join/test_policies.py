import numpy as np
import pytest

pytest.importorskip("gymnasium_robotics")

from vvipe.robot.demonstrations import Demonstration
from vvipe.robot.join import policies
from vvipe.robot.join.policies import Learned, skill
from vvipe.robot.join.spots import spot_arena, spot_trap
from vvipe.robot.planning.arrivals import arrivals
from vvipe.robot.planning.episodes import trace_episode
from vvipe.robot.planning.settings import FETCH_REACH
from vvipe.robot.planning.static import HoverThenDescend


def by_rule(arena, policy, rollouts, seed):
    """Arrivals of a policy that comes down; one that has hardly learned does not."""
    return arrivals(arena, HoverThenDescend(arena.trap, FETCH_REACH, 4), rollouts, seed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setattr(policies, "ROLLOUTS", 60)
    patch.setattr(policies, "_UPDATES", 40)
    folder = tmp_path_factory.mktemp("skill")
    patch.setattr(policies, "arrivals", by_rule)
    told = []
    skill("middle", folder, steps=1200, told=told.append)
    assert len(told) == 2
    yield folder
    patch.undo()


def test_a_skill_is_kept(folder):
    told = []
    again = skill("middle", folder, told=told.append)
    assert not told and again.spot == "middle"
    demo = Demonstration.load(folder / "demonstration.npz")
    assert demo.task == "middle"


def test_a_skill_is_led_by_its_planner(folder):
    found = skill("middle", folder)
    trace = trace_episode(spot_arena("middle", "bounce", 0.015), found.planner(), seed=3)
    low, high = np.array(spot_trap("middle").box.low), np.array(spot_trap("middle").box.high)
    assert (trace.path[0] > low - 0.02).all() and (trace.path[0] < high + 0.02).all()
    np.testing.assert_array_equal(trace.ball[0], found.naive().choose(_seen(3))[0])


def _seen(seed):
    return spot_arena("middle", "bounce", 0.015).reset(seed=seed)[0]


def test_a_policy_is_told_goals_of_its_own_spot_alone():
    heard = []

    class Actor:
        def __call__(self, seen):
            heard.append(seen["observation"])
            return np.zeros((1, 4))

    box = spot_trap("middle").box
    seen = spot_arena("middle").reset(seed=0)[0]
    policy = Learned(Actor(), box)
    policy(seen, np.array([box.high]) + 1)
    policy(seen, np.array([box.high]))
    np.testing.assert_allclose(heard[0], heard[1])
