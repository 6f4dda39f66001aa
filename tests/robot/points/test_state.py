import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvipe.errors import VvipeError
from vvipe.robot.points.camera import Camera
from vvipe.robot.points.prescribed import PrescribedPoint, PrescribedPoints
from vvipe.robot.points.state import PointState, depth_at

FIRST = Camera.orbiting(np.zeros(3), 20, 40, 2.0, 45, (160, 120))
WORLD = np.array([
    [0.1, 0.0, 0.1], [-0.1, 0.2, 0.0], [0.3, 0.3, 0.0], [-0.3, 0.3, 0.0], [0.3, -0.3, 0.0],
    [-0.3, -0.2, 0.0],
])  # fmt: skip
NAMES = ("gripper", "block", "a", "b", "c", "d")


def points(anchors=4):
    in_camera = (WORLD - FIRST.pos) @ FIRST.mat * (1, -1, -1)
    return PrescribedPoints(tuple(
        PrescribedPoint(n, "body:world", tuple(w), tuple(s), 2 <= i < 2 + anchors)
        for i, (n, w, s) in enumerate(zip(NAMES, WORLD, in_camera, strict=True))
    ))  # fmt: skip


def told(kind, relative_to=None, camera=FIRST, world=WORLD):
    seen = camera.project(world)
    return PointState(points(), kind, relative_to)(seen[..., :2], seen[..., 2], camera)


def test_scaled_is_the_papers_formula():
    seen = FIRST.project(WORLD)
    expected = []
    for u, v, d in seen:
        expected += [(u - 80) * d / 80, (v - 60) * d / 60, d]
    np.testing.assert_allclose(told("scaled"), expected)


def test_camera_is_metres_in_the_cameras_axes():
    expected = (WORLD - FIRST.pos) @ FIRST.mat * (1, -1, -1)
    np.testing.assert_allclose(told("camera"), expected.ravel(), atol=1e-12)


def test_without_depth_a_point_is_zero_as_in_the_paper():
    seen = FIRST.project(WORLD)
    depth = seen[:, 2].copy()
    depth[1] = 0
    pixels = seen[:, :2].copy()
    pixels[1] = np.nan
    state = PointState(points(), "scaled", None)(pixels, depth, FIRST).reshape(-1, 3)
    np.testing.assert_array_equal(state[1], 0)
    np.testing.assert_allclose(
        np.delete(state, 1, 0), np.delete(told("scaled").reshape(-1, 3), 1, 0)
    )


def test_depth_is_looked_up_under_the_pixel_and_0_outside():
    image = np.arange(12.0).reshape(3, 4) + 1
    pixels = np.array([[0, 0], [3.99, 2.99], [1.5, 2.2], [4.0, 1], [-0.1, 1], [np.nan, 1], [1, 3]])
    np.testing.assert_array_equal(depth_at(image, pixels), [1, 12, 10, 0, 0, 0, 0])


@given(st.floats(-60, 60), st.floats(10, 70), st.floats(1, 3), st.floats(30, 60))
def test_anchored_does_not_depend_on_the_camera(turn, tilt, distance, fovy):
    other = Camera.orbiting(np.array([0.05, 0.1, 0]), turn, tilt, distance, fovy, (200, 90))
    np.testing.assert_allclose(
        told("anchored", "gripper", other), told("anchored", "gripper"), atol=1e-9
    )
    assert not np.allclose(told("camera", "gripper", other), told("camera", "gripper"), atol=1e-3)


def test_anchored_from_the_first_camera_is_the_camera_state_without_anchors():
    np.testing.assert_allclose(told("anchored"), told("camera")[:6], atol=1e-12)


def test_anchored_needs_no_anchor_in_view_but_three():
    other = Camera.orbiting(np.zeros(3), 60, 30, 1.5, 50, (200, 200))
    seen = other.project(WORLD)
    state, whole = PointState(points()), told("anchored", "gripper", other)
    depth = seen[:, 2].copy()
    depth[4] = 0
    np.testing.assert_allclose(state(seen[:, :2], depth, other), whole, atol=1e-9)
    depth[3] = 0  # two are left: the camera is taken to be where it was
    assert not np.allclose(state(seen[:, :2], depth, other), whole, atol=1e-3)


def test_noise_on_anchors_moves_points_by_its_own_size(rng):
    seen = FIRST.project(WORLD)
    moved = seen[:, :2] + rng.normal(0, 0.5, (200, 6, 2))
    depth = np.broadcast_to(seen[:, 2], (200, 6))
    spread = PointState(points(), "anchored", None)(moved, depth, FIRST).std(0)
    assert spread.max() < 4 * 0.5 * 2.3 / FIRST.focal_px


def test_relative_to_the_gripper():
    plain, relative = told("camera").reshape(-1, 3), told("camera", "gripper").reshape(-1, 3)
    np.testing.assert_array_equal(relative[0], plain[0])
    np.testing.assert_allclose(relative[1:] + plain[0], plain[1:])


@pytest.mark.parametrize("kind", ["scaled", "camera", "anchored"])
def test_batches_are_independent(kind, rng):
    world = WORLD + rng.normal(0, 0.01, (3, 5, 6, 3))
    together = told(kind, "gripper", world=world)
    for i in np.ndindex(3, 5):
        np.testing.assert_allclose(together[i], told(kind, "gripper", world=world[i]), atol=1e-12)


def test_mistakes():
    with pytest.raises(VvipeError, match="unknown state 'pixels'"):
        PointState(points(), "pixels")
    with pytest.raises(VvipeError, match=r"too few anchors.*got 2"):
        PointState(points(anchors=2))
    with pytest.raises(VvipeError, match="no point 'hand'"):
        PointState(points(), "camera", "hand")
