"""Catalogues of small made-up folders, and of the real ones: no recording on two sides."""

import shutil
from collections import Counter

import numpy as np
import pytest

from vvipe import Poses3D, VvipeError, get_skeleton
from vvipe.datasets import (
    bandai_namco_catalogue,
    cmu_catalogue,
    data_hash,
    data_root,
    read_clips,
)
from vvipe.datasets.duplicates import DUPLICATES
from vvipe.formats import write

JOINTS = np.array(get_skeleton("cmu_bvh").joints)


def body(rows, seed=0):
    return np.random.default_rng(seed).uniform(-0.8, 0.8, (rows, 28, 3)).astype(np.float32)


def write_actions(folder, **clips):
    folder.mkdir(parents=True)
    index = np.repeat(np.arange(len(clips)), [len(c) for c in clips.values()])
    np.savez(
        folder / "cmu_actions.npz",
        positions=np.concatenate(list(clips.values())),
        joints=JOINTS, clips=np.array(list(clips)), clip_index=index, fps=30.0, unit="m", up="z",
    )  # fmt: skip


@pytest.fixture
def cmu(tmp_path):
    for name in ("02_01", "35_06", "35_02", "05_20"):
        subject = name[:2]
        write(Poses3D(body(9), "cmu_bvh", fps=120), tmp_path / "bvh" / subject / f"{name}.bvh")
    for name in ("02_01", "03_01"):
        folder = tmp_path / "asf_amc" / name[:2]
        folder.mkdir(parents=True)
        (folder / f"{name}.amc").write_text(":FULLY-SPECIFIED\n")
    rest = body(1, seed=9)
    write_actions(
        tmp_path / "actions",
        walking_1=np.concatenate([rest, body(4, seed=1)]),
        held_walking_6=np.concatenate([rest, body(5, seed=2)]),
        walking_3=np.concatenate([rest, body(6, seed=3)]),
        soccer_2=np.concatenate([rest, body(7, seed=4)]),
        subject01_01_03=body(8, seed=5),
    )
    return tmp_path


def test_cmu_splits(cmu):
    clips = {(c.path.suffix, c.name): c for c in cmu_catalogue(cmu)}
    assert {key: (c.split, c.subject) for key, c in clips.items()} == {
        (".bvh", "02_01"): ("test", "02"),
        (".bvh", "05_20"): ("train", "05"),
        (".bvh", "35_02"): ("train", "35"),
        (".bvh", "35_06"): ("validation", "35"),
        (".amc", "03_01"): ("train", "03"),
        (".npz", "walking_1"): ("excluded", "02"),
        (".npz", "held_walking_6"): ("validation", "35"),
        (".npz", "walking_3"): ("duplicate", "06"),
        (".npz", "soccer_2"): ("train", "unknown"),
        (".npz", "subject01_01_03"): ("train", "01"),
    }


def test_clips_of_a_shared_file_lose_the_rest_pose(cmu):
    clips = {c.name: c for c in cmu_catalogue(cmu) if c.rows}
    poses = clips["soccer_2"].poses()
    np.testing.assert_array_equal(poses.positions, body(7, seed=4))
    np.testing.assert_array_equal(poses.frame, np.arange(7))
    assert clips["soccer_2"].action == "soccer" and clips["soccer_2"].number == "2"
    np.testing.assert_array_equal(clips["subject01_01_03"].poses().positions, body(8, seed=5))


def test_every_fourth_frame(cmu):
    clip = next(c for c in cmu_catalogue(cmu) if c.name == "05_20")
    full, thinned = clip.poses(fps=None), clip.poses(fps=30)
    assert (len(full), full.fps) == (9, 120)
    assert (len(thinned), thinned.fps) == (3, 30)
    np.testing.assert_array_equal(thinned.positions, full.positions[::4])
    np.testing.assert_allclose(thinned.time_s, full.time_s[::4])


def test_damaged_clip_is_reported_and_the_batch_goes_on(cmu):
    path = cmu / "bvh" / "05" / "05_20.bvh"
    path.write_text(path.read_text()[:-100])
    clips = [c for c in cmu_catalogue(cmu) if c.path.suffix == ".bvh"]
    errors = []
    assert len(list(read_clips(clips, on_error=errors.append))) == 3
    assert str(path) in str(errors[0]) and len(errors) == 1
    with pytest.raises(VvipeError, match="05_20"):
        list(read_clips(clips))


def test_bandai_namco(tmp_path):
    for name in ("raise-up-both-hands_old_001", "walk_happy_021"):
        (tmp_path / f"dataset-2_{name}.bvh").touch()
    (tmp_path / "other.bvh").touch()
    first, second = bandai_namco_catalogue(tmp_path)
    assert (first.action, first.style, first.number) == ("raise-up-both-hands", "old", "001")
    assert (first.split, second.split) == ("validation", "test")


