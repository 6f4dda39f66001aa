import itertools

import numpy as np
import pytest
import torch

from vvipe.geometry.procrustes import mean_distance, procrustes_align, procrustes_rotation


def naive_align(source, target):
    """Umeyama's algorithm, one pose at a time."""
    centre = target.mean(0)
    a, b = source - source.mean(0), target - centre
    u, s, vt = np.linalg.svd(b.T @ a)
    flip = np.diag([1, 1, np.linalg.det(u) * np.linalg.det(vt)])
    scale = np.trace(np.diag(s) @ flip) / (a**2).sum()
    return scale * a @ (u @ flip @ vt).T + centre


def turns(step):
    """Rotation matrices of unit quaternions on a grid."""
    ticks = np.arange(-1, 1 + step / 2, step)
    for q in itertools.product(ticks, repeat=4):
        if 0.5 < np.dot(q, q) <= 1.5:
            w, x, y, z = np.array(q) / np.linalg.norm(q)
            yield np.array([
                [1 - 2 * (y * y + z * z), 2 * (x * y - z * w), 2 * (x * z + y * w)],
                [2 * (x * y + z * w), 1 - 2 * (x * x + z * z), 2 * (y * z - x * w)],
                [2 * (x * z - y * w), 2 * (y * z + x * w), 1 - 2 * (x * x + y * y)],
            ])  # fmt: skip


def test_agrees_with_umeyama(rng):
    source, target = rng.normal(size=(2, 30, 9, 3))
    target[:10] = source[:10] * [-1, 1, 1]  # where a reflection would fit best
    naive = [naive_align(a, b) for a, b in zip(source, target, strict=True)]
    np.testing.assert_allclose(procrustes_align(source, target), naive, atol=1e-10)


def test_no_rotation_on_a_grid_is_better(rng):
    source, target = rng.normal(size=(2, 8, 3))
    target = source * [-1, 1, 1] + 0.3 * target
    source, target = source - source.mean(0), target - target.mean(0)
    best = ((procrustes_align(source, target) - target) ** 2).sum()
    for turn in turns(0.25):
        moved = source @ turn.T
        scale = max((moved * target).sum() / (moved**2).sum(), 0)
        assert ((scale * moved - target) ** 2).sum() >= best - 1e-9


@pytest.mark.parametrize("flatten", [(1, 1, 1), (1, 1, 0), (1, 0, 0)])
def test_finds_a_known_similarity_of_whole_planar_and_collinear_points(rng, flatten):
    source = rng.normal(size=(12, 3)) * flatten
    (turn,) = itertools.islice(turns(0.7), 5, 6)
    target = 2.5 * source @ turn.T + [1, 2, 3]
    np.testing.assert_allclose(procrustes_align(source, target), target, atol=1e-9)


def test_never_reflects(rng):
    source = rng.normal(size=(40, 9, 3))
    rotation, scale = procrustes_rotation(source, source * [1, 1, -1])
    np.testing.assert_allclose(np.linalg.det(rotation), 1, atol=1e-9)
    assert (scale < 0.999).all()


def test_gradients(rng):
    source, target = torch.tensor(rng.normal(size=(2, 2, 6, 3)))
    source.requires_grad_()
    assert torch.autograd.gradcheck(lambda s: procrustes_align(s, target), source)
    np.testing.assert_allclose(
        procrustes_align(source.detach(), target),
        procrustes_align(source.detach().numpy(), target.numpy()), atol=1e-10,
    )  # fmt: skip


def test_mean_distance_by_loops(rng):
    a, b = rng.normal(size=(2, 2, 4, 5, 3))
    got = mean_distance(a, b)
    assert got.shape == (2, 4)
    for i, j in np.ndindex(2, 4):
        naive = sum(sum((a[i, j, k] - b[i, j, k]) ** 2) ** 0.5 for k in range(5)) / 5
        assert got[i, j] == pytest.approx(naive)
