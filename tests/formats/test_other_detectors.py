"""Files of AlphaPose, MMPose, Ultralytics and MediaPipe: read, told apart, and damaged."""

import json

import numpy as np
import pytest
from bodies import filmed

from vvipe import Poses3D, VvipeError
from vvipe.formats import format_of, read

FRAMES = 6
TRUE = filmed("coco17", frames=FRAMES).keypoints.round(3)
OTHER = TRUE + 300
SURE = np.full((17, 1), 0.8)
SIZE = (1000, 500)


def flat(keypoints, sure=0.8):
    return np.concatenate([keypoints, np.full((len(keypoints), 1), sure)], 1).ravel().tolist()


def alphapose(track=True, names="{}.jpg"):
    rows = []
    for i in reversed(range(FRAMES)):
        people = [(TRUE[i], 0.9, 7), (OTHER[i], 0.5, 3)]
        for keypoints, sure, idx in people[:: 1 if i % 2 else -1]:
            row = {
                "image_id": names.format(i),
                "category_id": 1,
                "keypoints": flat(keypoints, sure),
            }
            row |= {"score": 2.9, "box": [1.0, 2.0, 3.0, 4.0]} | ({"idx": [idx]} if track else {})
            rows.append(row)
    return rows


def by_image(form):
    order = [0, None, 6, 8, 10, 5, 7, 9, 12, 14, 16, 11, 13, 15, 2, 1, 4, 3]
    out = {}
    for i in range(FRAMES):
        joints = np.stack([TRUE[i][[5, 6]].mean(0) if k is None else TRUE[i, k] for k in order])
        people = [{"joints" if form == "bodies" else "pose_keypoints_2d": flat(joints)}]
        out[f"{i}.jpg"] = {"version": "AlphaPose v0.3", form: people}
    return out


def instance(keypoints, **more):
    scores = [0.8] * len(keypoints)
    return {
        "keypoints": keypoints.tolist(),
        "keypoint_scores": scores,
        "bbox": [[1, 2, 3, 4]],
    } | more


def mmpose(track=False):
    frames = []
    for i in range(FRAMES):
        people = [(TRUE[i], 0), (OTHER[i], 1)]
        found = [instance(k, **({"track_id": t} if track else {})) for k, t in people]
        frames.append({"frame_id": i, "instances": found})
    frames[2]["instances"] = []
    return frames


def detection(keypoints, track=None, scale=(1, 1)):
    x, y = (keypoints / scale).T.tolist()
    out = {
        "name": "person",
        "class": 0,
        "confidence": 0.9,
        "box": {"x1": 1, "y1": 2, "x2": 3, "y2": 4},
    }
    out["keypoints"] = {"x": x, "y": y, "visible": [0.8] * len(x)}
    return out | ({} if track is None else {"track_id": track})


def landmarks(count=33, scale=SIZE, offset=0.0):
    marks = filmed("mediapipe33", frames=FRAMES).keypoints / scale + offset
    marks = np.nan_to_num(marks, nan=0.5)
    return [
        [
            {"x": float(x), "y": float(y), "z": 0.1 * j, "visibility": 0.8}
            for j, (x, y) in enumerate(m[:count])
        ]
        for m in marks
    ]  # fmt: skip


def saved(tmp_path, content, name="a.json"):
    (tmp_path / name).write_text(content if isinstance(content, str) else json.dumps(content))
    return tmp_path / name


@pytest.mark.parametrize(
    ("content", "name", "rows"),
    [
        (alphapose(), "AlphaPose JSON", range(FRAMES)),
        (alphapose(track=False), "AlphaPose JSON", range(FRAMES)),
        (by_image("bodies"), "AlphaPose JSON", range(FRAMES)),
        (by_image("people"), "AlphaPose JSON", range(FRAMES)),
        (mmpose(), "MMPose JSON", [0, 1, 3, 4, 5]),
        (mmpose(track=True), "MMPose JSON", [0, 1, 3, 4, 5]),
        ({"meta_info": {}, "instance_info": mmpose()}, "MMPose JSON", [0, 1, 3, 4, 5]),
        ({"predictions": [f["instances"] for f in mmpose()]}, "MMPose JSON", [0, 1, 3, 4, 5]),
        ([[detection(k)] for k in TRUE], "Ultralytics JSON", range(FRAMES)),
        ([json.dumps([detection(k, 4)]) for k in TRUE], "Ultralytics JSON", range(FRAMES)),
        ([[detection(k, None, SIZE)] for k in TRUE], "Ultralytics JSON", range(FRAMES)),
    ],
)  # fmt: skip
def test_one_person_is_read_wherever_he_stands(tmp_path, content, name, rows):
    path = saved(tmp_path, content)
    assert format_of(path).name == name
    poses = read(path, image_size=SIZE).to_skeleton("coco17")
    seen = poses.mask.any(1)
    assert poses.frame[seen].tolist() == list(rows)
    got, want = poses.keypoints[seen], TRUE[list(rows)]
    assert not poses.mask[~seen].any()
    if not np.allclose(got, want, atol=1e-3):
        np.testing.assert_allclose(got, want + 300, atol=1e-3)


