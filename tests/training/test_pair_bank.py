"""Poses of the pairs, and those of them that are labelled."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from view_pairs import CONFIG

from vvipe.training.methods.geometry_stages import load_pairs


def rows(poses):
    return {tuple(np.round(row, 5)) for row in poses.flatten(1).numpy()}


@pytest.fixture
def many(tmp_path, clips, write_cmu):
    """A folder of eight clips, ten poses each, no two alike."""
    whole = np.concatenate([clips["walking_90"], clips["soccer_91"]])
    parts = {f"walk_{i}": whole[10 * i : 10 * i + 10] for i in range(8)}
    return write_cmu(tmp_path / "cmu", parts)


def test_labels_leave_a_share_of_the_clips(many):
    bank = load_pairs(many, replace(CONFIG, labels=0.25))
    assert len(bank.poses) == 80 and len(bank.labelled.poses) == 20
    assert (bank.clips, bank.labelled.clips) == (8, 2)
    assert rows(bank.labelled.poses) < rows(bank.poses)
    assert len(rows(bank.poses)) == 80


def test_all_are_labelled_by_default(many):
    bank = load_pairs(many, CONFIG)
    assert torch.equal(bank.labelled.poses, bank.poses)
    assert torch.equal(bank.labelled.weights, bank.weights)


@pytest.mark.parametrize("labels", [0.3, 0.6, 0.75])
def test_of_a_share_of_the_clips_a_share_is_labelled(many, labels):
    bank = load_pairs(many, replace(CONFIG, share=0.5, labels=labels))
    assert len(bank.poses) == 40
    assert 0 < len(bank.labelled.poses) < 40
    assert rows(bank.labelled.poses) < rows(bank.poses)


def test_a_damaged_clip_is_told_once_whatever_is_labelled(many):
    broken = many / "bvh" / "05" / "05_02.bvh"
    broken.parent.mkdir(parents=True)
    broken.write_text("HIERARCHY\nROOT Hips\n{\n")
    for labels in (1.0, 0.99):
        told = []
        bank = load_pairs(many, replace(CONFIG, labels=labels), told.append)
        assert len(told) == 1 and len(bank.labelled.poses) > 0
