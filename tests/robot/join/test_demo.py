"""The whole chain on real people; the policy is a rule, so that no test trains for minutes."""

import numpy as np
import pytest

pytest.importorskip("gymnasium_robotics")

import vvipe
from vvipe import VvipeError
from vvipe.geometry.layouts import MPI_INF_3DHP
from vvipe.robot.join import demo
from vvipe.robot.join.obeying import asked, obeyed, skilled
from vvipe.robot.join.people import SPOT_OF, Person, clips_of
from vvipe.robot.join.skills import Skill
from vvipe.robot.join.spots import spot_trap
from vvipe.robot.planning.arrivals import SimulatedETA
from vvipe.robot.planning.forecasts import ReflectedVelocity
from vvipe.robot.planning.settings import FETCH_REACH
from vvipe.robot.planning.static import HoverThenDescend


def ruled(spot):
    """A skill by rule that is told goals of its own spot alone, as learned ones are."""
    trap = spot_trap(spot)
    rule = HoverThenDescend(trap, FETCH_REACH, 4)

    def policy(seen, goal):
        return rule(seen, np.clip(goal, trap.box.low, trap.box.high))

    return Skill(spot, policy, SimulatedETA(rule), ReflectedVelocity(trap.box))


@pytest.fixture(scope="module")
def skills():
    return {spot: ruled(spot) for spot in SPOT_OF.values()}


def test_the_right_skill_traps_the_ball_and_another_does_not(skills):
    assert sum(obeyed("run", skills["near right"], seed) for seed in range(10)) >= 9
    assert not any(obeyed("run", skills["far left"], seed) for seed in range(10))


def test_looking_ahead_is_what_does_it(skills):
    ahead = skilled(skills["far left"], 20, 0)
    assert ahead.share >= 0.9 and skilled(skills["far left"], 20, 0, naive=True).trials == 20


def test_a_detector_sees_a_person_less_well(data_root):
    person = Person.of(clips_of(data_root, "test")[0])
    exact = asked(person, MPI_INF_3DHP, 3)
    noisy = asked(person, MPI_INF_3DHP, 3, noise_seed=1)
    again = asked(person, MPI_INF_3DHP, 3, noise_seed=1)
    np.testing.assert_array_equal(noisy.seen.coords, again.seen.coords)
    off = np.linalg.norm(noisy.seen.coords - exact.seen.coords, axis=-1)
    assert 0.5 < np.nanmedian(off) < 40 and exact.command == noisy.command


def test_a_command_is_obeyed_and_filmed(data_root, tmp_path, monkeypatch):
    monkeypatch.setattr(demo, "skills", lambda spots, *_, **__: {s: ruled(s) for s in spots})
    name = "raise-up-left-hand_normal_021"
    film = tmp_path / "film.gif"
    told = demo.demonstrated(vvipe.load(), data_root, tmp_path, film, name, camera=0)
    assert (told.clip, told.meant, told.understood) == (name, "left hand", "left hand")
    assert list(told.costs) == sorted(told.costs, key=told.costs.get) and len(told.costs) == 5
    assert told.caught and film.stat().st_size > 10_000
    assert told.film.frames > told.steps


def test_what_is_not_there_is_said(data_root, tmp_path):
    with pytest.raises(VvipeError, match="no test clip 'dance'"):
        demo.demonstrated(None, data_root, tmp_path, tmp_path / "a.gif", "dance")
    with pytest.raises(VvipeError, match="no camera 11"):
        demo.demonstrated(None, data_root, tmp_path, tmp_path / "a.gif", camera=11)
