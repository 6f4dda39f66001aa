import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvipe.errors import VvipeError
from vvipe.robot.planning.motions import KINDS, Bounce, Box, Circle, Line, sample_motion

BOX = Box((-1.0, 2.0, 5.0), (3.0, 4.0, 5.0))


def bounced_stepwise(low, high, place, speed, steps):
    """One axis in a thousandth of a step at a time, turned round at the walls."""
    for _ in range(1000 * steps):
        place += speed / 1000
        if place > high:
            place, speed = 2 * high - place, -speed
        elif place < low:
            place, speed = 2 * low - place, -speed
    return place


@given(
    x=st.floats(-1, 3), y=st.floats(2, 4), vx=st.floats(-3, 3), vy=st.floats(-3, 3),
    steps=st.integers(0, 5),
)  # fmt: skip
def test_bounce_agrees_with_a_simulation(x, y, vx, vy, steps):
    motion = Bounce(BOX, np.array([[x, y, 5.0]]), np.array([[vx, vy, 0.0]]))
    got = motion.positions(np.array([steps]))[0, 0]
    expected = bounced_stepwise(-1, 3, x, vx, steps), bounced_stepwise(2, 4, y, vy, steps), 5.0
    np.testing.assert_allclose(got, expected, atol=1e-9)


@pytest.mark.parametrize("kind", KINDS)
def test_motions_stay_in_the_box_and_keep_their_speed(kind, rng):
    speeds = np.array([0.01, 0.02, 0.03])
    places = sample_motion(kind, BOX, speeds, 3, rng).positions(np.arange(-200, 200) * 0.5)
    assert (places >= np.array(BOX.low) - 1e-9).all()
    assert (places <= np.array(BOX.high) + 1e-9).all()
    ways = np.linalg.norm(np.diff(places, axis=1), axis=-1)
    np.testing.assert_allclose(np.median(ways, axis=1), speeds / 2, rtol=1e-3)
    assert (ways <= speeds[:, None] / 2 + 1e-9).all()


@pytest.mark.parametrize("kind", KINDS)
def test_a_still_goal_stays(kind, rng):
    places = sample_motion(kind, BOX, 0.0, 4, rng).positions(np.arange(50))
    np.testing.assert_array_equal(places, np.repeat(places[:, :1], 50, axis=1))


@pytest.mark.parametrize("kind", KINDS)
def test_the_seed_decides(kind):
    first, again, other = (
        sample_motion(kind, BOX, 0.1, 2, np.random.default_rng(seed)).positions(np.arange(3))
        for seed in (1, 1, 2)
    )
    np.testing.assert_array_equal(first, again)
    assert (first != other).any()


def test_a_line_goes_to_and_fro():
    ends = np.array([[[0.0, 0, 0], [3, 4, 0]]])
    line = Line(ends, np.array([0.0]), np.array([1.0]))
    got = line.positions(np.array([0, 2.5, 5, 7.5, 10, -2.5]))[0]
    share = np.array([0, 0.5, 1, 0.5, 0, 0.5])
    np.testing.assert_allclose(got, share[:, None] * ends[0, 1], atol=1e-12)


def test_a_circle_is_round():
    centre = np.array([[1.0, 2.0, 3.0]])
    circle = Circle(centre, np.array([2.0]), np.array([0.0]), np.array([np.pi / 2]))
    got = circle.positions(np.arange(4))[0] - centre[0]
    np.testing.assert_allclose(got, [[2, 0, 0], [0, 2, 0], [-2, 0, 0], [0, -2, 0]], atol=1e-12)


def test_circles_start_anywhere_in_the_box(rng):
    square = Box((0.0, 0.0), (1.0, 1.0))
    starts = sample_motion("circle", square, 0.0, 2000, rng).positions(np.array([0]))[:, 0]
    np.testing.assert_allclose(starts.mean(0), 0.5, atol=0.03)
    assert np.ptp(starts, axis=0).min() > 0.95


def test_what_is_no_box_or_motion(rng):
    with pytest.raises(VvipeError, match="no box; expected low <= high"):
        Box((0.0, 1.0), (1.0, 0.0))
    with pytest.raises(VvipeError, match="no box"):
        Box((0.0,), (1.0, 1.0))
    with pytest.raises(VvipeError, match="unknown motion 'spiral'; expected line or circle or"):
        sample_motion("spiral", BOX, 0.1, 1, rng)