def test_tracks_are_people(tmp_path):
    path = saved(tmp_path, alphapose())
    np.testing.assert_allclose(read(path, person=3).keypoints, OTHER, atol=1e-3)
    np.testing.assert_allclose(read(path, person=7).keypoints, TRUE, atol=1e-3)
    with pytest.raises(VvipeError, match="no person 0; expected one of 3, 7"):
        read(path, person=0)
    path = saved(tmp_path, mmpose(track=True))
    np.testing.assert_allclose(read(path, person=1).keypoints[3], OTHER[3], atol=1e-3)
    path = saved(tmp_path, [[detection(OTHER[i], 2), detection(TRUE[i], 9)] for i in range(FRAMES)])
    np.testing.assert_allclose(read(path, person=9).keypoints, TRUE, atol=1e-3)


def test_without_tracks_a_person_is_a_place_in_the_list(tmp_path):
    path = saved(tmp_path, mmpose())
    np.testing.assert_allclose(read(path, person=1).keypoints[3], OTHER[3], atol=1e-3)
    with pytest.raises(VvipeError, match="no person 2; expected 0 to 1"):
        read(path, person=2)


def test_coco_results_with_tracks(tmp_path):
    rows = [
        {"image_id": i, "category_id": 1, "keypoints": flat(k), "bbox": [0, 0, 9, 9],
         "score": 0.5, "track_id": t}
        for i in range(FRAMES) for k, t in ((TRUE[i], 5), (OTHER[i], 2))
    ]  # fmt: skip
    path = saved(tmp_path, rows)
    assert format_of(path).name == "COCO JSON"
    assert len(read(path)) == 2 * FRAMES, "a row an annotation, as ever"
    np.testing.assert_allclose(read(path, person=2).keypoints, OTHER, atol=1e-3)
    with pytest.raises(VvipeError, match="no person 0; expected 2, 5"):
        read(path, person=0)


def test_names_of_images_tell_frames(tmp_path):
    poses = read(saved(tmp_path, alphapose(names="cam2_frame_00{}1.png")), person=7)
    assert poses.frame.tolist() == [1, 11, 21, 31, 41, 51]
    np.testing.assert_allclose(poses.keypoints, TRUE, atol=1e-3)


def test_keypoint_names_of_mmpose(tmp_path):
    names = ["nose", "left_shoulder", "right_shoulder", "left_hip", "right_hip"]
    about = {"keypoint_id2name": {str(i): n for i, n in enumerate(names)}}
    content = {"meta_info": about, "instance_info": [instance(TRUE[0, :5])]}
    assert read(saved(tmp_path, content)).skeleton.joints == tuple(names)
    del about["keypoint_id2name"]["3"]
    with pytest.raises(VvipeError, match=r"meta_info: no name for keypoint '3'"):
        read(saved(tmp_path, content))


WAYS = {
    "frames": lambda m: {
        "fps": 25, "frames": [{"frame": i, "pose_landmarks": f} for i, f in enumerate(m)]
    },
    "bare": lambda m: m,
    "people": lambda m: {"fps": 25, "frames": [{"pose_landmarks": [f]} for f in m]},
    "protobuf": lambda m: [{"pose_landmarks": {"landmark": f}} for f in m],
    "camel": lambda m: [{"poseLandmarks": f, "poseWorldLandmarks": f} for f in m],
    "times": lambda m: [{"timestamp_ms": 40 * i, "landmarks": f} for i, f in enumerate(m)],
}  # fmt: skip


@pytest.mark.parametrize("way", WAYS)
def test_landmarks_of_the_image(tmp_path, way):
    path = saved(tmp_path, WAYS[way](landmarks()))
    assert format_of(path).name == "MediaPipe JSON"
    with pytest.raises(VvipeError, match="normalised coordinates, and no size of the image"):
        read(path)
    poses = read(path, image_size=SIZE)
    assert poses.skeleton.name == "mediapipe33" and poses.image_size == SIZE
    np.testing.assert_allclose(poses.to_skeleton("coco17").keypoints, TRUE, atol=0.01)
    np.testing.assert_allclose(poses.confidence[0], 0.8, atol=1e-6)
    if way == "times":
        np.testing.assert_allclose(poses.time_s, np.arange(FRAMES) * 0.04)


