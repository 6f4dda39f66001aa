import numpy as np
import pytest

from vvipe import VvipeError, get_skeleton
from vvipe.evaluation import load_protocol, protocol_names
from vvipe.evaluation.protocols import camera_pairs, check_protocol, project
from vvipe.formats import read
from vvipe.geometry.layouts import HUMAN36M, MPI_INF_3DHP, random_layout
from vvipe.geometry.matching import match_matrix

H36M17 = get_skeleton("h36m17")
HIP = H36M17.index("hip")
NAMES = protocol_names(licensed=False)


@pytest.fixture(scope="module")
def protocols(data_root):
    return {name: load_protocol(name, data_root) for name in NAMES}


@pytest.fixture(params=NAMES)
def protocol(protocols, request):
    return protocols[request.param]


def subjects(protocol):
    return {path.parent.name for path in protocol.files if path.suffix != ".npz"}


def test_pairs_of_cameras():
    assert set(camera_pairs(HUMAN36M)) == {(a, b) for a in range(4) for b in range(4) if a != b}
    everything, unseen = camera_pairs(MPI_INF_3DHP), camera_pairs(MPI_INF_3DHP, unseen=True)
    assert (len(everything), len(unseen)) == (110, 60)
    assert set(unseen) < set(everything)
    assert all((a < 5) != (b < 5) for a, b in unseen)
    assert {(b, a) for a, b in unseen} == set(unseen)


@pytest.mark.parametrize(("name", "hint"), [("cmu-sen", "cmu-seen"), ("VAL_CROSS", "val-cross")])
def test_unknown_protocol(name, hint, tmp_path):
    with pytest.raises(VvipeError, match=f"unknown protocol '{name}'.*did you mean {hint}"):
        load_protocol(name, tmp_path)
    with pytest.raises(VvipeError, match="known: cmu-seen, cmu-cross"):
        load_protocol("", tmp_path)


def test_data_that_is_not_there(tmp_path):
    with pytest.raises(VvipeError, match="make data"):
        load_protocol("cmu-seen", tmp_path)


def test_counts(protocols):
    # Which of two poses at the very radius stays depends on the last digit.
    assert len(protocols["cmu-seen"].poses) == pytest.approx(3896, rel=0.01)
    limits = {"cmu-cross": 2000, "val-seen": 1000, "val-cross": 1000}
    assert {name: len(protocols[name].poses) for name in limits} == limits
    assert {name: len(p.layout) for name, p in protocols.items()} == {
        "cmu-seen": 4, "cmu-cross": 11, "val-seen": 4, "val-cross": 6, "cmu-view": 1,
    }  # fmt: skip
    pairs = {name: [(v, len(p)) for v, p in x.groups.items()] for name, x in protocols.items()}
    assert pairs == {
        "cmu-seen": [("all", 12)], "cmu-cross": [("all", 110), ("unseen", 60)],
        "val-seen": [("all", 12)], "val-cross": [("all", 30)], "cmu-view": [],
    }  # fmt: skip


def test_the_new_view_is_the_fourth_camera(protocols):
    new, seen = (protocols[name].camera(i) for name, i in (("cmu-view", 0), ("cmu-seen", 3)))
    np.testing.assert_array_equal(new.centre, seen.centre)
    np.testing.assert_array_equal(protocols["cmu-view"].poses, protocols["cmu-seen"].poses)


def test_which_recordings(protocols):
    assert subjects(protocols["cmu-seen"]) == {"02", "49"}
    assert not subjects(protocols["val-seen"]) & {"02", "49"}
    numbers = {p.stem.rsplit("_", 1)[1] for p in protocols["cmu-cross"].files}
    assert numbers == {"021", "041"}
    assert {p.stem.rsplit("_", 1)[1] for p in protocols["val-cross"].files} == {"001"}


def test_no_pose_of_a_test_is_in_validation(protocols):
    for test, validation in (("cmu-seen", "val-seen"), ("cmu-cross", "val-cross")):
        both = [protocols[name].poses for name in (test, validation)]
        seen = {pose.tobytes() for pose in both[0]}
        assert not any(pose.tobytes() in seen for pose in both[1])


def test_poses_stand_on_the_floor_and_have_the_size_of_a_person(protocol):
    poses = protocol.poses
    assert poses.dtype == np.float32 and np.isfinite(poses).all()
    np.testing.assert_allclose(poses[:, HIP, :2], 0, atol=1e-6)
    np.testing.assert_allclose(poses[..., 2].min(1), 0, atol=1e-6)
    reach = np.ptp(poses, axis=1).max(axis=1)
    assert reach.min() > 0.6 and 1.2 < np.median(reach) < 1.9 and reach.max() < 2.4


def test_no_near_duplicates(protocol):
    matrix = match_matrix(protocol.poses[-1000:])
    later = np.triu(np.ones(matrix.shape, bool), 1)
    assert matrix[later].min() >= 0.02 - 1e-6


def test_headings_are_those_of_the_recording(protocols):
    protocol = protocols["cmu-seen"]
    clip = read(protocol.files[0]).to_skeleton(H36M17).positions
    expected = clip[0] - clip[0, HIP]
    np.testing.assert_allclose(protocol.poses[0] - protocol.poses[0, HIP], expected, atol=1e-5)


def test_every_pose_is_seen_whole_by_every_camera(protocol):
    width, height = protocol.layout.size_px
    for i in range(len(protocol.layout)):
        poses = project(protocol, i)
        assert poses.mask.all() and len(poses) == len(protocol.poses)
        assert poses.skeleton.name == "coco13" and poses.image_size == (width, height)
        inside = (poses.keypoints > 0) & (poses.keypoints < [width, height])
        assert inside.mean() > 0.97
        hips = (poses.joint("left_hip") + poses.joint("right_hip")) / 2
        np.testing.assert_allclose(hips, np.tile([width / 2, height / 2], (len(hips), 1)), atol=20)


def test_projection_is_that_of_the_named_joints(protocols):
    protocol = protocols["val-cross"]
    camera, poses = protocol.camera(2), project(protocol, 2)
    pixels = camera.project(protocol.poses)
    for joint in poses.skeleton.joints:
        np.testing.assert_array_equal(poses.joint(joint), pixels[:, H36M17.index(joint)])


def test_poses_do_not_change_and_random_cameras_follow_the_seed(protocols, data_root):
    first, other = protocols["val-cross"], load_protocol("val-cross", data_root, seed=1)
    np.testing.assert_array_equal(other.poses, first.poses)
    expected = random_layout(6, np.random.default_rng(0)).centres_m
    np.testing.assert_array_equal(first.layout.centres_m, expected)
    assert np.abs(other.layout.centres_m - expected).min() > 0


def test_missing_clips_are_told_at_once(tmp_path):
    with pytest.raises(VvipeError, match="unknown protocol 'cmu-see'; did you mean cmu-seen"):
        check_protocol("cmu-see", tmp_path)
    with pytest.raises(VvipeError, match="bandai_namco_2"):
        check_protocol("cmu-cross", tmp_path)
