from dataclasses import replace

import pytest
import torch
from bodies import moving

from vvipe.geometry.bones import bone_lengths, bone_vectors
from vvipe.geometry.canonical import hip_rotation, rotate
from vvipe.training import VVipeConfig
from vvipe.training.config import Synthesis
from vvipe.training.synthesis import SKELETON, other_rig, random_rotations, synthesise
from vvipe.training.targets import pose_targets

NONE = Synthesis(0.0, 0.0, 0.0, 0.0, 0.0, (1.0, 1.0), 0.0, (1.0, 1.0))
LIMBS = [SKELETON.indices(f"{s}_{a}", f"{s}_{b}") for s in ("left", "right")
         for a, b in (("knee", "ankle"), ("elbow", "wrist"))]  # fmt: skip
TORSO = SKELETON.indices("hip", "left_hip", "right_hip", "spine", "thorax", "nose", "head",
                         "left_shoulder", "right_shoulder")  # fmt: skip


def lengths(poses):
    return bone_lengths(poses, SKELETON)


def test_without_synthesis_nothing_changes(poses, seed):
    torch.testing.assert_close(synthesise(poses, NONE), poses, atol=1e-6, rtol=0)
    torch.testing.assert_close(other_rig(poses, NONE), poses, atol=1e-6, rtol=0)


@pytest.mark.parametrize("how", [Synthesis(), replace(NONE, mirror=0.5)])
def test_the_seed_decides(poses, how):
    draws = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        draws.append(other_rig(synthesise(poses, how), how))
    assert torch.equal(draws[0], draws[1]) and not torch.equal(draws[0], draws[2])


def test_a_mirrored_pose_swaps_its_sides(poses, seed):
    mirrored = synthesise(poses, replace(NONE, mirror=1.0))
    flip = torch.tensor([-1.0, 1.0, 1.0])
    for part in ("hip", "knee", "ankle", "shoulder", "elbow", "wrist"):
        left, right = SKELETON.indices(f"left_{part}", f"right_{part}")
        torch.testing.assert_close(mirrored[:, left], poses[:, right] * flip, atol=1e-5, rtol=0)
    # The left is still on the left of where the body faces.
    canonical, before = (pose_targets(p, VVipeConfig()) for p in (mirrored, poses))
    expected = before[:, torch.as_tensor(SKELETON.mirror)] * torch.tensor([1.0, -1.0, 1.0])
    torch.testing.assert_close(canonical, expected, atol=1e-4, rtol=0)
    assert (canonical[:, SKELETON.index("left_hip"), 1] < 0).all()


def test_the_chance_to_be_mirrored(poses, seed):
    many = poses.repeat(20, 1, 1)
    mirrored = synthesise(many, replace(NONE, mirror=0.3))
    share = (mirrored - many).abs().amax((1, 2)) > 1e-3
    assert share.float().mean().item() == pytest.approx(0.3, abs=0.03)


def test_people_of_other_bones_have_two_like_sides(poses, seed):
    many = poses.repeat(20, 1, 1)
    got = (lengths(synthesise(many, replace(NONE, bone_lengths=0.05))) / lengths(many)).nan_to_num()
    torch.testing.assert_close(got, got[:, torch.as_tensor(SKELETON.mirror)], atol=1e-4, rtol=0)
    knee, elbow = SKELETON.indices("left_knee", "left_elbow")
    for joint in (knee, elbow):
        assert got[:, joint].mean().item() == pytest.approx(1, abs=0.005)
        assert got[:, joint].std().item() == pytest.approx(0.05, rel=0.1)
    assert torch.corrcoef(got[:, [knee, elbow]].T)[0, 1].abs() < 0.1


def test_other_bones_keep_their_directions(poses, seed):
    got = synthesise(poses, replace(NONE, bone_lengths=0.1))
    before, after = bone_vectors(poses, SKELETON)[:, 1:], bone_vectors(got, SKELETON)[:, 1:]
    cosines = torch.nn.functional.cosine_similarity(before, after, dim=-1)
    torch.testing.assert_close(cosines, torch.ones_like(cosines), atol=1e-4, rtol=0)


def limb_in_hips(poses, limb):
    """Bones of a limb as the hips see them."""
    bones = bone_vectors(poses, SKELETON)[:, limb]
    return rotate(hip_rotation(poses, SKELETON), bones)


def test_swapped_limbs_keep_lengths_and_torso(poses, seed):
    got = synthesise(poses, replace(NONE, limb_swap=1.0))
    torch.testing.assert_close(lengths(got), lengths(poses), atol=1e-4, rtol=0)
    torch.testing.assert_close(got[:, TORSO], poses[:, TORSO], atol=1e-5, rtol=0)
    for limb in LIMBS:
        assert (got - poses)[:, limb].abs().amax((1, 2)).median() > 0.1


def test_a_swapped_leg_is_the_leg_of_another_pose_as_its_hips_see_it(poses, seed):
    got = synthesise(poses, replace(NONE, limb_swap=1.0))
    for side in ("left", "right"):
        leg = SKELETON.indices(f"{side}_knee", f"{side}_ankle")
        theirs, mine = limb_in_hips(poses, leg).flatten(1), limb_in_hips(got, leg).flatten(1)
        distance, donor = torch.cdist(mine, theirs).min(1)
        assert distance.max() < 2e-3
        assert (donor != torch.arange(len(poses))).float().mean() > 0.95


