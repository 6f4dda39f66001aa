import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from vvipe.geometry.rotations import (
    euler_to_rotmat,
    rotation_angle,
    rotmat_about,
    rotmat_between,
    rotmat_to_euler,
)


@given(st.permutations("XYZ").map("".join), st.integers(0, 2**32 - 1))
def test_agrees_with_scipy(axes, seed):
    angles = np.random.default_rng(seed).uniform(-4, 4, (5, 2, 3))
    naive = Rotation.from_euler(axes, angles.reshape(-1, 3)).as_matrix().reshape(5, 2, 3, 3)
    np.testing.assert_allclose(euler_to_rotmat(angles, axes), naive, atol=1e-12)


def test_one_axis_and_none():
    quarter = euler_to_rotmat(np.array([np.pi / 2]), "Z")
    np.testing.assert_allclose(quarter @ [1, 0, 0], [0, 1, 0], atol=1e-12)
    np.testing.assert_array_equal(euler_to_rotmat(np.empty((2, 0)), ""), [np.eye(3)] * 2)


def test_wrong_number_of_angles():
    with pytest.raises(ValueError, match="2 angles wanted"):
        euler_to_rotmat(np.zeros((4, 3)), "XY")


@given(st.permutations("XYZ").map("".join), st.integers(0, 2**32 - 1))
def test_angles_come_back_in_gimbal_lock_too(axes, seed):
    rng = np.random.default_rng(seed)
    angles = rng.uniform(-4, 4, (6, 3))
    angles[:2, 1] = np.pi / 2, -np.pi / 2
    rotmat = euler_to_rotmat(angles, axes)
    again = rotmat_to_euler(rotmat, axes)
    np.testing.assert_allclose(euler_to_rotmat(again, axes), rotmat, atol=1e-9)
    assert np.abs(again[:, 1]).max() <= np.pi / 2 + 1e-9


@given(st.integers(0, 2**32 - 1))
def test_smallest_turn_between_directions(seed):
    rng = np.random.default_rng(seed)
    a, b = rng.normal(size=(2, 7, 3))
    a, b = (v / np.linalg.norm(v, axis=1, keepdims=True) for v in (a, b))
    b[0], b[1] = -a[0], a[1]
    turn = rotmat_between(a, b)
    np.testing.assert_allclose((turn @ a[..., None])[..., 0], b, atol=1e-12)
    np.testing.assert_allclose(np.linalg.det(turn), 1)
    between = np.arctan2(np.linalg.norm(np.cross(a, b), axis=1), (a * b).sum(1))
    np.testing.assert_allclose(rotation_angle(turn), between, atol=1e-9)


@given(st.integers(0, 2**32 - 1))
def test_turn_about_an_axis(seed):
    rng = np.random.default_rng(seed)
    axis, angles = rng.normal(size=3), rng.uniform(-3, 3, 4)
    axis /= np.linalg.norm(axis)
    naive = Rotation.from_rotvec(angles[:, None] * axis).as_matrix()
    np.testing.assert_allclose(rotmat_about(axis, angles), naive, atol=1e-12)
    np.testing.assert_allclose(rotation_angle(naive), np.abs(angles), atol=1e-9)
