from itertools import product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from vvipe.skeletons import Skeleton, get_skeleton, map_joints, skeleton_names
from vvipe.skeletons.mapping import HEAD_OVER_TORSO, NOSE_AHEAD, NOSE_UP, origins

ALL = [get_skeleton(name) for name in skeleton_names()]
skeletons = st.sampled_from(ALL)
seeds = st.integers(0, 2**32 - 1)

# A person who looks along +x, left hand towards +y, z up: role -> position in metres.
STANDING = {
    "left_hip": (0, 0.1, 1), "left_knee": (0, 0.1, 0.5), "left_ankle": (0, 0.1, 0.1),
    "left_shoulder": (0, 0.2, 1.5), "left_elbow": (0, 0.3, 1.25), "left_wrist": (0, 0.3, 1),
    "left_ear": (0, 0.08, 1.65), "left_eye": (0.1, 0.03, 1.68), "nose": (0.12, 0, 1.65),
}  # fmt: skip


def standing(skeleton: Skeleton) -> np.ndarray:
    """(J, 3), NaN for joints that `STANDING` and its mirror image do not tell."""
    right = {k.replace("left", "right"): (x, -y, z) for k, (x, y, z) in STANDING.items()}
    told = STANDING | right
    pose = np.full((len(skeleton), 3), np.nan)
    for role, position in told.items():
        if joint := skeleton.joint_for(role):
            pose[skeleton.index(joint)] = position
    return pose


def random_poses(skeleton: Skeleton, seed: int, dims: int = 3, count: int = 2) -> np.ndarray:
    """(count, J, dims) metres, some joints unseen."""
    rng = np.random.default_rng(seed)
    poses = rng.normal(size=(count, len(skeleton), dims))
    poses[rng.random(poses.shape[:2]) < 0.1] = np.nan
    return poses


def at(poses: np.ndarray, skeleton: Skeleton, joint: str) -> np.ndarray:
    return poses[..., skeleton.index(joint), :]


@pytest.mark.parametrize("skeleton", ALL, ids=skeleton_names())
def test_a_skeleton_maps_to_itself_unchanged(skeleton: Skeleton) -> None:
    poses = np.random.default_rng(0).normal(size=(2, len(skeleton), 3))
    mapped, made = map_joints(poses, skeleton, skeleton)
    known = ~np.isnan(mapped)
    np.testing.assert_array_equal(mapped[known], poses[known])
    assert not made
    # Only a rig's own `head`, when it is the base of the skull, may play another part.
    assert known.all()


@pytest.mark.parametrize(("source", "target"), [*product(ALL, ALL)], ids=lambda s: s.name)
def test_limbs_keep_their_side_between_all_skeletons(source: Skeleton, target: Skeleton) -> None:
    mapped, made = map_joints(standing(source), source, target)
    for side, y_sign in (("left", 1), ("right", -1)):
        for limb in ("shoulder", "elbow", "wrist", "hip", "knee", "ankle"):
            joint = target.joint_for(f"{side}_{limb}")
            assert joint is not None
            assert joint not in made
            x, y, z = STANDING[f"left_{limb}"]
            np.testing.assert_array_equal(at(mapped, target, joint), (x, y_sign * y, z))


def test_detections_become_human36m_by_the_documented_rules() -> None:
    coco, h36m = get_skeleton("coco17"), get_skeleton("h36m17")
    mapped, made = map_joints(standing(coco), coco, h36m)
    assert made == ("hip", "spine", "thorax", "head")
    np.testing.assert_allclose(at(mapped, h36m, "hip"), (0, 0, 1))
    np.testing.assert_allclose(at(mapped, h36m, "thorax"), (0, 0, 1.5))
    np.testing.assert_allclose(at(mapped, h36m, "spine"), (0, 0, 1.25))
    np.testing.assert_allclose(at(mapped, h36m, "head"), (0, 0, 1.5 + HEAD_OVER_TORSO * 0.5))
    np.testing.assert_array_equal(at(mapped, h36m, "nose"), STANDING["nose"])


def test_a_rig_gets_a_nose_ahead_of_its_head() -> None:
    bvh, h36m = get_skeleton("cmu_bvh"), get_skeleton("h36m17")
    pose = standing(bvh)
    pose[bvh.indices("Neck", "Head_end")] = (0, 0, 1.5), (0, 0, 1.75)
    mapped, made = map_joints(pose, bvh, h36m)
    nose = (NOSE_AHEAD * 0.25, 0, 1.5 + NOSE_UP * 0.25)
    np.testing.assert_allclose(at(mapped, h36m, "nose"), nose, atol=1e-12)
    assert "nose" in made


def test_the_nose_of_a_rig_is_unknown_in_an_image() -> None:
    smpl, h36m = get_skeleton("smpl24"), get_skeleton("h36m17")
    mapped, made = map_joints(np.random.default_rng(0).normal(size=(24, 2)), smpl, h36m)
    assert np.isnan(at(mapped, h36m, "nose")).all()
    assert "nose" not in made
    assert "head" in made


