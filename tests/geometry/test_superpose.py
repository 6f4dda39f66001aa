import numpy as np
import pytest

from vvipe.geometry.procrustes import mean_distance, procrustes_align
from vvipe.geometry.superpose import optimal_rotation, superposed_distance


def by_decomposition(profile):
    u, s, vt = np.linalg.svd(profile)
    sign = np.linalg.det(u) * np.linalg.det(vt)
    return u @ np.diag([1, 1, sign]) @ vt, s[0] + s[1] + sign * s[2]


def profiles(rng, singular_values):
    """(20, 3, 3) matrices with given singular values; half of them with negative determinant."""
    u, v = np.linalg.qr(rng.normal(size=(2, 20, 3, 3)))[0]
    u[::2, 0] *= -1
    return u @ np.diag(singular_values) @ v


@pytest.mark.parametrize(
    "values",
    [(3, 2, 1), (100, 1, 0.01), (1, 1, 0.5), (2, 1, 0), (1e-6, 1e-7, 1e-8), (5, 0.1, 0.02)],
)
def test_rotation_agrees_with_the_decomposition(rng, values):
    matrices = profiles(rng, values)
    rotations, gains = optimal_rotation(np.moveaxis(matrices, 0, -1).copy())
    for i, matrix in enumerate(matrices):
        rotation, gain = by_decomposition(matrix)
        np.testing.assert_allclose(rotations[..., i], rotation, atol=1e-7)
        assert gains[i] == pytest.approx(gain, rel=1e-9)


@pytest.mark.parametrize(
    "values", [(1, 0, 0), (0, 0, 0), (1, 1, 1), (2, 1, 1), (1, 1e-5, 0), (1, 0.5, 0.4999)]
)
def test_where_the_best_rotation_is_not_unique_it_is_still_one_of_the_best(rng, values):
    matrices = profiles(rng, values)
    rotations, gains = optimal_rotation(np.moveaxis(matrices, 0, -1).copy())
    for i, matrix in enumerate(matrices):
        rotation, (_, best) = rotations[..., i], by_decomposition(matrix)
        np.testing.assert_allclose(rotation @ rotation.T, np.eye(3), atol=1e-7)
        assert np.linalg.det(rotation) == pytest.approx(1, abs=1e-7)
        assert gains[i] == pytest.approx(best, abs=1e-7)
        assert np.trace(rotation.T @ matrix) == pytest.approx(best, abs=1e-6)


def test_one_degenerate_pose_does_not_touch_the_others(rng):
    matrices = profiles(rng, (3, 2, 1))
    alone, _ = optimal_rotation(np.moveaxis(matrices, 0, -1).copy())
    matrices[7] = np.outer([1, 2, 3], [3, 2, 1])
    matrices[8] = np.nan
    together, _ = optimal_rotation(np.moveaxis(matrices, 0, -1).copy())
    others = np.setdiff1d(np.arange(20), [7, 8])
    np.testing.assert_allclose(together[..., others], alone[..., others], atol=1e-9)
    assert np.isnan(together[..., 8]).all()


def test_distance_agrees_with_aligning(rng):
    poses = rng.normal(size=(30, 9, 3))
    poses[10:20] = poses[0] * [-1, 1, 1] + 0.1 * poses[10:20]
    poses -= poses.mean(1, keepdims=True)
    got = superposed_distance(poses[0], np.ascontiguousarray(np.moveaxis(poses, 0, -1)))
    naive = [mean_distance(poses[0], procrustes_align(pose, poses[0])) for pose in poses]
    np.testing.assert_allclose(got, naive, atol=1e-9)
