import numpy as np
import pytest

pytest.importorskip("gymnasium_robotics")

from vvipe.robot.actors import Actor
from vvipe.robot.demonstrations import Demonstration
from vvipe.robot.join import skills, still
from vvipe.robot.join.skills import skill
from vvipe.robot.join.spots import spot_arena, spot_trap
from vvipe.robot.join.still import Learned
from vvipe.robot.planning.arrivals import arrivals
from vvipe.robot.planning.episodes import Outcomes, trace_episode
from vvipe.robot.planning.settings import FETCH_REACH
from vvipe.robot.planning.static import HoverThenDescend


def by_rule(arena, policy, rollouts, seed):
    """Arrivals of a policy that comes down; one that has hardly learned does not."""
    return arrivals(arena, HoverThenDescend(arena.trap, FETCH_REACH, 4), rollouts, seed)


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    patch = pytest.MonkeyPatch()
    patch.setattr(skills, "ROLLOUTS", 60)
    patch.setattr(skills, "_UPDATES", 40)
    folder = tmp_path_factory.mktemp("skill")
    patch.setattr(skills, "arrivals", by_rule)
    patch.setattr(still, "TRIES", 1)
    told = []
    skill("middle", folder, steps=1200, told=told.append)
    assert len(told) == 3
    yield folder
    patch.undo()


def test_a_skill_is_kept(folder):
    told = []
    again = skill("middle", folder, told=told.append)
    assert not told and again.spot == "middle"
    demo = Demonstration.load(folder / "demonstration.npz")
    assert demo.task == "middle"


def test_a_policy_that_fails_its_trial_is_learned_anew(tmp_path, monkeypatch):
    """The best of all is kept."""
    shares, made = iter([0.0, 0.6, 0.2]), []

    def trial(*_):
        return Outcomes(np.arange(20) < 20 * next(shares), np.zeros(20))

    def learned(spot, demo, seed, steps):
        made.append((seed, demo.states))
        return Actor([(np.full((4, 6), float(seed)), np.zeros(4))], ["observation"])

    monkeypatch.setattr(still, "TRIES", 3)
    monkeypatch.setattr(still, "run_episodes", trial)
    monkeypatch.setattr(still, "_learned", learned)
    told = []
    still.learn_spot("middle", tmp_path, seed=7, steps=5, told=told.append)
    assert [seed for seed, _ in made] == [7, 1007, 2007]
    assert all((states == made[0][1]).all() for _, states in made)
    assert Actor.load(tmp_path).layers[0][0][0, 0] == 1007
    about = Actor.load(tmp_path).about
    assert (about["tries"], about["still"]) == (3, 0.6)
    assert told == [f"middle: traps {n} of 20 balls that keep still" for n in (0, 12, 4)]


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

    class Listener:
        def __call__(self, seen):
            heard.append(seen["observation"])
            return np.zeros((1, 4))

    box = spot_trap("middle").box
    seen = spot_arena("middle").reset(seed=0)[0]
    policy = Learned(Listener(), box)
    policy(seen, np.array([box.high]) + 1)
    policy(seen, np.array([box.high]))
    np.testing.assert_allclose(heard[0], heard[1])
