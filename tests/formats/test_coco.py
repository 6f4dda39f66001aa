"""Ground truth and results, by hand."""

import json

import numpy as np
import pytest

from vvipe import Poses2D, VvipeError, get_skeleton
from vvipe.formats import read, write

COCO17 = get_skeleton("coco17")


def save(tmp_path, content):
    path = tmp_path / "keypoints.json"
    path.write_text(json.dumps(content))
    return path


def keypoints(joints=17, v=2, x=0):
    return [value for j in range(joints) for value in (x + j, 10 + j, v)]


def truth(*annotations, **more):
    images = [{"id": 1, "width": 640, "height": 480}, {"id": 2, "width": 640, "height": 480}]
    return {"images": images, "annotations": list(annotations)} | more


def test_ground_truth_visibility(tmp_path):
    values = keypoints()
    values[2], values[5] = 0, 1
    path = save(tmp_path, truth({"image_id": 7, "keypoints": values}))
    poses = read(path)
    assert poses.skeleton == COCO17
    assert poses.image_size == (640, 480)
    assert list(poses.frame) == [7]
    np.testing.assert_array_equal(poses.confidence[0, :3], [0, 1, 1])
    np.testing.assert_array_equal(poses.mask[0, :3], [False, True, True])


def test_results_rows_stay_in_file_order(tmp_path):
    rows = [{"image_id": i, "keypoints": keypoints(v=0.5, x=i), "score": 1} for i in (5, 3, 5)]
    poses = read(save(tmp_path, rows))
    np.testing.assert_array_equal(poses.frame, [5, 3, 5])
    np.testing.assert_array_equal(poses.joint("nose")[:, 0], [5, 3, 5])
    np.testing.assert_array_equal(poses.confidence, 0.5)
    assert poses.image_size is None
    assert list(read(save(tmp_path, rows), person=1).frame) == [5]


def test_image_names_give_row_numbers(tmp_path):
    rows = [{"image_id": n, "keypoints": keypoints(v=0.5)} for n in ("b.jpg", "a.jpg")]
    np.testing.assert_array_equal(read(save(tmp_path, rows)).frame, [0, 1])


@pytest.mark.parametrize(
    "count, name", [(13, "coco13"), (17, "coco17"), (26, "halpe26"), (133, "coco17")]
)
def test_skeleton_by_number_of_keypoints(tmp_path, count, name):
    poses = read(save(tmp_path, [{"image_id": 0, "keypoints": keypoints(count, v=0.9)}]))
    assert poses.skeleton.name == name
    assert poses.joint(poses.skeleton.joints[-1])[0, 0] == len(poses.skeleton) - 1


def test_names_of_the_category(tmp_path):
    names = ["left_hip", "right_hip", "nose"]
    category = {"id": 1, "name": "person", "keypoints": names}
    found = truth({"image_id": 1, "keypoints": keypoints(3)}, categories=[category])
    poses = read(save(tmp_path, found))
    assert poses.skeleton.joints == tuple(names)
    assert poses.joint("nose")[0, 0] == 2


def test_frames_without_a_person_stay_rows(tmp_path):
    rows = [{"image_id": i, "keypoints": keypoints(v=v)} for i, v in ((0, 0), (1, 2))]
    np.testing.assert_array_equal(read(save(tmp_path, truth(*rows))).mask.any(1), [False, True])


@pytest.mark.parametrize(
    "content, message",
    [
        (truth(), "no annotations"),
        (
            [{"image_id": 1, "keypoints": keypoints()}, {"image_id": 2}],
            "annotation 1: no keypoints",
        ),
        (
            [{"keypoints": keypoints()}, {"keypoints": keypoints(13)}],
            "annotation 1: another number",
        ),
        ([{"keypoints": [1, 2, "x"]}], "annotation 0: not an array of numbers"),
        ([{"keypoints": keypoints()[:-1]}], "annotation 0: keypoints are not x, y, v"),
        ([{"keypoints": keypoints(15)}], "no skeleton is known for 15 keypoints"),
        ([{"keypoints": keypoints(v=0)}], "no joint is seen anywhere"),
    ],
)
def test_damaged(tmp_path, content, message):
    path = save(tmp_path, content)
    with pytest.raises(VvipeError, match=message) as error:
        read(path)
    assert str(path) in str(error.value)


@pytest.mark.parametrize("skeleton", ["coco17", "body25"])
@pytest.mark.parametrize("with_confidence", [True, False])
def test_written_results_read_back(tmp_path, rng, skeleton, with_confidence):
    count = len(get_skeleton(skeleton))
    coords = rng.uniform(0, 1000, (4, count, 2)).astype(np.float32)
    coords[2, 3] = np.nan
    coords[1] = np.nan
    confidence = rng.uniform(0.1, 1, (4, count)) if with_confidence else None
    poses = Poses2D(coords, skeleton, frame=[3, 5, 7, 9], confidence=confidence)
    write(poses, tmp_path / "results.json")
    again = read(tmp_path / "results.json")
    assert again.skeleton == poses.skeleton
    np.testing.assert_array_equal(again.frame, poses.frame)
    np.testing.assert_array_equal(again.keypoints, poses.keypoints)
    if with_confidence:
        np.testing.assert_array_equal(again.confidence[poses.mask], poses.confidence[poses.mask])
