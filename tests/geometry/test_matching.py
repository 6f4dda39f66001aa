import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvipe import get_skeleton
from vvipe.geometry.matching import (
    drop_near_duplicates,
    match_distance,
    match_matrix,
    torso_normalised,
)

H36M17 = get_skeleton("h36m17")
HIP, SPINE, THORAX = H36M17.indices("hip", "spine", "thorax")


def naive_normalised(pose):
    torso = np.linalg.norm(pose[HIP] - pose[SPINE]) + np.linalg.norm(pose[SPINE] - pose[THORAX])
    return np.array([(joint - pose[HIP]) / torso for joint in pose])


def naive_match_distance(query, found):
    query, found = naive_normalised(query), naive_normalised(found)
    a, b = found - found.mean(0), query - query.mean(0)
    u, s, vt = np.linalg.svd(b.T @ a)
    flip = np.diag([1, 1, np.linalg.det(u) * np.linalg.det(vt)])
    moved = np.trace(np.diag(s) @ flip) / (a**2).sum() * a @ (u @ flip @ vt).T
    return sum(np.linalg.norm(moved[j] - b[j]) for j in range(17)) / 17


def naive_drop(poses, radius):
    kept = []
    for i, pose in enumerate(poses):
        if all(naive_match_distance(poses[k], pose) >= radius for k in kept):
            kept.append(i)
    return kept


def wander(rng, count, step):
    """A pose that changes little by little, and now and then returns to where it was."""
    poses = 0.3 * rng.normal(size=(1, 17, 3)) + step * rng.normal(size=(count, 17, 3)).cumsum(0)
    return np.concatenate([poses, poses[::7] + 0.2 * step * rng.normal(size=poses[::7].shape)])


@pytest.fixture
def poses(rng):
    bodies = rng.normal(size=(12, 17, 3))
    near = bodies[:4] + 0.01 * rng.normal(size=(4, 17, 3))
    mirrored = bodies[:4] * [-1, 1, 1]
    planar = bodies[4:7] * [1, 1, 0]
    collinear = bodies[7:10] * [1, 0, 0]
    return np.concatenate([bodies, near, mirrored, planar, collinear])


def test_one_pair_agrees_with_loops(poses, rng):
    query, found = poses, poses[rng.permutation(len(poses))]
    naive = [naive_match_distance(a, b) for a, b in zip(query, found, strict=True)]
    np.testing.assert_allclose(match_distance(query, found), naive, atol=1e-9)


def test_matrix_agrees_with_loops(poses):
    naive = [[naive_match_distance(query, found) for found in poses] for query in poses]
    got = match_matrix(poses)
    assert got.dtype == np.float32
    np.testing.assert_allclose(got, naive, atol=1e-5)


def test_matrix_of_real_poses_agrees_with_the_decomposition(data_root, rng):
    from vvipe.datasets import cmu_catalogue

    clip = next(c for c in cmu_catalogue(data_root / "cmu") if c.name == "02_05")
    poses = clip.poses().to_skeleton("h36m17").positions[::4].astype(np.float64)
    poses = np.concatenate([poses, poses * [-1, 1, 1]])
    expected = match_distance(*np.broadcast_arrays(poses[:, None], poses[None]))
    np.testing.assert_allclose(match_matrix(poses), expected, atol=1e-5)


def test_a_similarity_changes_nothing_a_mirror_does(rng):
    body = rng.normal(size=(1, 17, 3))
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    turn *= np.linalg.det(turn)
    both = np.concatenate([body, 3 * body @ turn.T + [4, 5, 6], body * [1, -1, 1]])
    matrix = match_matrix(both)
    assert matrix[0, 1] < 1e-5 and matrix[1, 0] < 1e-5
    assert matrix[0, 2] > 0.1 and matrix[2, 0] > 0.1


def test_the_query_gives_the_size_in_which_errors_are_measured(rng):
    """Errors are in torsos of the query, so that query and found cannot be exchanged."""
    a, b = rng.normal(size=(2, 17, 3))
    matrix = match_matrix(np.stack([a, b]))
    assert matrix[0, 1] == pytest.approx(naive_match_distance(a, b), abs=1e-5)
    assert matrix[1, 0] == pytest.approx(naive_match_distance(b, a), abs=1e-5)
    assert abs(matrix[0, 1] - matrix[1, 0]) > 1e-3


def test_a_missing_pose_matches_nothing(rng):
    poses = rng.normal(size=(4, 17, 3))
    poses[2, 5] = np.nan
    matrix = match_matrix(poses)
    assert np.isnan(matrix[2]).all() and np.isnan(matrix[:, 2]).all()
    assert np.isfinite(matrix[[0, 1, 3]][:, [0, 1, 3]]).all()


def test_no_poses():
    assert match_matrix(np.zeros((0, 17, 3))).shape == (0, 0)
    assert drop_near_duplicates(np.zeros((0, 17, 3))).tolist() == []


def test_torso_is_one(rng):
    normalised = torso_normalised(rng.normal(size=(2, 3, 17, 3)))
    for pose in normalised.reshape(-1, 17, 3):
        torso = np.linalg.norm(pose[SPINE]) + np.linalg.norm(pose[THORAX] - pose[SPINE])
        assert torso == pytest.approx(1)
        assert not pose[HIP].any()


@given(st.integers(0, 2**32 - 1), st.sampled_from([0.002, 0.01]), st.sampled_from([0.02, 0.1]))
def test_near_duplicates_agree_with_loops(seed, step, radius):
    poses = wander(np.random.default_rng(seed), 40, step)
    kept = drop_near_duplicates(poses, radius).tolist()
    assert kept == naive_drop(poses, radius)


def test_near_duplicates_one_joint_astray(rng):
    """The worst case for the filter: the whole error sits in one joint, or in the size."""
    body = rng.normal(size=(17, 3))
    poses = np.repeat(body[None], 40, 0)
    poses[np.arange(1, 18), np.arange(17)] += np.linspace(0.05, 0.8, 17)[:, None]
    poses[18:, SPINE] += np.linspace(0, 1, 22)[:, None]
    for radius in (0.02, 0.05, 0.2):
        assert drop_near_duplicates(poses, radius).tolist() == naive_drop(poses, radius)


def test_first_come_first_kept(rng):
    a, b = rng.normal(size=(2, 17, 3))
    assert drop_near_duplicates(np.stack([a, b, a, 2 * b, a])).tolist() == [0, 1]


def test_poses_with_nan_are_kept(rng):
    poses = np.repeat(rng.normal(size=(1, 17, 3)), 4, 0)
    poses[1, 3] = np.nan
    assert drop_near_duplicates(poses).tolist() == [0, 1]
