import numpy as np
import pytest

from vvipe.robot.planning.forecasts import ConstantVelocity, ReflectedVelocity
from vvipe.robot.planning.motions import Box, sample_motion
from vvipe.robot.planning.trap import HISTORY

BOX = Box((0.0, 0.0, 0.5), (1.0, 2.0, 0.5))


def past_and_future(kind, speed, steps, rng, count=200):
    places = sample_motion(kind, BOX, speed, count, rng).positions(np.arange(HISTORY + steps))
    return places[:, :HISTORY], places[:, HISTORY:]


@pytest.mark.parametrize("speed", [0.0, 0.01, 0.3])
def test_reflected_velocity_is_exact_for_bouncing_balls(speed, rng):
    past, ahead = past_and_future("bounce", speed, 60, rng)
    np.testing.assert_allclose(ReflectedVelocity(BOX)(past), ahead, atol=1e-9)


def test_constant_velocity_is_exact_until_the_wall(rng):
    past, ahead = past_and_future("bounce", 0.02, 60, rng)
    going = np.cumprod(np.isclose(ConstantVelocity()(past), ahead).all(-1), 1).astype(bool)
    straight = past[:, -1:] + (past[:, -1] - past[:, -2])[:, None] * np.arange(1, 61)[:, None]
    met_no_wall = np.isclose(BOX.reflect(straight), straight).all(-1)
    late = np.isclose(np.linalg.norm(past[:, -1] - past[:, -2], axis=-1), 0.02)
    np.testing.assert_array_equal(going[late], np.cumprod(met_no_wall[late], 1).astype(bool))
    assert late.mean() > 0.9 and 0.2 < going.mean() < 0.95


@pytest.mark.parametrize("forecast", [ConstantVelocity(7), ReflectedVelocity(BOX, 7)])
def test_shapes(forecast, rng):
    past, _ = past_and_future("circle", 0.02, 1, rng, count=3)
    assert forecast(past).shape == (3, 7, 3)


def test_two_axes_serve_as_well():
    past = np.array([[[0.0, 0.0], [0.1, 0.2], [0.2, 0.4]]])
    np.testing.assert_allclose(ConstantVelocity(2)(past)[0], [[0.3, 0.6], [0.4, 0.8]])
