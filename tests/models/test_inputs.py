import numpy as np
import pytest
from bodies import filmed, moving
from hypothesis import given, settings
from hypothesis import strategies as st

from vvipe import Poses2D, Poses3D, VvipeError, get_skeleton
from vvipe.geometry.bones import bone_lengths, universal_lengths, with_bone_lengths
from vvipe.geometry.canonical import from_canonical
from vvipe.geometry.keypoints import KEYPOINTS, NORMALISERS
from vvipe.geometry.rotations import euler_to_rotmat
from vvipe.models.inputs import (
    DOUBT,
    H36M17,
    NEEDED,
    TORSO,
    as_poses,
    keypoint_inputs,
    own_lengths,
    pose_inputs,
    torso_m,
    whole_lengths,
)


def test_poses_pass_through():
    for poses in (filmed(frames=2), moving(frames=2)):
        assert as_poses(poses) is poses


@pytest.mark.parametrize(
    ("skeleton", "width", "dims", "kind"),
    [
        ("coco17", 2, None, Poses2D),
        ("coco17", 3, None, Poses2D),
        ("coco17", 3, 3, Poses3D),
        ("h36m17", 3, None, Poses3D),
        ("h36m17", 3, 2, Poses2D),
        ("h36m17", 2, None, Poses2D),
        (get_skeleton("smpl24"), 3, None, Poses3D),
    ],
)
def test_an_array_becomes_what_its_skeleton_holds(rng, skeleton, width, dims, kind):
    values = rng.uniform(0.1, 1, (4, len(get_skeleton(skeleton)), width))
    poses = as_poses(values.tolist(), skeleton, dims)
    assert type(poses) is kind and poses.skeleton == get_skeleton(skeleton)
    if kind is Poses2D and width == 3:
        np.testing.assert_allclose(poses.confidence, values[..., 2], rtol=1e-6)
        values = values[..., :2]
    np.testing.assert_allclose(poses.coords, values, rtol=1e-6)


def test_confidence_that_is_not_a_number_hides_a_joint():
    values = np.ones((17, 3))
    values[3, 2], values[4, 2] = np.nan, 0
    poses = as_poses(values, "coco17")
    assert np.flatnonzero(~poses.mask).tolist() == [3, 4]


@pytest.mark.parametrize(
    ("values", "skeleton", "message"),
    [
        (np.zeros((17, 2)), None, "needs its skeleton"),
        (np.zeros((17, 2)), "coco71", "did you mean coco17"),
        (np.zeros((17, 4)), "coco17", r"expected \(\.\.\., 17, 2 or 3\); got \(17, 4\)"),
        (np.zeros(3), "coco17", "not an array of poses"),
        (3.0, "coco17", "not an array of poses"),
        (np.zeros((5, 16, 2)), "coco17", r"expected \(\.\.\., 17, 2\); got \(5, 16, 2\)"),
        (np.zeros((5, 16, 3)), "h36m17", r"expected \(\.\.\., 17, 3\)"),
        ([["a", "b"]], "coco17", "does not hold numbers"),
        ([[1, 2], [3]], "coco17", "does not hold numbers"),
        (np.array([{}]), "coco17", "does not hold numbers"),
    ],
)
def test_what_is_no_array_of_poses(values, skeleton, message):
    with pytest.raises(VvipeError, match=message):
        as_poses(values, skeleton)


@pytest.mark.parametrize("normaliser", NORMALISERS)
@settings(max_examples=30)
@given(scale=st.floats(0.02, 50), x=st.floats(-2000, 2000), y=st.floats(-2000, 2000))
def test_keypoints_lose_place_and_size(normaliser, scale, x, y):
    poses = filmed(frames=3)
    moved = Poses2D(poses.keypoints * scale + np.float32([x, y]), "coco17")
    expected, _, _ = keypoint_inputs(poses, normaliser)
    got, mask, usable = keypoint_inputs(moved, normaliser)
    np.testing.assert_allclose(got, expected, atol=2e-3)
    assert mask.all() and usable.all()


@pytest.mark.parametrize("normaliser", NORMALISERS)
def test_hidden_keypoints_are_masked(normaliser):
    poses = filmed(frames=3)
    keypoints = poses.keypoints.copy()
    keypoints[1, poses.skeleton.index("left_wrist")] = np.nan
    keypoints[1, poses.skeleton.index("left_ear")] = np.nan  # not one of the thirteen
    points, mask, usable = keypoint_inputs(Poses2D(keypoints, "coco17"), normaliser)
    expected = np.ones((3, 13))
    expected[1, KEYPOINTS.index("left_wrist")] = 0
    np.testing.assert_array_equal(mask, expected)
    assert usable.all() and np.isfinite(points).all()
    np.testing.assert_array_equal(points[mask == 0], 0)


@pytest.mark.parametrize(("seen", "enough"), [(0, False), (3, False), (4, True), (13, True)])
def test_four_keypoints_make_a_pose(seen, enough):
    keypoints = filmed("coco13", frames=2).keypoints.copy()
    keypoints[0, seen:] = np.nan
    _, mask, usable = keypoint_inputs(Poses2D(keypoints, "coco13"), "rms")
    assert usable.tolist() == [enough, True] and mask[0].sum() == seen


