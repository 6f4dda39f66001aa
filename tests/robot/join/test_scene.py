from dataclasses import replace

import numpy as np
import pytest

pytest.importorskip("gymnasium_robotics")

from vvipe.robot.join.scene import TablePanel
from vvipe.robot.join.spots import spot_trap
from vvipe.robot.planning.episodes import Trace
from vvipe.robot.planning.moving_goal import FETCH_TRAP


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


def test_left_is_left(trace):
    """The left hand's spot lies left of the middle, ahead is up."""
    orange = np.array([0xE8, 0x70, 0x1A])
    first = pictures(trace)[0]
    rows, columns = np.nonzero(np.abs(first - orange).max(-1) < 12)
    assert columns.mean() < 110 and rows.mean() < 120
