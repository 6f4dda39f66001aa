from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("gymnasium_robotics")

from vvipe import VvipeError
from vvipe.robot.join.scene import TablePanel, between
from vvipe.robot.join.spots import spot_arena, spot_trap
from vvipe.robot.planning.episodes import Trace, trace_episode
from vvipe.robot.planning.moving_goal import FETCH_TRAP
from vvipe.robot.planning.planner import Planner
from vvipe.robot.planning.settings import FETCH_REACH
from vvipe.robot.planning.static import HoverThenDescend
from vvipe.view.palette import PANEL


@pytest.fixture
def trace():
    gripper = np.linspace([1.34, 0.75, 0.53], [1.46, 0.87, 0.45], 6)
    ball = np.tile([1.46, 0.86, 0.45], (6, 1))
    path = np.linspace(ball[0], ball[0] - [0.05, 0.05, 0], 10)
    return Trace(gripper, ball, ball[:5], np.tile(path, (5, 1, 1)), caught=True)


def pictures(trace, rows=(-1, 0, 3, 5)):
    spots = {"left hand": spot_trap("far left"), "run": spot_trap("near right")}
    panel = TablePanel("table", trace, np.array(rows), FETCH_TRAP, spots, 200)
    return [np.asarray(panel.picture(i), int) for i in range(len(rows))]


def has(picture, colour):
    wanted = np.array([int(colour[i : i + 2], 16) for i in (1, 3, 5)])
    return (np.abs(picture - wanted).max(-1) < 12).any()


def test_nothing_has_happened_before_it_begins(trace):
    before, first, going, _ = pictures(trace)
    np.testing.assert_array_equal(before, first)
    assert before.shape == (200, 220, 3)
    assert np.abs(going - first).max() > 100


def test_the_end_says_whether_it_was_trapped(trace):
    hit, miss = "#1a9a6c", "#d0435b"
    *_, going, won = pictures(trace)
    *_, lost = pictures(replace(trace, caught=False))
    assert has(won, hit) and not has(won, miss)
    assert has(lost, miss) and not has(lost, hit)
    assert not has(going, hit) and not has(going, miss)


def test_what_is_between_two_steps_is_drawn_between_them(trace):
    values = np.array([[0.0], [2.0], [6.0]])
    places = [0.0, 0.25, 1.0, 1.5, 2.0, 2.9]
    assert [between(values, at).item() for at in places] == [0.0, 0.5, 2.0, 4.0, 6.0, 6.0]
    before, half, after = pictures(trace, (3, 3.5, 4))
    assert np.abs(half - before).max() > 100 and np.abs(half - after).max() > 100


def test_the_robot_is_where_it_was(tmp_path):
    """Its hand moves to the left half of the table, and so does what is drawn of it."""
    from vvipe.robot.join.robot_panel import RobotPanel

    arena = spot_arena("far left", "bounce", 0.01)
    static = HoverThenDescend(arena.trap, FETCH_REACH, 4)
    trace = trace_episode(arena, Planner(static), 3, arena.joints)
    assert trace.joints.shape == (len(trace.gripper), arena.model.nq)
    rows = np.array([-0.5, 0.0, 4.5, len(trace.gripper) - 1.0])
    try:
        panel = RobotPanel("robot", arena.model, trace, rows, 120)
    except VvipeError as error:
        pytest.skip(str(error))
    sky = arena.model.tex_data.copy()
    before, first, going, last = (np.asarray(panel.picture(i), int) for i in range(4))
    panel.close()
    np.testing.assert_array_equal(before, first)
    assert first.shape == (120, 120, 3) and np.abs(going - first).max() > 100
    assert np.abs(last - going).max() > 100
    corner = [int(PANEL[i : i + 2], 16) for i in (1, 3, 5)]
    assert np.abs(first[2, -3] - corner).max() < 8
    red = (first[..., 0] > 150) & (first[..., 1:].max(-1) < 60)
    assert red.any()
    np.testing.assert_array_equal(arena.model.tex_data, sky)  # the simulator's own stays


def test_left_is_left(trace):
    """The left hand's spot lies left of the middle, ahead is up."""
    orange = np.array([0xE8, 0x70, 0x1A])
    first = pictures(trace)[0]
    rows, columns = np.nonzero(np.abs(first - orange).max(-1) < 12)
    assert columns.mean() < 110 and rows.mean() < 120
