import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from vvipe.geometry.rotations import euler_to_rotmat


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
