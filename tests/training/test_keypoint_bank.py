"""Folders of 2D keypoints to learn from: what is read, what is kept out, what goes elsewhere."""

import json

import numpy as np
import pytest
import torch
from bodies import filmed, moving
from licensed_files import write_cdf

from vvipe import VvipeError, get_skeleton
from vvipe.datasets import data_hash
from vvipe.training import VaeGanConfig, keypoint_bank
from vvipe.training.data import PoseBank
from vvipe.training.keypoint_bank import KeypointBank, load_keypoints, load_views

H36M17 = get_skeleton("h36m17")


@pytest.fixture(autouse=True)
def few(monkeypatch):
    monkeypatch.setattr(keypoint_bank, "FEWEST", 20)


def write_npz(path, poses):
    path.parent.mkdir(parents=True, exist_ok=True)
    np.savez(path, keypoints=poses.keypoints, skeleton=poses.skeleton.name, fps=30)
    return path


def write_openpose(folder, poses):
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for number, pose in enumerate(poses.keypoints):
        found = np.concatenate([pose, np.full((len(pose), 1), 0.9)], 1)
        found[np.isnan(pose[:, 0])] = 0
        people = [{"pose_keypoints_2d": found.ravel().tolist()}]
        files.append(folder / f"clip_{number:03d}_keypoints.json")
        files[-1].write_text(json.dumps({"people": people}))
    return files


def test_files_of_all_formats_are_read(tmp_path):
    first, second = filmed("coco17", 25, seed=1), filmed("body25", 12, seed=2)
    files = [write_npz(tmp_path / "a" / "one.npz", first)]
    files += write_openpose(tmp_path / "b", second)
    bank = load_views(tmp_path, VaeGanConfig())
    assert isinstance(bank, KeypointBank) and bank.clips == 2
    expected = [p.to_skeleton(H36M17).keypoints for p in (first, second)]
    np.testing.assert_allclose(bank.views, np.concatenate(expected), atol=1e-3)
    assert bank.views.dtype == torch.float32
    assert bank.about == "2D keypoints, 2 files, 37 poses"
    assert bank.hash == data_hash(files)


@pytest.mark.parametrize("kept", ["validation", "val", "test", "Test"])
def test_what_is_kept_to_measure_with_is_left_out(tmp_path, kept):
    trained = write_npz(tmp_path / "someone" / "walk.npz", filmed(frames=25))
    write_npz(tmp_path / "someone" / kept / "run.npz", filmed(frames=30, seed=1))
    write_openpose(tmp_path / kept, filmed("body25", 25, seed=2))
    bank = load_keypoints(tmp_path)
    assert (len(bank.views), bank.clips) == (25, 1)
    assert bank.hash == data_hash([trained])


def test_frames_below_others_that_are_kept_out_are_not_in_the_hash(tmp_path):
    files = write_openpose(tmp_path / "clip", filmed("body25", 25))
    write_openpose(tmp_path / "clip" / "test", filmed("body25", 5, seed=2))
    bank = load_keypoints(tmp_path)
    assert len(bank.views) == 25 and bank.hash == data_hash(files)


def test_the_folder_itself_may_be_called_test(tmp_path):
    write_npz(tmp_path / "test" / "walk.npz", filmed(frames=25))
    assert len(load_keypoints(tmp_path / "test").views) == 25


def test_poses_of_which_too_little_is_seen_are_left_out(tmp_path):
    """Ten of the thirteen are enough; joints that are not seen stay so."""
    poses = filmed("coco13", 30)
    for row, hidden in enumerate((1, 2, 3, 4, 13)):
        poses.coords[row, :hidden] = np.nan
    write_npz(tmp_path / "walk.npz", poses)
    views = load_keypoints(tmp_path).views
    assert len(views) == 28
    seen = torch.isfinite(views[:, H36M17.indices(*poses.skeleton.joints), 0])
    assert seen.sum(1)[:4].tolist() == [12, 11, 10, 13]


