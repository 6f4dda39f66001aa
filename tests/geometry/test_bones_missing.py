import numpy as np
import pytest
from bodies import moving

from vvipe import get_skeleton
from vvipe.geometry.bones import (
    bone_lengths,
    fill_missing,
    universal_lengths,
    with_bone_lengths,
)

H36M17 = get_skeleton("h36m17")
LENGTHS = universal_lengths()


def naive_fill(pose):
    """One pose: a missing joint takes the place of the first seen joint above it."""

    def place(joint):
        if np.isfinite(pose[joint]).all() or H36M17.parents[joint] < 0:
            return pose[joint]
        return place(H36M17.parents[joint])

    return np.array([place(j) for j in range(17)])


@pytest.mark.parametrize("share", [0.1, 0.5, 0.9])
def test_holes_agree_with_a_recursion(rng, share):
    poses = moving(frames=50).positions.copy()
    holes = rng.random((50, 17)) < share
    holes[:, H36M17.index("hip")] = False
    poses[holes] = np.nan
    filled, lengths = fill_missing(poses, LENGTHS, H36M17)
    np.testing.assert_array_equal(filled, [naive_fill(p) for p in poses])
    assert np.isfinite(filled).all() and np.isfinite(lengths).all() and lengths.dtype == np.float32


def test_the_input_stays_as_it_was():
    poses = moving(frames=2).positions.copy()
    poses[:, H36M17.index("left_knee")] = np.nan
    before = poses.copy()
    fill_missing(poses, LENGTHS, H36M17)
    np.testing.assert_array_equal(poses, before)


def test_nothing_missing_changes_nothing():
    poses = moving(frames=3).positions
    filled, lengths = fill_missing(poses, LENGTHS, H36M17)
    np.testing.assert_array_equal(filled, poses)
    np.testing.assert_array_equal(lengths, np.tile(LENGTHS, (3, 1)))


@pytest.mark.parametrize("size", [0.5, 1.0, 2.0])
def test_a_wrist_beyond_a_missing_elbow_ends_where_it_was(size):
    """On a person with universal bones of any size, what is seen keeps its place in torsos."""
    universal = with_bone_lengths(moving(frames=5).positions, LENGTHS, H36M17)
    holed = size * universal
    elbow = H36M17.index("left_elbow")
    holed[:, elbow] = np.nan
    filled, lengths = fill_missing(holed, LENGTHS, H36M17)
    walked = with_bone_lengths(filled, lengths, H36M17)
    others = np.setdiff1d(np.arange(17), [elbow])
    np.testing.assert_allclose(walked[:, others], universal[:, others], atol=1e-5)


def test_without_a_torso_lengths_stay_finite():
    poses = moving(frames=1).positions.copy()
    torso = H36M17.indices("spine", "thorax")
    poses[:, torso] = np.nan
    filled, lengths = fill_missing(poses, LENGTHS, H36M17)
    assert np.isfinite(filled).all() and np.isfinite(lengths).all()
    np.testing.assert_allclose(bone_lengths(filled, H36M17)[:, torso], 0, atol=1e-6)


def test_poses_do_not_touch_each_other(rng):
    poses = moving(frames=6).positions.copy()
    poses[rng.random((6, 17)) < 0.3] = np.nan
    together = fill_missing(poses, LENGTHS, H36M17)
    for i, pose in enumerate(poses):
        for all_, one in zip(together, fill_missing(pose[None], LENGTHS, H36M17), strict=True):
            np.testing.assert_array_equal(all_[i], one[0])
