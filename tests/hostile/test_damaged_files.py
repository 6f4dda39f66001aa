"""Damaged and senseless input ends in one line that names the file."""

import json
import re

import numpy as np
import pytest

from vvipe import Poses3D, VvipeError
from vvipe.formats import WriteOptions, read, write


def error_of(path, **options):
    with pytest.raises(VvipeError) as error:
        read(path, **options)
    message = str(error.value)
    assert "\n" not in message
    assert str(path) in message
    return message


@pytest.fixture
def bvh(tmp_path):
    """Lines of a good BVH file, and a function that reads other lines."""
    rng = np.random.default_rng(0)
    path = tmp_path / "clip.bvh"
    poses = Poses3D(rng.uniform(-0.8, 0.8, (5, 17, 3)), "h36m17", fps=30)
    write(poses, path, options=WriteOptions(bones="moving"))

    def failure(lines):
        path.write_text("\n".join(lines))
        return error_of(path)

    lines = path.read_text().splitlines()
    assert len(read(path)) == 5
    return lines, lines.index("MOTION"), failure


def test_bvh_with_rows_missing(bvh):
    lines, _, failure = bvh
    assert failure(lines[:-2]).endswith("cut short; expected 5 frames; got 3")
    assert failure([*lines, lines[-1]]).endswith(
        "more rows than declared; expected 5 frames; got 6"
    )


def test_bvh_cut_within_a_row(bvh):
    lines, _, failure = bvh
    cut = " ".join(lines[-1].split()[:40])
    assert f"line {len(lines)}: motion row of the wrong length; expected 102; got 40" in failure(
        [*lines[:-1], cut]
    )


@pytest.mark.parametrize("head", [1, 2, 3])
def test_bvh_cut_at_the_motion_head(bvh, head):
    lines, motion, failure = bvh
    assert "cut short" in failure(lines[: motion + head])


def test_bvh_cut_within_the_hierarchy(bvh):
    lines, motion, failure = bvh
    assert "no MOTION section" in failure(lines[:30])
    assert re.search(r"joint '\w+' is not closed", failure(lines[:30] + lines[motion:]))


def test_bvh_with_wrong_channel_count(bvh):
    lines, motion, failure = bvh
    first = next(i for i, line in enumerate(lines) if "CHANNELS" in line)
    other = [lines[first].replace("6", "5") if i == first else s for i, s in enumerate(lines)]
    assert f"line {first + 1}: wrong channel list" in failure(other)
    fewer = [lines[first].replace("6", "5").rsplit(" ", 1)[0] if i == first else s
             for i, s in enumerate(lines)]  # fmt: skip
    expected = f"line {motion + 4}: motion row of the wrong length; expected 101; got 102"
    assert expected in failure(fewer)


@pytest.mark.parametrize(
    "word, message",
    [("12,5", "not a number; got '12,5'"), ("-nan", "not a finite number"), ("1e999", "finite")],
)
def test_bvh_with_something_else_than_numbers(bvh, word, message):
    lines, motion, failure = bvh
    row = lines[motion + 5].split()
    row[7] = word
    lines[motion + 5] = " ".join(row)
    found = failure(lines)
    assert f"line {motion + 6}" in found and message in found


@pytest.mark.parametrize("old, new", [("Frames: 5", "Frames: 0"), ("0.0333333333", "-1")])
def test_bvh_with_senseless_motion_head(bvh, old, new):
    lines, _, failure = bvh
    assert "positive" in failure([line.replace(old, new) for line in lines])


def test_json_without_people(tmp_path):
    (tmp_path / "single.json").write_text('{"version": 1.3, "people": []}')
    assert "nobody in any frame" in error_of(tmp_path / "single.json")
    assert "nobody in any frame" in error_of(tmp_path)
    (tmp_path / "single.json").write_text('{"version": 1.3}')
    assert "not recognised" in error_of(tmp_path / "single.json")


@pytest.mark.parametrize(
    "people", [5, [5], [{}], [{"pose_keypoints_2d": ["x"] * 75}], [{"pose_keypoints_2d": [1] * 74}]]
)
def test_json_with_senseless_people(tmp_path, people):
    (tmp_path / "single.json").write_text(json.dumps({"people": people}))
    error_of(tmp_path / "single.json")