def test_joints_that_no_detector_tells_are_made_where_a_rule_says_how(tmp_path):
    write_npz(tmp_path / "walk.npz", filmed("coco13", 25))
    views = load_keypoints(tmp_path).views
    place = {j: views[:, H36M17.index(j)] for j in H36M17.joints}
    hips, shoulders = ((place[f"left_{p}"] + place[f"right_{p}"]) / 2 for p in ("hip", "shoulder"))
    torch.testing.assert_close(place["hip"], hips)
    torch.testing.assert_close(place["thorax"], shoulders)
    assert torch.isnan(place["head"]).all()


def test_motion_capture_among_keypoints_is_passed_over(tmp_path):
    flat = write_npz(tmp_path / "a.npz", filmed(frames=25))
    np.savez(tmp_path / "b.npz", positions=moving().positions, skeleton="h36m17", unit="m", up="z")
    bank = load_views(tmp_path, VaeGanConfig())
    assert len(bank.views) == 25 and bank.hash == data_hash([flat])


def test_too_few_poses_are_told_in_a_line(tmp_path):
    poses = filmed("coco13", 25)
    poses.coords[7:, 3:] = np.nan
    write_npz(tmp_path / "walk.npz", poses)
    with pytest.raises(VvipeError) as caught:
        load_views(tmp_path, VaeGanConfig())
    said = str(caught.value)
    assert "\n" not in said and str(tmp_path) in said
    assert "too few 2D poses" in said and "20 or more" in said and "got 7" in said


def test_only_what_is_kept_out_is_too_little(tmp_path):
    write_npz(tmp_path / "test" / "walk.npz", filmed(frames=25))
    with pytest.raises(VvipeError, match="got 0 with"):
        load_views(tmp_path, VaeGanConfig())


def test_a_damaged_file_is_told_once_and_the_others_are_read(tmp_path):
    write_npz(tmp_path / "b.npz", filmed(frames=25))
    (tmp_path / "a.npz").write_bytes(b"PK\3\4 no more")
    told = []
    assert len(load_views(tmp_path, VaeGanConfig(), told.append).views) == 25
    assert len(told) == 1 and "a.npz" in str(told[0])
    with pytest.raises(VvipeError, match=r"a\.npz"):
        load_views(tmp_path, VaeGanConfig())


def test_motion_capture_is_learnt_from_as_elsewhere(cmu, tmp_path):
    bank = load_views(cmu, VaeGanConfig())
    assert isinstance(bank, PoseBank) and bank.poses.shape == (140, 17, 3)
    own = tmp_path / "own"
    own.mkdir()
    positions = moving(frames=30).positions
    np.savez(own / "a.npz", positions=positions, skeleton="h36m17", unit="m", up="z", fps=30)
    assert isinstance(load_views(own, VaeGanConfig()), PoseBank)


def test_human36m_is_no_folder_of_keypoints_whatever_lies_first_in_it(tmp_path, monkeypatch):
    """Its 2D positions would be read, those of its test subjects among them."""
    pytest.importorskip("cdflib")
    pixels = np.zeros((30, 32, 2))
    pixels[:, :, :] = np.random.default_rng(0).uniform(0, 1000, (30, 32, 2))
    for subject in ("S1", "S11"):
        write_cdf(tmp_path / subject / "MyPoseFeatures" / "D2_Positions" / "Walk.cdf", pixels)
    monkeypatch.setattr(keypoint_bank, "load_bank", lambda *_: "motion capture")
    assert load_views(tmp_path, VaeGanConfig()) == "motion capture"


def test_folders_without_poses(tmp_path):
    for folder, said in ((tmp_path, "no pose files"), (tmp_path / "absent", "no such folder")):
        with pytest.raises(VvipeError, match=said):
            load_views(folder, VaeGanConfig())


def test_drawing_is_with_replacement_from_the_global_generator(seed):
    views = torch.arange(5.0)[:, None, None].expand(5, 17, 2)
    drawn = KeypointBank(views, "hash", 1).draw(2000)
    assert drawn.shape == (2000, 17, 2)
    counts = torch.bincount(drawn[:, 0, 0].long())
    assert len(counts) == 5 and counts.min() > 320
    torch.manual_seed(0)
    assert torch.equal(KeypointBank(views, "hash", 1).draw(2000), drawn)
