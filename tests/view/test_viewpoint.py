import numpy as np
import pytest

from vvipe.view.draw import upright_joints
from vvipe.view.viewpoint import View, facing_deg, projection, upright


def turned(positions: np.ndarray, degrees: float) -> np.ndarray:
    c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
    return positions @ np.array([[c, -s, 0], [s, c, 0], [0, 0, 1]]).T


@pytest.mark.parametrize("degrees", [0, 35, -120])
def test_facing_turns_with_the_person(person, degrees):
    pose = person("h36m17")
    joints = upright_joints(turned(pose.coords, degrees), pose.skeleton, "world")
    difference = facing_deg(joints) - (180 + degrees)  # canonical poses face -x
    assert abs((difference + 180) % 360 - 180) < 1e-3


def test_upright_is_a_rotation_that_points_up():
    basis = upright(np.eye(3), "camera")
    np.testing.assert_allclose(np.linalg.det(basis), 1)
    np.testing.assert_allclose(upright(np.array([0.0, -1, 0]), "camera"), [0, 0, 1])
    np.testing.assert_allclose(upright(np.array([0.0, 0, 1]), "camera"), [1, 0, 0])


def test_axes_are_orthonormal_and_look_at_the_body(person):
    pose = person("h36m17")
    joints = upright_joints(pose.coords, pose.skeleton, "canonical")
    seen_from = projection(joints, View(elev_deg=20, azim_deg=70))
    np.testing.assert_allclose(seen_from.axes @ seen_from.axes.T, np.eye(3), atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(seen_from.axes), 1)
    np.testing.assert_allclose(seen_from(seen_from.origin)[0], 0, atol=1e-9)
    viewer = seen_from.origin + seen_from.distance * seen_from.axes[2]
    azimuth = np.degrees(np.arctan2(*(viewer - seen_from.origin)[[1, 0]]))
    np.testing.assert_allclose(azimuth, 70)


def test_what_is_nearer_is_larger(person):
    pose = person("h36m17")
    joints = upright_joints(pose.coords, pose.skeleton, "canonical")
    seen_from = projection(joints, View())
    near, far = (seen_from.origin + d * seen_from.axes[2] for d in (0.5, -0.5))
    assert seen_from(near)[1] > 1 > seen_from(far)[1]
    assert seen_from(near)[2] > seen_from(far)[2]


def test_only_poses_with_z_up_have_a_floor(person):
    pose = person("h36m17")
    joints = upright_joints(pose.coords, pose.skeleton, "canonical")
    assert projection(joints, View(), on_floor=False).floor is None
    floor = projection(joints, View()).floor
    assert floor is not None and floor < min(point[2] for point in joints.values())
