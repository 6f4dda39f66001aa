"""A folder of one's own motion capture."""

import numpy as np
from bodies import filmed, moving

import vvipe
from vvipe.datasets import folder_catalogue, read_clips
from vvipe.training.data import training_clips


def test_subjects_splits_and_rates(tmp_path):
    vvipe.write(moving(frames=30), tmp_path / "anna" / "walk.bvh")
    vvipe.write(moving("cmu_bvh", frames=30, seed=1), tmp_path / "ben" / "takes" / "jump.npz")
    vvipe.write(moving(frames=9, seed=2), tmp_path / "validation" / "anna" / "run.npz")
    vvipe.write(moving(frames=9, seed=3), tmp_path / "loose.npz")
    clips = {clip.name: clip for clip in folder_catalogue(tmp_path)}
    assert {name: (c.subject, c.split) for name, c in clips.items()} == {
        "anna/walk": ("anna", "train"), "ben/takes/jump": ("ben", "train"),
        "validation/anna/run": ("anna", "validation"), "loose": ("unknown", "train"),
    }  # fmt: skip
    assert {c.name for c in training_clips(tmp_path)} == clips.keys() - {"validation/anna/run"}
    thinned = clips["anna/walk"].poses(fps=10)
    assert (len(thinned), thinned.fps) == (10, 10)
    np.testing.assert_allclose(thinned.time_s, np.arange(10) / 10)


def test_2d_keypoints_are_left_out(tmp_path):
    vvipe.write(moving(frames=5), tmp_path / "a.npz")
    vvipe.write(filmed(frames=5), tmp_path / "b.npz")
    errors = []
    read = [clip.name for clip, _ in read_clips(folder_catalogue(tmp_path), on_error=errors.append)]
    assert read == ["a"] and "b.npz: 2D keypoints" in str(errors[0])
