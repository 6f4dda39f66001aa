from dataclasses import replace

import numpy as np
import pytest
import torch
from licensed_files import TEST, TRAIN, write_videopose

from vvipe import VvipeError, get_skeleton
from vvipe.datasets import data_hash
from vvipe.training import VVipeConfig
from vvipe.training.data import CROWD_RADIUS, load_bank, training_clips
from vvipe.training.targets import pose_targets

H36M17 = get_skeleton("h36m17")


def test_the_bank_holds_the_training_clips(cmu, clips):
    bank = load_bank(cmu, VVipeConfig())
    assert [c.name for c in training_clips(cmu)] == ["walking_90", "soccer_91"]
    assert bank.poses.shape == (140, 17, 3) and bank.clips == 2
    assert (bank.poses[:, H36M17.index("hip")] == 0).all()
    wrist = get_skeleton("cmu_bvh").index("LeftHand")
    hips = get_skeleton("cmu_bvh").indices("LeftUpLeg", "RightUpLeg")
    walking = clips["walking_90"]
    expected = walking[:, wrist] - walking[:, hips].mean(1)
    got = bank.poses[:70, H36M17.index("left_wrist")]
    np.testing.assert_allclose(got, expected, atol=1e-5)
    assert bank.hash == data_hash([cmu / "actions" / "cmu_actions.npz"])


@pytest.mark.parametrize(
    ("share", "kept"), [(1.0, 10), (0.5, 5), (0.25, 3), (0.1, 1), (0.34, 4), (0.05, 1)]
)
def test_a_share_of_the_clips_is_spread_over_all_of_them(tmp_path, clips, write_cmu, share, kept):
    folder = write_cmu(tmp_path / "cmu", {f"walk_{i}": clips["walking_90"] for i in range(10)})
    names = [c.name for c in training_clips(folder)]
    some = [c.name for c in training_clips(folder, share)]
    assert len(names) == 10 and len(some) == kept
    places = [names.index(name) for name in some]
    assert places == sorted(places) and places[0] == 0
    assert kept == 1 or np.ptp(np.diff(places)) <= 1
    assert load_bank(folder, replace(VVipeConfig(), share=share)).clips == kept


def test_crowded_poses_are_drawn_less_often(tmp_path, clips, write_cmu):
    """By loops: the soft count of the poses around each, every fifth one counted."""
    walking, soccer = clips["walking_90"], clips["soccer_91"]
    # The same four poses over and over, each a little off, and then a motion.
    crowd = np.tile(walking[:4], (15, 1, 1)) + np.linspace(0, 1e-4, 60)[:, None, None]
    folder = write_cmu(tmp_path / "cmu", {"walking_90": crowd, "soccer_91": soccer})
    config = VVipeConfig(balance=0.5)
    bank = load_bank(folder, config)
    targets = pose_targets(bank.poses, config).double().numpy()
    expected = []
    for pose in targets:
        count = 1.0
        for other in targets[::5]:
            off = np.sqrt(((pose - other) ** 2).sum(-1).mean())
            count += np.exp(-0.5 * (off / CROWD_RADIUS) ** 2)
        expected.append(count**-0.5)
    np.testing.assert_allclose(bank.weights, expected, rtol=1e-3)
    assert bank.weights[:60].max() < bank.weights[60:].median()


def test_without_balance_all_poses_count_alike(cmu):
    weights = load_bank(cmu, VVipeConfig(balance=0.0)).weights
    assert (weights == weights[0]).all()


def test_drawing_follows_the_weights(cmu, seed):
    bank = load_bank(cmu, VVipeConfig())
    weights = torch.zeros(len(bank.poses))
    weights[3], weights[100] = 1, 3
    drawn = replace(bank, weights=weights).draw(2000)
    assert drawn.shape == (2000, 17, 3)
    is_third = (drawn == bank.poses[3]).all((1, 2))
    is_hundredth = (drawn == bank.poses[100]).all((1, 2))
    assert (is_third | is_hundredth).all()
    assert is_third.float().mean().item() == pytest.approx(0.25, abs=0.04)


def test_rows_without_a_body_are_left_out(tmp_path, clips, write_cmu):
    holed = clips["soccer_91"].copy()
    holed[5:15, get_skeleton("cmu_bvh").index("LeftHand")] = np.nan
    folder = write_cmu(tmp_path / "cmu", {"soccer_91": holed})
    bank = load_bank(folder, VVipeConfig())
    assert len(bank.poses) == 60 and torch.isfinite(bank.poses).all()


def test_a_damaged_clip_is_told_and_the_others_are_read(tmp_path, clips, write_cmu):
    folder = write_cmu(tmp_path / "cmu", {"soccer_91": clips["soccer_91"]})
    broken = folder / "bvh" / "05" / "05_02.bvh"
    broken.parent.mkdir(parents=True)
    broken.write_text("HIERARCHY\nROOT Hips\n{\n")
    told = []
    bank = load_bank(folder, VVipeConfig(), told.append)
    assert len(bank.poses) == 70 and bank.clips == 1
    assert bank.hash == data_hash([folder / "actions" / "cmu_actions.npz"])
    assert len(told) == 1 and "05_02.bvh" in str(told[0])
    with pytest.raises(VvipeError, match=r"05_02\.bvh"):
        load_bank(folder, VVipeConfig())


def test_nothing_to_train_on(tmp_path, clips, write_cmu):
    held = write_cmu(tmp_path / "cmu", {"held_walking_92": clips["held_walking_92"]})
    with pytest.raises(VvipeError, match="no training pose could be read"):
        load_bank(held, VVipeConfig())
    with pytest.raises(VvipeError, match="no such folder"):
        load_bank(tmp_path / "absent", VVipeConfig())
    (tmp_path / "empty").mkdir()
    with pytest.raises(VvipeError, match="empty"):
        load_bank(tmp_path / "empty", VVipeConfig())


def test_human36m_can_be_trained_on(tmp_path):
    motions = write_videopose(tmp_path, TRAIN + TEST)
    bank = load_bank(tmp_path, VVipeConfig())
    assert {c.subject for c in training_clips(tmp_path)} == set(TRAIN)
    assert bank.clips == 10 and len(bank.poses) == 10 * 6  # 25 of 50 frames a second
    assert bank.about == "Human3.6M, 10 clips, 60 poses at 30 Hz"
    first = motions["S1"]["Walking 1"][::2]
    np.testing.assert_allclose(bank.poses[:6], first - first[:, :1], atol=1e-6)


def test_without_its_training_subjects_it_cannot(tmp_path):
    write_videopose(tmp_path, TEST)
    with pytest.raises(VvipeError, match="no training pose"):
        load_bank(tmp_path, VVipeConfig())