def test_landmarks_of_an_image_that_tells_its_size_and_of_nobody(tmp_path):
    frames = [{"pose_landmarks": f} for f in landmarks()]
    frames[3]["pose_landmarks"] = None
    content = {"metadata": {"fps": 25, "width": 1000, "height": 500}, "frames": frames}
    poses = read(saved(tmp_path, content))
    assert poses.fps == 25 and poses.mask.any(1).tolist() == [True] * 3 + [False] + [True] * 2


def test_world_landmarks_are_3d_in_the_cameras_axes(tmp_path):
    content = {"fps": 30, "frames": [{"pose_world_landmarks": f} for f in landmarks(offset=-0.5)]}
    poses = read(saved(tmp_path, content))
    assert isinstance(poses, Poses3D) and poses.frame_of_reference == "camera"
    np.testing.assert_allclose(poses.joint("left_eye_inner")[:, 2], 0.1, atol=1e-6)


DAMAGE = {
    "alphapose cut": (json.dumps(alphapose())[:-300], "broken JSON"),
    "alphapose row": ([{"image_id": "0.jpg"}, {"keypoints": []}], "entry 0: no image_id"),
    "alphapose odd": ([{"image_id": "0.jpg", "keypoints": [1, 2]}], "not x, y, confidence"),
    "alphapose words": ([{"image_id": "0.jpg", "keypoints": ["a"]}], "not an array of numbers"),
    "alphapose count": ([{"image_id": "0.jpg", "keypoints": [1] * 21}], "known for 7 keypoints"),
    "alphapose image": ({"0.jpg": {"bodies": 3}}, "0.jpg: no list of people"),
    "alphapose nobody": ({"0.jpg": {"bodies": []}}, "nobody in any frame"),
    "mmpose cut": (json.dumps(mmpose())[:-300], "broken JSON"),
    "mmpose scores": ([{"keypoints": [[1, 2]], "keypoint_scores": []}], "scores differ"),
    "mmpose 3D": ([{"keypoints": [[1, 2, 3]], "keypoint_scores": [1]}], "3D keypoints"),
    "mmpose text": ({"instance_info": "keypoint_scores", "keypoint_scores": 1}, "no list of"),
    "mmpose frames": ([{"frame_id": 0, "keypoint_scores": 1}, 3], "entry 0: no frame_id"),
    "ultralytics cut": (json.dumps([detection(TRUE[0])])[:-30], "broken JSON"),
    "ultralytics list": ([detection(TRUE[0]) | {"keypoints": [1]}], "not x, y, visible"),
    "ultralytics text": (["{", json.dumps([detection(TRUE[0])])], "frame 0: broken JSON"),
    "ultralytics object": (detection(TRUE[0]), "not a list of detections"),
    "mediapipe cut": (json.dumps(landmarks())[:-300], "broken JSON"),
    "mediapipe few": ([{"pose_landmarks": landmarks(20)[0]}], "expected 33 of x, y, z, visibility"),
    "mediapipe words": ([{"pose_landmarks": [{"x": "a", "y": 1}] * 33}], "not an array of numbers"),
    "mediapipe none": ({"frames": [{"pose_landmarks": []}]}, "nobody in any frame"),
    "mediapipe odd": ({"pose_landmarks": 7}, "33 of x, y, z, visibility"),
}  # fmt: skip


@pytest.mark.parametrize(("content", "said"), DAMAGE.values(), ids=DAMAGE)
def test_damage_is_one_line(tmp_path, content, said):
    path = saved(tmp_path, content)
    with pytest.raises(VvipeError) as error:
        read(path)
    assert str(path) in str(error.value) and said in str(error.value)


def test_ambiguous_content_is_not_guessed(tmp_path):
    both = detection(TRUE[0]) | instance(TRUE[0])
    with pytest.raises(VvipeError, match="could be MMPose JSON and Ultralytics JSON"):
        read(saved(tmp_path, [both]))


def test_a_folder_of_alphaposes_frames(tmp_path):
    for form in ("bodies", "people"):
        folder = tmp_path / form
        folder.mkdir()
        for name, image in by_image(form).items():
            saved(folder, image, name.replace(".jpg", ".json"))
        poses = read(folder)
        assert poses.skeleton.name == "openpose18"
        columns = [0, *range(5, 17)]
        got = poses.to_skeleton("coco17").keypoints
        np.testing.assert_allclose(got[:, columns], TRUE[:, columns], atol=1e-3)
