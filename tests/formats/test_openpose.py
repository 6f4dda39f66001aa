"""Frames in order, one person followed, and the real sequences."""

import json

import numpy as np
import pytest

from vvipe import VvipeError
from vvipe.formats import read, read_all

BODY25, COCO18 = 25, 18


def person(x, confidence=0.9, joints=BODY25):
    grid = np.arange(joints)
    return np.stack([x + grid, 2.0 * grid, np.full(joints, confidence)], -1)


def frame_text(*people, key="pose_keypoints_2d"):
    people = [{"person_id": [-1], key: p.ravel().tolist()} for p in people]
    return json.dumps({"version": 1.3, "people": people})


def write_frames(folder, frames, name="clip_{:012d}_keypoints.json"):
    for number, people in frames.items():
        (folder / name.format(number)).write_text(frame_text(*people))
    return folder


def test_rows_are_frames_in_the_order_of_their_numbers(tmp_path):
    frames = {11: [person(30)], 9: [person(10)], 10: []}
    poses = read(write_frames(tmp_path, frames, "f{}_keypoints.json"))
    assert poses.skeleton.name == "body25"
    np.testing.assert_array_equal(poses.frame, [9, 10, 11])
    np.testing.assert_array_equal(poses.mask.any(1), [True, False, True])
    np.testing.assert_allclose(poses.joint("nose")[[0, 2]], [[10, 0], [30, 0]])
    np.testing.assert_allclose(poses.confidence[:, 3], [0.9, 0, 0.9], atol=1e-6)


def test_zero_confidence_is_unseen(tmp_path):
    found = person(5)
    found[7] = 0
    write_frames(tmp_path, {0: [found]})
    mask = read(tmp_path).mask[0]
    assert not mask[7] and mask.sum() == BODY25 - 1


def test_the_most_confident_is_followed_wherever_he_stands_in_the_list(tmp_path):
    frames = {
        0: [person(0, 0.5), person(500, 0.8)],
        1: [person(505, 0.3), person(2, 0.9)],
        2: [],
        3: [person(1, 0.9), person(512, 0.2)],
    }
    poses = read(write_frames(tmp_path, frames))
    np.testing.assert_allclose(poses.joint("nose")[:, 0], [500, 505, np.nan, 512])


def test_person_by_index(tmp_path):
    write_frames(tmp_path, {0: [person(0), person(9)], 1: [person(3)]})
    np.testing.assert_allclose(read(tmp_path, person=1).joint("nose")[:, 0], [9, np.nan])
    with pytest.raises(VvipeError, match="no person 2; expected 0 to 1"):
        read(tmp_path, person=2)


def test_single_file_of_18_joints_and_the_old_key(tmp_path):
    path = tmp_path / "frame_000000000042_keypoints.json"
    path.write_text(frame_text(person(7, joints=COCO18), key="pose_keypoints"))
    poses = read(path)
    assert poses.skeleton.name == "openpose18"
    assert poses.keypoints.shape == (1, 18, 2)
    assert list(poses.frame) == [42]


def test_another_detector_with_openpose_layout(tmp_path):
    write_frames(tmp_path, {0: [person(0, joints=17)]})
    with pytest.raises(VvipeError, match="no OpenPose skeleton has 17 keypoints"):
        read(tmp_path)
    assert read(tmp_path, skeleton="coco17").skeleton.name == "coco17"
    with pytest.raises(VvipeError, match="wrong number of keypoints for body25"):
        read(tmp_path, skeleton="body25")


DAMAGE = {
    "cut": '{"people": [{"pose_keypoints_2d": [1, 2',
    "empty": "",
    "no list": '{"people": 3}',
    "no keypoints": '{"people": [{}]}',
    "words": '{"people": [{"pose_keypoints_2d": ["a", "b", "c"]}]}',
    "odd": '{"people": [{"pose_keypoints_2d": [1, 2]}]}',
    "nested": '{"people": [{"pose_keypoints_2d": [[1, 2, 3]]}]}',
    "other": frame_text(person(0, joints=COCO18)),
    "binary": "\0\1\2",
    "digits": '{"people": [' + "9" * 5000 + "]}",
}


@pytest.mark.parametrize("text", DAMAGE.values(), ids=DAMAGE)
def test_a_damaged_frame_is_told_and_its_row_is_nan(tmp_path, text):
    write_frames(tmp_path, {4: [person(0)], 5: [person(1)], 6: [person(2)]})
    broken = tmp_path / f"clip_{5:012d}_keypoints.json"
    broken.write_text(text)
    told = []
    poses = read(tmp_path, on_error=told.append)
    assert poses.frame.tolist() == [4, 5, 6]
    np.testing.assert_allclose(poses.joint("nose")[:, 0], [0, np.nan, 2])
    assert len(told) == 1 and str(told[0]).startswith(str(broken))
    with pytest.warns(UserWarning, match=broken.name):
        read(tmp_path)
    assert len(list(read_all(tmp_path, on_error=told.append))) == 1 and len(told) == 2
    with pytest.raises(VvipeError, match=r"000005_keypoints"):
        read(broken, skeleton="body25")


def test_a_folder_of_damaged_frames_is_an_error(tmp_path):
    write_frames(tmp_path, {4: [person(0)], 5: [person(1)]})
    for file in tmp_path.iterdir():
        file.write_text(DAMAGE["cut"])
    told = []
    with pytest.raises(VvipeError, match=r"000004_keypoints.json: line 1: broken JSON"):
        read(tmp_path, on_error=told.append)
    assert not told


def test_two_sequences_in_one_folder(tmp_path):
    write_frames(tmp_path, {1: [person(0)]}, "a_{:04d}.json")
    write_frames(tmp_path, {1: [person(0)]}, "b_{:04d}.json")
    with pytest.raises(VvipeError, match=r"frame 1 twice; got a_0001.json, b_0001.json"):
        read(tmp_path)


@pytest.mark.parametrize("sequence, frames", [("seq0", 441), ("seq1", 81), ("seq4", 331)])
def test_real_sequences(data_root, sequence, frames):
    poses = read(data_root / "openpose_sequences" / sequence)
    assert poses.skeleton.name == "body25"
    assert len(poses) == frames
    assert (np.diff(poses.frame) > 0).all()
    assert poses.mask[:, poses.skeleton.index("neck")].mean() > 0.9
