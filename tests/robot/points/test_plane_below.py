import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from vvipe.robot.points.plane import Plane

UP = np.array([0.0, -0.6, -0.8])  # of a camera that looks down
RIGHT = np.array([1.0, 0, 0])
ALONG = np.cross(UP, RIGHT)
MIDDLE = np.array([0.1, 0.2, 1.5])
SQUARE = np.array([[a, b] for a in (-0.3, 0.3) for b in (-0.2, 0.2)]) @ np.array([RIGHT, ALONG])


@pytest.fixture
def plane():
    return Plane.through(SQUARE + MIDDLE)


def test_it_goes_through_its_points_and_up_is_towards_the_camera(plane):
    np.testing.assert_allclose(plane.middle, MIDDLE)
    np.testing.assert_allclose(plane.up, UP, atol=1e-12)
    np.testing.assert_allclose(plane.heights(SQUARE + MIDDLE + 0.05 * UP), 0.05)


def test_too_few_points_or_points_in_line_make_none():
    assert Plane.through(SQUARE[:2] + MIDDLE) is None
    assert Plane.through(MIDDLE + np.arange(5)[:, None] * RIGHT) is None


def test_behind_what_hides_it_a_point_is_as_high_as_it_has_to_be(plane):
    true = SQUARE + MIDDLE + np.array([[0.0], [0.02], [0.04], [0.06]]) * UP
    hidden = true * np.array([[0.7], [0.8], [0.9], [1.0]])
    np.testing.assert_allclose(plane.behind(hidden, plane.heights(true)), true)


@pytest.mark.parametrize("ray", [RIGHT, RIGHT + 0.1 * UP])
def test_a_ray_that_does_not_come_down_stays_as_it_was(plane, ray):
    np.testing.assert_array_equal(plane.behind(ray[None], np.zeros(1)), ray[None])


def test_points_turn_about_the_normal_alone(plane):
    turned = Rotation.from_rotvec(0.4 * UP) * Rotation.from_rotvec(0.02 * RIGHT)
    found = plane.turn(SQUARE, turned.apply(SQUARE) + 1.0, 1e-4)
    rotvec = Rotation.from_matrix(found).as_rotvec()
    np.testing.assert_allclose(rotvec, 0.4 * UP, atol=0.01)


def test_points_no_further_apart_than_they_are_sure_hardly_turn(plane):
    turned = Rotation.from_rotvec(0.4 * UP).apply(0.005 * SQUARE)
    found = Rotation.from_matrix(plane.turn(0.005 * SQUARE, turned, 0.006)).magnitude()
    assert 0 < found < 0.05
    assert not Rotation.from_matrix(plane.turn(SQUARE[:1], SQUARE[:1], 0.006)).magnitude()