@pytest.mark.parametrize("catalogue", [cmu_catalogue, bandai_namco_catalogue])
def test_nothing_there(tmp_path, catalogue):
    with pytest.raises(VvipeError, match=r"nowhere: no such folder; run `make data`"):
        catalogue(tmp_path / "nowhere")
    with pytest.raises(VvipeError, match="the folder is empty"):
        catalogue(tmp_path)
    (tmp_path / "notes.txt").touch()
    with pytest.raises(VvipeError, match="clips; expected"):
        catalogue(tmp_path)


def test_action_file_without_clips(tmp_path):
    (tmp_path / "actions").mkdir()
    np.savez(tmp_path / "actions" / "x.npz", positions=body(2))
    with pytest.raises(VvipeError, match=r"x\.npz: no array 'clip_index'"):
        cmu_catalogue(tmp_path)


def test_data_root(tmp_path, monkeypatch):
    monkeypatch.setenv("VVIPE_DATA", str(tmp_path))
    assert data_root() == tmp_path
    monkeypatch.setenv("VVIPE_DATA", str(tmp_path / "nowhere"))
    with pytest.raises(VvipeError, match="make data"):
        data_root()


def test_hash_tells_names_and_contents_but_not_places(tmp_path):
    def make(folder, **files):
        for name, text in files.items():
            (tmp_path / folder / name).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / folder / name).write_text(text)
        return [tmp_path / folder / name for name in files]

    first = make("a", x="1", y="23")
    assert data_hash(first) == data_hash([*reversed(first), first[0]])
    assert data_hash(first) == data_hash(make("b", x="1", y="23"))
    others = [make("c", x="12", y="3"), make("d", x="1", z="23"), make("e", x="1", y="24")]
    assert len({data_hash(files) for files in (first, *others)}) == 4


def limb_features(poses):
    """Cosines between limb directions, and their heights: the measure of `duplicates`."""
    limbs = [("hip", "knee"), ("knee", "ankle"), ("shoulder", "elbow"), ("elbow", "wrist")]
    skeleton = poses.skeleton
    ends = [
        [poses.joint(skeleton.joint_for(f"{side}_{joint}")) for joint in limb]
        for limb in limbs
        for side in ("left", "right")
    ]
    bones = np.stack([b - a for a, b in ends], axis=1)
    bones /= np.linalg.norm(bones, axis=-1, keepdims=True)
    cosines = bones @ bones.swapaxes(1, 2)
    return np.concatenate([cosines[:, *np.triu_indices(8, 1)], bones[..., 2]], axis=1)


@pytest.mark.parametrize("action", ["walking_1", "held_walking_6", "jumping_2", "walking_27"])
def test_duplicates_are_the_same_motion_at_the_same_time(data_root, action):
    clips = {c.name: c for c in cmu_catalogue(data_root / "cmu")}
    own = limb_features(clips[action].poses())
    twin = limb_features(clips[DUPLICATES[action]].poses(fps=None))
    distance = np.linalg.norm(own[:, None] - twin[None], axis=-1)
    # Row i of the action is frame 4 (i + 1) of the capture, which lost its frame 0.
    offset = distance.argmin(axis=1) + 1 - 4 * np.arange(1, len(own) + 1)
    assert np.mean(np.abs(offset) <= 4) > 0.95


def test_no_recording_is_on_two_sides(data_root):
    clips = cmu_catalogue(data_root / "cmu")
    assert len({c.name for c in clips}) == len(clips)
    assert set(DUPLICATES.items()) <= {(a.name, b.name) for a in clips if a.rows for b in clips}
    split = {c.name: c.split for c in clips}
    for action, captured in DUPLICATES.items():
        sides = {split[action], split[captured]} - {"duplicate", "excluded"}
        assert len(sides) == 1, action
    counts = Counter(c.split for c in clips)
    assert counts == {
        "train": 122, "validation": 52, "test": 32, "duplicate": 30, "excluded": 4
    }  # fmt: skip


def test_test_clips_are_untouched_by_the_actions_file(data_root, tmp_path):
    shutil.copytree(data_root / "cmu" / "bvh" / "49", tmp_path / "bvh" / "49")
    clips = cmu_catalogue(tmp_path)
    assert len(clips) == 22 and {c.split for c in clips} == {"test"}


def test_real_bandai_namco(data_root):
    clips = bandai_namco_catalogue(data_root / "bandai_namco_2")
    assert {c.number: c.split for c in clips} == {
        "001": "validation", "021": "test", "041": "test"
    }  # fmt: skip
    assert len(clips[0].poses()) == len(clips[0].poses(fps=None))
