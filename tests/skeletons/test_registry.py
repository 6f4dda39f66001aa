import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvipe.errors import VvipeError
from vvipe.skeletons import Skeleton, get_skeleton, skeleton_from_joints, skeleton_names

# name -> (joints, joints on neither side, dimensions)
REGISTERED = {
    "h36m17": (17, 5, 3),
    "coco17": (17, 1, 2),
    "coco13": (13, 1, 2),
    "body25": (25, 3, 2),
    "openpose18": (18, 2, 2),
    "mediapipe33": (33, 1, 2),
    "halpe26": (26, 4, 2),
    "mpii16": (16, 4, 2),
    "mpi_inf_3dhp28": (28, 8, 3),
    "cmu_asf": (31, 7, 3),
    "cmu_bvh": (28, 8, 3),
    "bandai_namco": (22, 6, 3),
    "smpl24": (24, 6, 3),
}
LIMBS = ("shoulder", "elbow", "wrist", "hip", "knee", "ankle")
ROLES = sorted({*get_skeleton("coco17").joints, *get_skeleton("h36m17").joints})
SKELETONS = [get_skeleton(name) for name in REGISTERED]
each_skeleton = pytest.mark.parametrize("skeleton", SKELETONS, ids=REGISTERED)


def roots(skeleton: Skeleton) -> set[int]:
    """Where the walk up from each joint ends; fails if one goes round in a circle."""
    ends = set[int]()
    for joint in range(len(skeleton)):
        for _ in range(len(skeleton)):
            if skeleton.parents[joint] < 0:
                break
            joint = skeleton.parents[joint]
        assert skeleton.parents[joint] < 0, f"{skeleton.name}: a circle of parents"
        ends.add(joint)
    return ends


def test_these_skeletons_are_registered() -> None:
    assert set(skeleton_names()) == set(REGISTERED)


@each_skeleton
def test_number_of_joints_and_of_those_on_neither_side(skeleton: Skeleton) -> None:
    joints, middle, dims = REGISTERED[skeleton.name]
    assert len(skeleton) == len(set(skeleton.joints)) == joints
    assert (skeleton.mirror == np.arange(joints)).sum() == middle
    assert skeleton.dims == dims


@each_skeleton
def test_joints_form_one_tree(skeleton: Skeleton) -> None:
    assert len(roots(skeleton)) == 1
    assert len(skeleton.bones) == len(skeleton) - 1
    assert set(skeleton.parent_of.values()) & set(skeleton.joints)


@each_skeleton
def test_mirror_is_an_involution_that_keeps_the_bones(skeleton: Skeleton) -> None:
    mirror = skeleton.mirror
    np.testing.assert_array_equal(mirror[mirror], np.arange(len(skeleton)))
    assert {(mirror[p], mirror[c]) for p, c in skeleton.bones} == set(skeleton.bones)


@each_skeleton
def test_every_skeleton_has_the_limbs_and_mirrors_left_to_right(skeleton: Skeleton) -> None:
    for limb in LIMBS:
        left, right = (skeleton.joint_for(f"{side}_{limb}") for side in ("left", "right"))
        assert left is not None
        assert right is not None
        assert skeleton.mirror[skeleton.index(left)] == skeleton.index(right)


@each_skeleton
def test_roles_name_joints_that_exist(skeleton: Skeleton) -> None:
    assert {j for j in skeleton.roles.values() if j} <= set(skeleton.joints)


def test_columns_follow_the_detectors_own_order() -> None:
    assert get_skeleton("coco17").indices("left_shoulder", "right_ankle") == [5, 16]
    assert get_skeleton("body25").indices("neck", "hip", "right_hip", "left_hip") == [1, 8, 9, 12]
    assert get_skeleton("mediapipe33").indices("mouth_left", "left_hip") == [9, 23]
    assert get_skeleton("halpe26").indices("head", "neck", "hip") == [17, 18, 19]
    assert get_skeleton("smpl24").indices("left_wrist", "right_wrist") == [20, 21]


def test_a_skeleton_passes_through_and_an_array_of_a_name_is_a_name() -> None:
    coco = get_skeleton("coco17")
    assert get_skeleton(coco) is coco
    assert get_skeleton(np.array("coco17")) is coco


@pytest.mark.parametrize(
    ("name", "hint"),
    [("COCO17", "coco17"), ("coco_17", "coco17"), ("smpl", "smpl24"), ("", "known: coco13")],
)
def test_an_unknown_skeleton_names_the_nearest(name: str, hint: str) -> None:
    with pytest.raises(VvipeError) as caught:
        get_skeleton(name, where="clip.npz")
    message = str(caught.value)
    assert message.startswith(f"clip.npz: unknown skeleton {name!r}")
    assert hint in message
    assert "\n" not in message


def test_joints_of_a_registered_skeleton_are_that_skeleton() -> None:
    coco = get_skeleton("coco17")
    assert skeleton_from_joints(list(coco.joints)) is coco


def test_some_joints_of_a_rig_keep_its_roles() -> None:
    part = skeleton_from_joints(["Hips", "LeftUpLeg", "LeftLeg", "Neck1"])
    assert (part.joint_for("left_knee"), part.joint_for("neck")) == ("LeftLeg", "Neck1")
    assert part.parents == (-1, -1, 1, -1)
    assert part.dims == 3


def test_common_names_are_no_rig_even_where_one_has_them_all() -> None:
    joints = ["right_hip", "left_hip", "left_shoulder", "right_shoulder", "neck", "head"]
    assert set(joints) < set(get_skeleton("smpl24").joints)
    skeleton = skeleton_from_joints(joints)
    assert (skeleton.name, skeleton.dims) == ("custom", 2)
    assert skeleton.joint_for("head") == "head"  # its top; the rig's `head` is the skull's base
    assert skeleton.joint_for("head_base") is None


def test_free_spelling_gives_roles_and_parents() -> None:
    skeleton = skeleton_from_joints(["LHip", "Left Knee", "l_ankle", "Nose", "left-shoulder"])
    assert skeleton.joint_for("left_ankle") == "l_ankle"
    assert skeleton.parents == (4, 0, 1, -1, 3)


@given(st.lists(st.sampled_from(ROLES), min_size=1, unique=True))
def test_any_selection_of_known_joints_is_a_forest(joints: list[str]) -> None:
    skeleton = skeleton_from_joints(joints)
    assert roots(skeleton) <= set(range(len(joints)))
    assert all(skeleton.joint_for(j) == j for j in joints)


@pytest.mark.parametrize(
    ("joints", "message"),
    [
        (["nose", "nose"], "joint 'nose' is listed twice"),
        (["a", "b", "c", "d", "e"], "no joint name is known; got a, b, c, d;"),
        ([], "no joint name is known; got none;"),
    ],
)
def test_unusable_joint_lists(joints: list[str], message: str) -> None:
    with pytest.raises(VvipeError, match=message) as caught:
        skeleton_from_joints(joints, where="clip.npz")
    assert str(caught.value).startswith("clip.npz: ")
    assert "\n" not in str(caught.value)
