import numpy as np
import pytest
import torch

from vvipe import get_skeleton
from vvipe.geometry.bones import (
    UNIVERSAL_LENGTHS_M,
    bone_lengths,
    bone_vectors,
    fill_missing,
    universal_lengths,
    walk,
    with_bone_lengths,
)

H36M17 = get_skeleton("h36m17")
SPINE, THORAX = H36M17.indices("spine", "thorax")


def naive_with_lengths(pose, lengths, joint):
    parent = H36M17.parents[joint]
    if parent < 0:
        return np.zeros(3)
    bone = pose[joint] - pose[parent]
    return naive_with_lengths(pose, lengths, parent) + lengths[joint] * bone / np.linalg.norm(bone)


def test_bones_are_differences_to_the_parent(rng):
    poses = rng.normal(size=(2, 3, 17, 3))
    vectors, lengths = bone_vectors(poses, H36M17), bone_lengths(poses, H36M17)
    for index in np.ndindex(2, 3, 17):
        parent = H36M17.parents[index[-1]]
        bone = poses[index] - (poses[*index[:2], parent] if parent >= 0 else 0)
        np.testing.assert_allclose(vectors[index], bone, atol=1e-12)
        assert lengths[index] == pytest.approx(np.linalg.norm(bone) if parent >= 0 else 0)


def test_walk_puts_bones_together_again(rng):
    poses = rng.normal(size=(4, 17, 3))
    np.testing.assert_allclose(walk(bone_vectors(poses, H36M17), H36M17), poses, atol=1e-12)


@pytest.mark.parametrize("shape", [(17,), (5, 17)])
def test_new_lengths_agree_with_a_recursion(rng, shape):
    poses, lengths = rng.normal(size=(5, 17, 3)), rng.uniform(0.1, 1, shape)
    got = with_bone_lengths(poses, lengths, H36M17)
    for pose, own, out in zip(poses, np.broadcast_to(lengths, (5, 17)), got, strict=True):
        naive = [naive_with_lengths(pose, own, joint) for joint in range(17)]
        np.testing.assert_allclose(out, naive, atol=1e-12)


def test_new_lengths_neither_see_the_place_nor_the_size(rng):
    poses, lengths = rng.normal(size=(5, 17, 3)), universal_lengths()
    moved = with_bone_lengths(3 * poses + [1, -2, 5], lengths, H36M17)
    np.testing.assert_allclose(moved, with_bone_lengths(poses, lengths, H36M17), atol=1e-9)


def test_torch_agrees_with_numpy_and_is_differentiable(rng):
    poses, lengths = rng.normal(size=(2, 17, 3)), rng.uniform(0.1, 1, 17)
    tensor = torch.tensor(poses, requires_grad=True)
    got = with_bone_lengths(tensor, torch.tensor(lengths), H36M17)
    np.testing.assert_allclose(got.detach(), with_bone_lengths(poses, lengths, H36M17), atol=1e-12)
    assert torch.autograd.gradcheck(
        lambda p: with_bone_lengths(p, torch.tensor(lengths), H36M17), tensor
    )


def test_a_bone_of_no_length_stays_finite(rng):
    poses = rng.normal(size=(1, 17, 3))
    poses[:, THORAX] = poses[:, SPINE]
    got = with_bone_lengths(poses, universal_lengths(), H36M17)
    np.testing.assert_allclose(got[:, THORAX], got[:, SPINE])


def test_universal_lengths_are_those_of_a_person():
    lengths = universal_lengths()
    assert lengths[H36M17.index("hip")] == 0
    np.testing.assert_array_equal(lengths, lengths[H36M17.mirror])
    standing = ["left_ankle", "left_knee", "spine", "thorax", "head"]
    assert 1.2 < sum(UNIVERSAL_LENGTHS_M[j] for j in standing) < 2.0


def test_filled_joints_lie_on_their_nearest_seen_ancestor(rng):
    poses = rng.normal(size=(1, 17, 3))
    elbow, wrist, shoulder = H36M17.indices("left_elbow", "left_wrist", "left_shoulder")
    holed = poses.copy()
    holed[:, [elbow, wrist]] = np.nan
    filled, _ = fill_missing(holed, universal_lengths(), H36M17)
    np.testing.assert_array_equal(filled[:, [elbow, wrist]], poses[:, [shoulder, shoulder]])
    seen = np.setdiff1d(np.arange(17), [elbow, wrist])
    np.testing.assert_array_equal(filled[:, seen], poses[:, seen])


def test_a_joint_beyond_a_hole_keeps_its_distance_in_torsos(rng):
    poses, lengths = rng.normal(size=(1, 17, 3)), universal_lengths()
    elbow, wrist, shoulder = H36M17.indices("left_elbow", "left_wrist", "left_shoulder")
    poses[:, elbow] = np.nan
    _, wanted = fill_missing(poses, lengths, H36M17)
    hip = H36M17.index("hip")
    torso = sum(
        np.linalg.norm(poses[0, a] - poses[0, b]) for a, b in ((hip, SPINE), (SPINE, THORAX))
    )
    reach = np.linalg.norm(poses[0, wrist] - poses[0, shoulder])
    expected = reach / torso * lengths[[SPINE, THORAX]].sum()
    assert wanted[0, wrist] == pytest.approx(expected, rel=1e-5)
    others = np.setdiff1d(np.arange(17), [wrist])
    np.testing.assert_array_equal(wanted[0, others], lengths[others])


def test_without_its_root_a_pose_stays_missing(rng):
    poses = rng.normal(size=(2, 17, 3))
    poses[0] = np.nan
    filled, _ = fill_missing(poses, universal_lengths(), H36M17)
    assert np.isnan(filled[0]).all()
    np.testing.assert_array_equal(filled[1], poses[1])