def test_keypoints_in_one_place_are_no_pose():
    keypoints = filmed("coco13", frames=2).keypoints.copy()
    keypoints[0] = [3.0, 4.0]
    assert keypoint_inputs(Poses2D(keypoints, "coco13"), "rms")[2].tolist() == [False, True]


def turned(poses, angles):
    return poses @ euler_to_rotmat(np.asarray(angles), "ZYX").T


@settings(max_examples=30)
@given(
    angles=st.tuples(*[st.floats(-3.1, 3.1)] * 3),
    scale=st.floats(0.1, 10),
    shift=st.tuples(*[st.floats(-5, 5)] * 3),
)
def test_poses_lose_rotation_place_and_size(angles, scale, shift):
    positions = moving(frames=3).positions.astype(np.float64)
    moved = Poses3D(turned(positions, angles) * scale + shift, "h36m17")
    expected, _, _, _ = pose_inputs(Poses3D(positions, "h36m17"))
    got, mask, usable, _ = pose_inputs(moved)
    np.testing.assert_allclose(got, expected, atol=2e-4)
    assert mask.all() and usable.all()


def test_poses_lose_their_bone_lengths(rng):
    positions = moving(frames=5).positions
    lengths = universal_lengths() * rng.uniform(0.7, 1.4, 17).astype(np.float32)
    other = Poses3D(with_bone_lengths(positions, lengths, H36M17), "h36m17")
    expected = pose_inputs(moving(frames=5))[0]
    np.testing.assert_allclose(pose_inputs(other)[0], expected, atol=1e-4)
    got = bone_lengths(expected, H36M17) * torso_m()
    np.testing.assert_allclose(got, np.tile(universal_lengths(), (5, 1)), atol=1e-4)


def test_what_was_removed_can_be_put_back():
    poses = moving(frames=5)
    canonical, _, _, removed = pose_inputs(poses)
    np.testing.assert_allclose(
        from_canonical(canonical, removed, H36M17), poses.positions, atol=1e-4
    )


@pytest.mark.parametrize("joint", H36M17.joints)
def test_one_joint_missing(joint):
    poses, column = moving(frames=2), H36M17.index(joint)
    positions = poses.positions.copy()
    positions[0, column] = np.nan
    points, mask, usable, _ = pose_inputs(Poses3D(positions, "h36m17"))
    assert usable.tolist() == [column not in NEEDED, True]
    assert mask[0, column] == 0 and mask.sum() == 33
    if usable[0]:
        whole = pose_inputs(poses)[0]
        assert np.isfinite(points[0]).all()
        parents = H36M17.parents
        beyond = [j for j in range(17) if column in (parents[j], parents[parents[j]])]
        others = np.setdiff1d(np.arange(17), [column, *beyond])
        np.testing.assert_allclose(points[0, others], whole[0, others], atol=1e-5)


def test_rows_without_a_pose_do_not_touch_the_others():
    positions = moving(frames=4).positions.copy()
    positions[1] = np.nan
    positions[2] = 0  # all joints in one place
    points, _, usable, _ = pose_inputs(Poses3D(positions, "h36m17"))
    assert usable.tolist() == [True, False, False, True]
    expected = pose_inputs(moving(frames=4))[0]
    np.testing.assert_array_equal(points[[0, 3]], expected[[0, 3]])


@pytest.mark.parametrize("skeleton", ["cmu_bvh", "cmu_asf", "bandai_namco", "smpl24"])
def test_rigs_come_out_nearly_alike(skeleton):
    points, mask, usable, _ = pose_inputs(moving(skeleton, frames=5))
    assert usable.all() and mask.all()
    limbs = H36M17.indices(*(f"left_{j}" for j in ("knee", "ankle", "shoulder", "elbow", "wrist")))
    expected = pose_inputs(moving(frames=5))[0]
    assert np.linalg.norm(points - expected, axis=-1)[:, limbs].max() < 0.1


def test_bones_that_were_not_seen_get_the_universal_length():
    positions = 1.2 * with_bone_lengths(moving(frames=2).positions, universal_lengths(), H36M17)
    elbow, wrist = H36M17.indices("left_elbow", "left_wrist")
    positions[:, elbow] = np.nan
    _, mask, _, removed = pose_inputs(Poses3D(positions, "h36m17"))
    assert (removed.lengths[:, elbow] < 1e-6).all()
    got = whole_lengths(removed.lengths, mask)
    np.testing.assert_allclose(got, np.tile(1.2 * universal_lengths(), (2, 1)), atol=1e-5)
    assert mask[0, [elbow, wrist]].tolist() == [0, 1]


@pytest.mark.parametrize(("told", "believed"), [(0.1, 0), (DOUBT, DOUBT / 2), (-0.3, -0.3)])
def test_unusual_bones_are_believed(told, believed):
    ratio = np.zeros((1, len(H36M17)), np.float32)
    wrist = H36M17.index("left_wrist")
    ratio[0, wrist] = told
    got = np.log(own_lengths(ratio)[0, 1:] / universal_lengths()[1:])
    np.testing.assert_allclose(got[wrist - 1], believed, atol=0.02)
    np.testing.assert_allclose(np.delete(got, wrist - 1), 0, atol=1e-6)


def test_own_bones_have_the_universal_torso(rng):
    lengths = own_lengths(rng.normal(0, 0.5, (5, len(H36M17))))
    np.testing.assert_allclose(lengths[:, TORSO].sum(1), torso_m(), rtol=1e-6)
