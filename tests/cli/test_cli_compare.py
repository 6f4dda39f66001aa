import numpy as np
import pytest

import vvipe
from vvipe.poses import Poses3D
from vvipe.skeletons import get_skeleton


def test_schema(cli, tiny, keypoints, motion):
    said = cli("compare", keypoints, motion, "--model", tiny, "--json").json
    assert set(said) == {"distance", "match", "per_joint_deg", "per_joint_mm", "worst"}
    assert type(said["distance"]) is float and type(said["match"]) is bool
    assert list(said["per_joint_mm"]) == list(get_skeleton("h36m17").joints)
    parts = ("shoulder", "elbow", "hip", "knee")
    assert set(said["per_joint_deg"]) == {f"{s}_{p}" for s in ("left", "right") for p in parts}
    assert len(said["worst"]) == 5
    assert all(set(pair) == {"frame_a", "frame_b", "distance"} for pair in said["worst"])
    distances = [pair["distance"] for pair in said["worst"]]
    assert distances == sorted(distances, reverse=True)
    assert all(p["frame_a"] == 2 * p["frame_b"] for p in said["worst"])


def test_same_pose_from_elsewhere_matches(cli, tiny, motion, tmp_path):
    """Turned, moved and larger, it is still the same pose."""
    poses = vvipe.read(motion)
    turn = np.array([[0, -1, 0], [1, 0, 0], [0, 0, 1]], np.float32)
    vvipe.write(Poses3D(1.2 * poses.positions @ turn + 3, "h36m17"), tmp_path / "b.npz")
    said = cli("compare", motion, tmp_path / "b.npz", "--model", tiny, "--json").json
    assert said["match"] is True and said["distance"] < 1e-2
    assert max(said["per_joint_mm"].values()) < 0.1
    assert max(said["per_joint_deg"].values()) < 0.1


def test_single_frames(cli, tiny, keypoints, motion):
    words = ("--frame-a", 6, "--frame-b", 5, "--model", tiny)
    said = cli("compare", keypoints, motion, *words, "--json").json
    assert said["worst"] == [{"frame_a": 6, "frame_b": 5, "distance": said["distance"]}]
    text = cli("compare", keypoints, motion, *words)
    assert text.code == 0 and "left_elbow" in text.out and text.err == ""


def test_other_lengths_are_told(cli, tiny, motion, tmp_path):
    vvipe.write(vvipe.read(motion)[:5], tmp_path / "short.npz")
    result = cli("compare", motion, tmp_path / "short.npz", "--model", tiny, "--json")
    assert result.err.count("\n") == 1 and "12 and 5 frames" in result.err
    assert max(pair["frame_b"] for pair in result.json["worst"]) <= 4


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--frame-a", "5"], "no frame 5; expected 0 to 22"),
        (["--frame-a", "8"], "no frame can be compared"),
    ],
)
def test_frames_that_are_not_there(cli, tiny, keypoints, motion, words, said):
    assert said in cli("compare", keypoints, motion, *words, "--model", tiny).error()


@pytest.mark.parametrize("shorter", [5, 12])
def test_differences_of_each_frame_and_a_picture(cli, tiny, keypoints, motion, tmp_path, shorter):
    import pyarrow.parquet as pq
    from matplotlib.image import imread

    vvipe.write(vvipe.read(keypoints)[:shorter], tmp_path / "b.npz")
    files = [tmp_path / name for name in ("found.csv", "found.parquet", "found.png")]
    words = ("compare", motion, tmp_path / "b.npz", "--model", tiny)
    assert cli(*words, "-o", files[0], "--png", files[2]).code == 0
    assert cli(*words, "-o", files[1]).code == 0
    rows = np.genfromtxt(files[0], delimiter=",", names=True)
    table = pq.read_table(files[1])
    assert len(rows) == table.num_rows == 12
    assert list(rows.dtype.names) == table.column_names
    assert "left_elbow_deg" in table.column_names and "right_wrist_mm" in table.column_names
    for name in table.column_names:
        np.testing.assert_allclose(rows[name], table[name].to_numpy(), rtol=1e-5)
    assert imread(files[2]).std() > 0.05
    said = cli(*words, "--json").json
    mean = np.nanmean(np.abs(rows["left_elbow_deg"]))
    assert said["per_joint_deg"]["left_elbow"] == pytest.approx(mean, rel=1e-4)


def test_one_pose_can_be_drawn(cli, tiny, motion, tmp_path):
    words = ("--frame-a", 2, "--frame-b", 5, "--model", tiny, "--png", tmp_path / "one.png")
    assert cli("compare", motion, motion, *words).code == 0
    assert (tmp_path / "one.png").stat().st_size > 0
