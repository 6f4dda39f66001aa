import numpy as np
import pytest
import torch

from vvipe import get_skeleton
from vvipe.geometry.bones import bone_lengths, universal_lengths
from vvipe.geometry.canonical import (
    canonical_rotation,
    from_canonical,
    hip_rotation,
    rotate,
    to_canonical,
)

H36M17 = get_skeleton("h36m17")
TARGETS = np.array([[0.0, -1, 0], [0, 1, 0], [0, 0, 1]])  # left hip, right hip, spine


def random_rotations(rng, count):
    q, r = np.linalg.qr(rng.normal(size=(count, 3, 3)))
    q = q * np.sign(np.diagonal(r, axis1=1, axis2=2))[:, None]
    return q * np.linalg.det(q)[:, None, None]


def kabsch(left_hip, right_hip, spine):
    """Kabsch's algorithm by singular value decomposition, one pose at a time."""
    sources = np.array([v / np.linalg.norm(v) for v in (left_hip, right_hip, spine)])
    u, _, vt = np.linalg.svd(TARGETS.T @ sources)
    return u @ np.diag([1, 1, np.linalg.det(u @ vt)]) @ vt


def test_rotation_agrees_with_kabsch(rng):
    vectors = rng.normal(size=(50, 3, 3)) * rng.uniform(0.01, 10, (50, 3, 1))
    got = canonical_rotation(vectors[:, 0], vectors[:, 1], vectors[:, 2])
    naive = [kabsch(*three) for three in vectors]
    np.testing.assert_allclose(got, naive, atol=1e-7)


def test_rotation_is_proper(rng):
    got = hip_rotation(rng.normal(size=(4, 5, 17, 3)), H36M17)
    np.testing.assert_allclose(np.linalg.det(got), 1, atol=1e-9)
    np.testing.assert_allclose(got @ got.swapaxes(-1, -2), np.broadcast_to(np.eye(3), got.shape),
                               atol=1e-9)  # fmt: skip


def test_hips_lie_along_y_and_the_spine_points_up():
    left, right, spine = np.array([[0.1, 0, 0], [-0.1, 0, 0], [0, 0, 0.2]])
    rotation = canonical_rotation(left, right, spine)
    np.testing.assert_allclose(rotation @ left, [0, -0.1, 0], atol=1e-9)
    np.testing.assert_allclose(rotation @ right, [0, 0.1, 0], atol=1e-9)
    np.testing.assert_allclose(rotation @ spine, [0, 0, 0.2], atol=1e-9)
    # With +x on the left and z up, the person faces -y; in the canonical frame that is -x.
    np.testing.assert_allclose(rotation @ [0, -1, 0], [-1, 0, 0], atol=1e-9)


def test_canonical_pose_does_not_see_rotation_place_or_size(rng):
    poses = rng.normal(size=(20, 17, 3))
    moved = 2.5 * rotate(random_rotations(rng, 20), poses) + rng.normal(size=(20, 1, 3))
    for a, b in zip(poses, moved, strict=True):
        expected, _ = to_canonical(a, universal_lengths(), H36M17)
        np.testing.assert_allclose(to_canonical(b, universal_lengths(), H36M17)[0], expected,
                                   atol=1e-6)  # fmt: skip


def test_canonical_pose_has_the_universal_lengths_and_its_root_at_the_origin(rng):
    canonical, _ = to_canonical(rng.normal(size=(6, 17, 3)), universal_lengths(), H36M17)
    np.testing.assert_allclose(canonical[:, H36M17.index("hip")], 0, atol=1e-12)
    np.testing.assert_allclose(
        bone_lengths(canonical, H36M17), np.tile(universal_lengths(), (6, 1)), atol=1e-6
    )


def test_a_mirrored_pose_is_not_the_same_pose(rng):
    pose = rng.normal(size=(17, 3))
    canonical, _ = to_canonical(pose, universal_lengths(), H36M17)
    mirrored, _ = to_canonical(pose * [-1, 1, 1], universal_lengths(), H36M17)
    assert np.abs(canonical - mirrored).max() > 0.05


def test_what_was_removed_can_be_put_back(rng):
    poses = rng.normal(size=(2, 3, 17, 3)) + 5
    canonical, removed = to_canonical(poses, universal_lengths(), H36M17)
    np.testing.assert_allclose(from_canonical(canonical, removed, H36M17), poses, atol=1e-6)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_torch_agrees_with_numpy(rng, dtype):
    poses, lengths = rng.normal(size=(7, 17, 3)), rng.uniform(0.1, 1, 17)
    got, removed = to_canonical(
        torch.tensor(poses, dtype=dtype), torch.tensor(lengths, dtype=dtype), H36M17
    )
    expected, also = to_canonical(poses, lengths, H36M17)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, expected, atol=1e-5 if dtype == torch.float32 else 1e-12)
    np.testing.assert_allclose(removed.rotation, also.rotation, atol=1e-5)


def test_gradients(rng):
    poses = torch.tensor(rng.normal(size=(2, 17, 3)), requires_grad=True)
    lengths = torch.tensor(rng.uniform(0.1, 1, 17))
    assert torch.autograd.gradcheck(lambda p: to_canonical(p, lengths, H36M17)[0], poses)
