import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvipe import VvipeError
from vvipe.formats.axes import y_up_to_z_up, z_up_to_y_up
from vvipe.formats.units import CMU_UNIT_M, guess_unit_m, size_of, unit_to_m


@given(st.floats(0.6, 2.5), st.sampled_from([1.0, 0.01, 0.001, CMU_UNIT_M]))
def test_unit_of_a_person_is_guessed(height_m, unit_m):
    positions = np.zeros((3, 2, 3))
    positions[:, 1, 1] = height_m / unit_m
    assert guess_unit_m(positions) == unit_m


def test_size_is_that_of_most_poses_and_ignores_unseen_joints():
    positions = np.zeros((5, 3, 3))
    positions[:, 1, 2] = [1, 2, 3, 50, np.nan]
    positions[:, 2] = np.nan
    assert size_of(positions) == 2
    assert np.isnan(size_of(np.full((2, 3, 3), np.nan)))
    assert guess_unit_m(np.zeros((2, 0, 3))) == 1


@pytest.mark.parametrize("unit", ["km", "", 0, -1.0, float("nan"), float("inf")])
def test_unknown_unit(unit):
    with pytest.raises(VvipeError, match=r"a\.bvh: unknown unit"):
        unit_to_m(unit, where="a.bvh")


def test_axes_turn_without_mirroring():
    basis = np.eye(3)
    turned = y_up_to_z_up(basis)
    assert np.linalg.det(turned) == pytest.approx(1)
    np.testing.assert_array_equal(turned[1], [0, 0, 1])
    np.testing.assert_array_equal(z_up_to_y_up(turned), basis)
