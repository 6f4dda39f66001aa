"""From a folder of detections to a model that lifts, without any motion capture."""

import json

import numpy as np
import pytest

import vvipe

SMALL = (
    "--steps", 20, "--set", "steps_prior=20", "--set", "batch=128",
    "--set", "architecture.width=16", "--set", "architecture.prior_width=16",
)  # fmt: skip


@pytest.fixture
def detections(tmp_path, film):
    """510 frames of detections, and some that are kept to test with."""
    folder = tmp_path / "detections"
    for name, count in (("walk", 510), ("test/run", 30)):
        path = folder / f"{name}.npz"
        path.parent.mkdir(parents=True, exist_ok=True)
        np.savez(path, keypoints=film(count).keypoints, skeleton="coco13", image_size=(1000, 1000))
    return folder


def test_from_keypoint_files_to_a_model_that_lifts(cli, detections, film, tmp_path):
    out = tmp_path / "run"
    result = cli("train", "vae-gan", "--data", detections, "--out", out, *SMALL, "--json")
    about = json.loads((out / "config.json").read_text())
    assert result.json["name"] == about["name"] == "vae-gan"
    assert about["trained_on"] == "2D keypoints, 1 files, 510 poses"
    first, last = result.err.splitlines()
    assert "prior 20/20, " in first and "unlikely " in first
    assert "lifting 20/20" in last and all(f" {part} " in last for part in ("depth", "flips"))
    poses = film(5)
    lifted = vvipe.load(out).lift(poses, frame="camera")
    assert lifted.positions.shape == (5, 17, 3) and np.isfinite(lifted.positions).all()
    assert vvipe.load(out).embed(poses).vectors.shape == (5, 51)


def test_too_few_detections_are_told_in_a_line(cli, film, tmp_path):
    np.savez(tmp_path / "walk.npz", keypoints=film(20).keypoints, skeleton="coco13")
    said = cli("train", "vae-gan", "--data", tmp_path, "--out", tmp_path / "run", *SMALL).error()
    assert "too few 2D poses" in said and "500 or more" in said and "got 20" in said
    assert not (tmp_path / "run").exists()