def test_a_swapped_limb_keeps_its_owners_bones(seed):
    """Limbs of a giant on a child are the giant's: lengths travel with the limb."""
    child = torch.from_numpy(moving(frames=2).positions)
    child = (child - child[:, :1])[:1]
    both = torch.cat([child, 2 * child])
    got = lengths(synthesise(both.repeat(20, 1, 1), replace(NONE, limb_swap=1.0)))
    for limb in LIMBS:
        ratio = got[:, limb] / lengths(child)[:, limb]
        assert {round(r, 2) for r in ratio.flatten().tolist()} == {1.0, 2.0}
        torch.testing.assert_close(ratio[:, 0], ratio[:, 1], atol=1e-3, rtol=0)


def test_the_chance_that_a_limb_is_swapped(poses, seed):
    got = synthesise(poses.repeat(20, 1, 1), replace(NONE, limb_swap=0.25))
    for limb in LIMBS:
        moved = (got - poses.repeat(20, 1, 1))[:, limb].abs().amax((1, 2)) > 1e-4
        assert moved.float().mean().item() == pytest.approx(0.25, abs=0.04)


def test_bent_bodies_keep_their_lengths(poses, seed):
    got = synthesise(poses, replace(NONE, bend_rad=0.3))
    torch.testing.assert_close(lengths(got), lengths(poses), atol=1e-4, rtol=0)
    hips = SKELETON.indices("hip", "left_hip", "right_hip", "spine")
    torch.testing.assert_close(got[:, hips], poses[:, hips], atol=1e-5, rtol=0)
    assert (got - poses)[:, SKELETON.indices("left_ankle", "head")].norm(dim=-1).mean() > 0.05


@pytest.mark.parametrize("spread", [0.05, 0.3])
def test_random_rotations_are_rotations_of_their_spread(seed, spread):
    turns = random_rotations((2000, 2), spread).double()
    assert turns.shape == (2000, 2, 3, 3)
    eye = torch.eye(3).double().expand_as(turns)
    torch.testing.assert_close(turns @ turns.mT, eye, atol=1e-5, rtol=0)
    assert (torch.linalg.det(turns) > 0).all()
    cos = (turns.diagonal(dim1=-2, dim2=-1).sum(-1) - 1) / 2
    angle = torch.arccos(cos.clamp(-1, 1))
    assert angle.square().mean().sqrt().item() == pytest.approx(3**0.5 * spread, rel=0.05)


def test_another_rig_places_shoulders_and_hips_within_bounds(poses, seed):
    how = replace(NONE, shoulder_width=(0.6, 1.1), hip_width=(0.7, 1.1))
    got = lengths(other_rig(poses, how)) / lengths(poses)
    for parts, low in (("shoulder", 0.6), ("hip", 0.7)):
        ratio = got[:, SKELETON.indices(f"left_{parts}", f"right_{parts}")]
        assert ratio.min() >= low - 1e-3 and ratio.max() <= 1.1 + 1e-3
        assert ratio.max() - ratio.min() > 0.3
        torch.testing.assert_close(ratio[:, 0], ratio[:, 1], atol=1e-3, rtol=0)
    others = [j for j in range(1, 17) if "shoulder" not in SKELETON.joints[j]
              and not SKELETON.joints[j].endswith("_hip")]  # fmt: skip
    torch.testing.assert_close(got[:, others], torch.ones(200, len(others)), atol=1e-3, rtol=0)


def test_another_rig_leaves_left_and_right_apart(poses, seed):
    seen = other_rig(poses, Synthesis())
    canonical = pose_targets(seen, VVipeConfig(universal=False))
    for part in ("hip", "shoulder"):
        left, right = SKELETON.indices(f"left_{part}", f"right_{part}")
        assert (canonical[:, left, 1] < canonical[:, right, 1]).float().mean() > 0.99


def test_another_rig_lifts_both_shoulders_along_the_spine(poses, seed):
    got = other_rig(poses, replace(NONE, shoulder_height=0.12)) - poses
    left, right, elbow = SKELETON.indices("left_shoulder", "right_shoulder", "left_elbow")
    up = bone_vectors(poses, SKELETON)[:, SKELETON.index("thorax")]
    along = torch.nn.functional.cosine_similarity(got[:, left], up).abs()
    torch.testing.assert_close(along, torch.ones(200), atol=1e-3, rtol=0)
    torch.testing.assert_close(got[:, left], got[:, right], atol=1e-5, rtol=0)
    torch.testing.assert_close(got[:, left], got[:, elbow], atol=1e-5, rtol=0)
    height = got[:, left].norm(dim=-1) / lengths(poses)[:, left]
    assert height.square().mean().sqrt().item() == pytest.approx(0.12, rel=0.2)


def test_joints_are_placed_a_little_off(poses, seed):
    off = other_rig(poses, replace(NONE, placement_m=0.02)) - poses
    assert off.std().item() == pytest.approx(0.02, rel=0.05)
    assert off.mean().abs() < 1e-3
