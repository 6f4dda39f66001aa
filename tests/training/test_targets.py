import numpy as np
import pytest
import torch

from vvipe import Poses3D, get_skeleton
from vvipe.geometry.bones import bone_lengths, bone_vectors, universal_lengths
from vvipe.geometry.rotations import euler_to_rotmat
from vvipe.models.inputs import pose_inputs, torso_m
from vvipe.training import VVipeConfig
from vvipe.training.targets import pose_targets

H36M17 = get_skeleton("h36m17")
TURN = torch.from_numpy(euler_to_rotmat(np.array([0.5, -0.8, 1.5]), "ZYX")).float()


def test_training_and_use_agree(poses):
    used = pose_inputs(Poses3D(poses.numpy(), "h36m17"))[0]
    np.testing.assert_allclose(pose_targets(poses, VVipeConfig()), used, atol=1e-5)


@pytest.mark.parametrize("universal", [True, False])
def test_aligned_targets_do_not_see_the_rotation(poses, universal):
    config = VVipeConfig(universal=universal)
    target = pose_targets(poses, config)
    torch.testing.assert_close(pose_targets(poses @ TURN.T, config), target, atol=1e-4, rtol=0)
    assert (target[:, H36M17.index("left_hip"), 1] < 0).all()
    assert (target[:, H36M17.index("spine"), 2] > 0).all()


@pytest.mark.parametrize("universal", [True, False])
def test_without_alignment_the_rotation_stays(poses, universal):
    config = VVipeConfig(align=False, universal=universal)
    target = pose_targets(poses, config)
    torch.testing.assert_close(
        pose_targets(poses @ TURN.T, config), target @ TURN.T, atol=1e-4, rtol=0
    )
    bones, expected = (bone_vectors(p, H36M17)[:, 1:] for p in (target, poses))
    cosines = torch.nn.functional.cosine_similarity(bones, expected, dim=-1)
    torch.testing.assert_close(cosines, torch.ones_like(cosines), atol=1e-4, rtol=0)


@pytest.mark.parametrize("align", [True, False])
def test_the_universal_skeleton_or_the_persons_own(poses, align):
    universal = bone_lengths(pose_targets(poses, VVipeConfig(align=align)), H36M17)
    expected = torch.from_numpy(universal_lengths() / torso_m()).expand_as(universal)
    torch.testing.assert_close(universal, expected, atol=1e-4, rtol=0)
    own = bone_lengths(pose_targets(poses, VVipeConfig(align=align, universal=False)), H36M17)
    theirs = bone_lengths(poses, H36M17)
    ratio = own[:, 1:] / theirs[:, 1:]
    torch.testing.assert_close(ratio, ratio[:, :1].expand_as(ratio), atol=1e-3, rtol=1e-3)


@pytest.mark.parametrize("universal", [True, False])
def test_the_torso_is_the_unit(poses, universal):
    target = pose_targets(3 * poses + 1, VVipeConfig(universal=universal))
    torso = bone_lengths(target, H36M17)[:, H36M17.indices("spine", "thorax")].sum(1)
    torch.testing.assert_close(torso, torch.ones(len(poses)), atol=1e-4, rtol=0)
    assert (target[:, H36M17.index("hip")].abs() < 1e-6).all()
