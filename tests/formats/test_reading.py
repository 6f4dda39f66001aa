"""The format by content, and folders of mixed files."""

import json
import shutil

import numpy as np
import pytest

from vvipe import Poses2D, Poses3D, VvipeError
from vvipe.formats import format_of, read, read_all, write


@pytest.fixture
def mixed(tmp_path, rng):
    """One clip of each kind, in three folders."""
    flat = Poses2D(rng.uniform(0, 500, (3, 25, 2)), "body25", confidence=np.ones((3, 25)))
    solid = Poses3D(rng.uniform(-0.8, 0.8, (3, 17, 3)), "h36m17", fps=30)
    for name in ("a.npz", "b.parquet", "c/coco.json"):
        write(flat, tmp_path / name)
    for name in ("d.bvh", "e/own.json"):
        write(solid, tmp_path / name)
    (tmp_path / "f").mkdir()
    for i, row in enumerate(flat.keypoints):
        keypoints = np.column_stack([row, np.ones(25)]).ravel().tolist()
        frame = {"people": [{"pose_keypoints_2d": keypoints}]}
        (tmp_path / "f" / f"{i:03d}_keypoints.json").write_text(json.dumps(frame))
    (tmp_path / "LICENSE").write_text("free")
    (tmp_path / ".hidden.npz").write_text("not ours")
    return tmp_path


def test_read_all_gives_every_clip_once_in_order(mixed):
    found = [(p.relative_to(mixed).as_posix(), type(poses)) for p, poses in read_all(mixed)]
    assert found == [
        ("a.npz", Poses2D),
        ("b.parquet", Poses2D),
        ("c/coco.json", Poses2D),
        ("d.bvh", Poses3D),
        ("e/own.json", Poses3D),
        ("f", Poses2D),
    ]
    assert [len(p) for _, p in read_all(mixed)] == [3] * 6


def test_damaged_file_is_reported_and_the_batch_goes_on(mixed):
    text = (mixed / "d.bvh").read_text()
    (mixed / "d.bvh").write_text(text[: len(text) - 200])
    (mixed / "a.npz").write_bytes((mixed / "a.npz").read_bytes()[:300])
    errors = []
    found = [p.name for p, _ in read_all(mixed, on_error=errors.append)]
    assert found == ["b.parquet", "coco.json", "own.json", "f"]
    assert [e.args[0].split(":")[0] for e in errors] == [str(mixed / n) for n in ("a.npz", "d.bvh")]
    with pytest.raises(VvipeError, match=r"a.npz"):
        list(read_all(mixed))


def test_damaged_frame_of_an_openpose_folder_is_one_error(mixed):
    (mixed / "f" / "001_keypoints.json").write_text('{"people": [')
    errors = []
    found = {p.name: poses for p, poses in read_all(mixed, on_error=errors.append)}
    assert len(found) == 6
    assert found["f"].mask.any(1).tolist() == [True, False, True]
    assert len(errors) == 1
    assert "001_keypoints.json: line 1: broken JSON" in str(errors[0])


def test_other_json_beside_openpose_frames_is_read_by_itself(mixed):
    for name in ("c/coco.json", "e/own.json"):
        shutil.copy(mixed / name, mixed / "f")
    shutil.copy(mixed / "c" / "coco.json", mixed / "f" / "007_keypoints.json")
    (mixed / "f" / "settings.json").write_text("{}")
    errors = []
    found = [(p.name, len(poses)) for p, poses in read_all(mixed / "f", on_error=errors.append)]
    assert found == [("f", 3), ("007_keypoints.json", 3), ("coco.json", 3), ("own.json", 3)]
    assert len(errors) == 1 and "settings.json" in str(errors[0])


def test_read_all_of_one_file_and_of_none(mixed, tmp_path):
    assert [p.name for p, _ in read_all(mixed / "d.bvh")] == ["d.bvh"]
    (tmp_path / "g").mkdir()
    (tmp_path / "g" / "notes.txt").write_text("nothing")
    with pytest.raises(VvipeError, match="no pose files"):
        list(read_all(tmp_path / "g"))


@pytest.mark.parametrize("name", ["a.npz", "b.parquet", "c/coco.json", "d.bvh", "e/own.json"])
def test_content_decides_whatever_the_suffix(mixed, name):
    expected = read(mixed / name)
    shutil.copy(mixed / name, mixed / "unnamed")
    np.testing.assert_array_equal(read(mixed / "unnamed").coords, expected.coords)


def test_ambiguity_is_admitted(tmp_path):
    path = tmp_path / "both.json"
    path.write_text('{"annotations": [], "keypoints": 0, "positions": [], "people": []}')
    assert format_of(path).name == "OpenPose JSON"
    path.write_text('{"annotations": []}')
    assert format_of(path).name == "COCO JSON"
    path.write_text('{"keypoint": []}')
    with pytest.raises(
        VvipeError, match=r"not recognised; expected one of BVH, ASF/AMC, TRC, C3D, OpenPose"
    ):
        format_of(path)