@pytest.mark.parametrize("text", ['{"people": [', '{"people": ]}', '[{"keypoints": [1, 2', "["])
def test_broken_json(tmp_path, text):
    (tmp_path / "broken.json").write_text(text)
    error_of(tmp_path / "broken.json")


def test_json_nested_too_deeply(tmp_path):
    (tmp_path / "deep.json").write_text('{"people": ' + "[" * 200_000)
    assert "broken JSON" in error_of(tmp_path / "deep.json")


class Trap:
    """Would tell, if ever it were unpickled."""

    def __reduce__(self):
        return pytest.fail, ("a pickle was loaded",)


@pytest.mark.parametrize("name", ["keypoints", "skeleton", "frame"])
def test_npz_with_objects(tmp_path, name):
    arrays = {"keypoints": np.ones((2, 17, 2)), "skeleton": "coco17", "frame": [0, 1]}
    np.savez(tmp_path / "in.npz", **arrays | {name: np.array([Trap(), 1], dtype=object)})
    assert f"array {name!r}: holds objects" in error_of(tmp_path / "in.npz")


def test_npz_that_is_a_pickle(tmp_path):
    np.save(tmp_path / "in.npy", np.array([Trap()], dtype=object), allow_pickle=True)
    (tmp_path / "in.npy").rename(tmp_path / "in.npz")
    assert "not recognised" in error_of(tmp_path / "in.npz")


@pytest.mark.parametrize("keep", [5, 200, 1000])
def test_npz_cut_short(tmp_path, keep):
    np.savez(tmp_path / "in.npz", keypoints=np.ones((2, 17, 2)), skeleton="coco17")
    (tmp_path / "in.npz").write_bytes((tmp_path / "in.npz").read_bytes()[:keep])
    assert "damaged or cut short" in error_of(tmp_path / "in.npz")


@pytest.mark.parametrize("shape", [(), (34,), (2, 17), (2, 17, 1), (2, 16, 2), (0, 17, 2)])
def test_npz_with_wrong_shape(tmp_path, shape):
    np.savez(tmp_path / "in.npz", keypoints=np.ones(shape), skeleton="coco17")
    error_of(tmp_path / "in.npz")


def test_nan_everywhere(tmp_path):
    np.savez(tmp_path / "flat.npz", keypoints=np.full((2, 17, 2), np.nan), skeleton="coco17")
    assert "no joint is seen anywhere" in error_of(tmp_path / "flat.npz")
    np.savez(tmp_path / "solid.npz", positions=np.full((2, 17, 3), np.nan), skeleton="h36m17")
    assert "no joint is seen anywhere" in error_of(tmp_path / "solid.npz")


def test_wrong_skeleton_name(tmp_path):
    np.savez(tmp_path / "in.npz", keypoints=np.ones((2, 17, 2)), skeleton="coco_17")
    assert "unknown skeleton 'coco_17'; did you mean coco17?" in error_of(tmp_path / "in.npz")
    np.savez(tmp_path / "in.npz", keypoints=np.ones((2, 17, 2)))
    assert "unknown skeleton 'cocco'" in error_of(tmp_path / "in.npz", skeleton="cocco")


def test_parquet_cut_short(tmp_path):
    write(Poses3D(np.ones((2, 17, 3)), "h36m17"), tmp_path / "in.parquet")
    (tmp_path / "in.parquet").write_bytes((tmp_path / "in.parquet").read_bytes()[:-20])
    assert "damaged" in error_of(tmp_path / "in.parquet")


def test_nothing_there(tmp_path):
    assert "no such file or folder" in error_of(tmp_path / "nowhere.bvh")
    (tmp_path / "folder").mkdir()
    assert "the folder is empty" in error_of(tmp_path / "folder")
    (tmp_path / "folder" / "empty.npz").touch()
    assert "the file is empty" in error_of(tmp_path / "folder" / "empty.npz")
    assert "not a folder of OpenPose JSON" in error_of(tmp_path / "folder")


@pytest.mark.parametrize("seed", range(20))
def test_noise_is_never_a_traceback(tmp_path, seed):
    rng = np.random.default_rng(seed)
    starts = (b"HIERARCHY\n", b"PK\x03\x04", b"PAR1", b'{"people":', b"[", b":DEGREES\n1\n", b"")
    path = tmp_path / "noise.bvh"
    for start in starts:
        path.write_bytes(start + rng.bytes(500))
        error_of(path)