def test_a_rigs_root_is_not_taken_for_the_middle_of_the_hips() -> None:
    bvh, h36m = get_skeleton("cmu_bvh"), get_skeleton("h36m17")
    pose = standing(bvh)
    pose[bvh.index("Hips")] = (0, 0, 1.1)
    np.testing.assert_allclose(at(map_joints(pose, bvh, h36m)[0], h36m, "hip"), (0, 0, 1))


def test_the_skulls_base_is_not_taken_for_the_top_of_the_head() -> None:
    smpl, h36m = get_skeleton("smpl24"), get_skeleton("h36m17")
    pose = standing(smpl)
    pose[smpl.indices("neck", "head")] = (0, 0, 1.5), (0.05, 0, 1.6)
    mapped, made = map_joints(pose, smpl, h36m)
    assert "head" in made
    above = at(mapped, h36m, "head") - (0, 0, 1.5)
    np.testing.assert_allclose(above / np.linalg.norm(above), np.array([1, 0, 2]) / 5**0.5)
    np.testing.assert_allclose(np.linalg.norm(above), HEAD_OVER_TORSO * 0.5)


def test_what_misses_a_maker_stays_unseen_in_that_pose_only() -> None:
    coco, h36m = get_skeleton("coco17"), get_skeleton("h36m17")
    poses = np.stack([standing(coco)] * 2)
    poses[1, coco.index("left_hip")] = np.nan
    mapped, made = map_joints(poses, coco, h36m)
    unseen = [j for j in h36m.joints if np.isnan(at(mapped, h36m, j)[1]).any()]
    assert unseen == ["hip", "left_hip", "spine", "head"]
    assert not np.isnan(mapped[0]).any()
    assert "hip" in made


def test_what_can_never_be_had_is_not_listed_as_made() -> None:
    coco, h36m = get_skeleton("coco17"), get_skeleton("h36m17")
    pose = standing(coco)
    pose[coco.index("left_hip")] = np.nan
    assert map_joints(pose, coco, h36m)[1] == ("thorax",)


def test_an_unseen_neck_is_made_from_the_shoulders() -> None:
    body25, h36m = get_skeleton("body25"), get_skeleton("h36m17")
    mapped, _ = map_joints(standing(body25), body25, h36m)
    np.testing.assert_allclose(at(mapped, h36m, "thorax"), (0, 0, 1.5))


@given(skeletons, skeletons, seeds)
def test_a_mirrored_pose_maps_to_the_mirrored_result(
    source: Skeleton, target: Skeleton, seed: int
) -> None:
    poses, flip = random_poses(source, seed), np.array([1, -1, 1])
    straight, _ = map_joints(poses, source, target)
    mirrored, _ = map_joints((poses * flip)[:, source.mirror], source, target)
    np.testing.assert_allclose(mirrored, (straight * flip)[:, target.mirror], atol=1e-9)


@given(skeletons, skeletons, seeds, arrays(float, 3, elements=st.floats(-3, 3)), st.floats(0.1, 9))
def test_mapping_commutes_with_rotation_scale_and_translation(
    source: Skeleton, target: Skeleton, seed: int, shift: np.ndarray, scale: float
) -> None:
    poses = random_poses(source, seed)
    rotation = np.linalg.qr(np.random.default_rng(seed).normal(size=(3, 3)))[0]
    rotation *= np.sign(np.linalg.det(rotation))
    mapped, made = map_joints(poses, source, target)
    moved, made_moved = map_joints(scale * poses @ rotation.T + shift, source, target)
    np.testing.assert_allclose(moved, scale * mapped @ rotation.T + shift, atol=1e-7)
    assert made == made_moved


@given(skeletons, skeletons, seeds)
def test_any_leading_shape_gives_what_single_poses_give(
    source: Skeleton, target: Skeleton, seed: int
) -> None:
    poses = random_poses(source, seed, count=6)
    single = np.stack([map_joints(pose, source, target)[0] for pose in poses])
    batch, _ = map_joints(poses.reshape(2, 3, *poses.shape[1:]), source, target)
    np.testing.assert_array_equal(batch.reshape(single.shape), single)


def test_origins_of_known_joints() -> None:
    coco, h36m = get_skeleton("coco17"), get_skeleton("h36m17")
    came_from = dict(zip(h36m.joints, origins(coco, h36m), strict=True))
    assert [coco.joints[i] for i in came_from["left_knee"]] == ["left_knee"]
    assert [coco.joints[i] for i in came_from["hip"]] == ["left_hip", "right_hip"]
    assert [coco.joints[i] for i in came_from["thorax"]] == ["left_shoulder", "right_shoulder"]
    assert origins(h36m, coco)[coco.index("left_ear")] == ()


@given(skeletons, skeletons, seeds)
def test_a_joint_comes_from_its_origins_and_nothing_else(
    source: Skeleton, target: Skeleton, seed: int
) -> None:
    poses = random_poses(source, seed)
    mapped, _ = map_joints(poses, source, target)
    for column, makers in enumerate(origins(source, target)):
        alone = np.full_like(poses, np.nan)
        alone[:, list(makers)] = poses[:, list(makers)]
        again, _ = map_joints(alone, source, target)
        np.testing.assert_array_equal(again[:, column], mapped[:, column])
