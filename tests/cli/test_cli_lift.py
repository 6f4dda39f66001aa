from dataclasses import replace

import numpy as np
import pyarrow.parquet as pq
import pytest

import vvipe


@pytest.mark.parametrize(("frame", "up"), [("canonical", "z"), ("camera", "-y")])
def test_schema_and_rows(cli, tiny, keypoints, tmp_path, frame, up):
    out = tmp_path / "l.npz"
    said = cli("lift", keypoints, "-o", out, "--model", tiny, "--frame", frame, "--json").json
    model = vvipe.load(tiny)
    with np.load(out) as file:
        got = {k: file[k] for k in file.files}
    assert got["positions"].shape == (12, 17, 3) and got["positions"].dtype == np.float32
    assert got["joints"].tolist() == list(vvipe.get_skeleton("h36m17").joints)
    assert (str(got["unit"]), str(got["up"]), str(got["frame_of_reference"])) == ("m", up, frame)
    assert got["frame"].tolist() == list(range(0, 24, 2)) and float(got["fps"]) == 25
    assert (str(got["source"]), str(got["model"])) == (str(keypoints), model.id)
    assert np.flatnonzero(np.isnan(got["positions"]).any((1, 2))).tolist() == [4, 7]
    expected = model.lift(vvipe.read(keypoints), frame=frame).positions
    np.testing.assert_array_equal(got["positions"], expected)
    back = vvipe.read(out)
    np.testing.assert_array_equal(back.positions, expected)
    assert (back.frame_of_reference, back.up) == (frame, up)
    assert said == {
        "out": str(out), "rows": 12, "nan_rows": 2, "swapped_rows": 0, "model": model.id,
        "frame_of_reference": frame, "unit": "m", "up": up,
        "written": {},
    }  # fmt: skip


def test_parquet_holds_the_model_too(cli, tiny, keypoints, tmp_path):
    cli("lift", keypoints, "-o", tmp_path / "l.npz", "--model", tiny)
    cli("lift", keypoints, "-o", tmp_path / "l.parquet", "--model", tiny)
    table = pq.read_table(tmp_path / "l.parquet")
    assert set(table["model"].to_pylist()) == {vvipe.load(tiny).id}
    a, b = vvipe.read(tmp_path / "l.npz"), vvipe.read(tmp_path / "l.parquet")
    np.testing.assert_array_equal(a.positions, b.positions)
    assert a.frame.tolist() == b.frame.tolist()


def test_swapped_sides_are_put_right(cli, tmp_path):
    from bodies import filmed

    from vvipe.models.sides import with_swapped_sides

    right = filmed("coco17", frames=40, seed=5, cameras=1)
    wrong = right.coords.copy()
    wrong[15:22] = with_swapped_sides(right).coords[15:22]
    vvipe.write(replace(right, coords=wrong), tmp_path / "k.npz")
    said = cli("lift", tmp_path / "k.npz", "-o", tmp_path / "l.npz", "--json")
    assert said.json["swapped_rows"] == 7 and "put right in 7 of 40 frames" in said.err
    expected = vvipe.load().lift(right).positions
    np.testing.assert_array_equal(vvipe.read(tmp_path / "l.npz").positions, expected)
    cli("lift", tmp_path / "k.npz", "-o", tmp_path / "d.npz", "--as-detected")
    off = vvipe.read(tmp_path / "d.npz").positions != expected
    assert np.flatnonzero(off.any((1, 2))).tolist() == list(range(15, 22))


RATE = "vvipe: the frame rate is not told; written as 30\n"


def test_json_and_bvh(cli, tiny, film, tmp_path):
    vvipe.write(film(3), tmp_path / "k.npz")
    for suffix in ("json", "bvh"):
        result = cli("lift", tmp_path / "k.npz", "-o", tmp_path / f"l.{suffix}", "--model", tiny)
        assert result.code == 0
        assert result.err == ("" if suffix == "json" else RATE)
        assert vvipe.read(tmp_path / f"l.{suffix}").positions.shape[0] == 3


def test_focal_length_moves_the_camera_frame(cli, tiny, keypoints, tmp_path):
    depths = []
    for focal in (800, 1600):
        out = tmp_path / f"{focal}.npz"
        cli("lift", keypoints, "-o", out, "--model", tiny, "--frame", "camera", "--focal-px", focal)
        depths.append(np.nanmean(vvipe.read(out).positions[..., 2]))
    assert 1.5 < depths[1] / depths[0] < 2.5


@pytest.mark.parametrize("suffix", ["npz", "parquet"])
def test_the_camera_is_told_and_projects_onto_the_keypoints(cli, keypoints, tmp_path, suffix):
    out = tmp_path / f"l.{suffix}"
    words = ("--frame", "camera", "--image-size", "1280x720")
    cli("lift", keypoints, "-o", out, *words)
    if suffix == "npz":
        with np.load(out) as file:
            focal, centre = file["focal_px"], file["principal_point_px"]
    else:
        table = pq.read_table(out).to_pydict()
        focal, centre = np.array(table["focal_px"]), np.array(table["principal_point_px"])
    poses, lifted = vvipe.read(keypoints), vvipe.read(out)
    seen = np.isfinite(lifted.positions).all((1, 2))
    assert seen.sum() == 10
    np.testing.assert_allclose(focal[seen], 1.145 * 1280)
    np.testing.assert_allclose(centre[seen], np.tile([640, 360], (10, 1)))
    joints = ("left_shoulder", "right_hip", "left_ankle")
    body = np.stack([lifted.joint(j) for j in joints], 1)
    pixels = focal[:, None, None] * body[..., :2] / body[..., 2:] + centre[:, None]
    true = np.stack([poses.joint(j) for j in joints], 1)
    height = np.ptp(poses.keypoints[seen, :, 1], axis=1)[:, None, None]
    assert np.nanmean(np.abs(pixels - true)[seen] / height) < 0.1


def test_image_sizes(cli, tiny, keypoints, tmp_path):
    for size in ("1920", "1920x", "x5", "0x5", "axb", "1920x1080x3", "-3x4"):
        words = ("--model", tiny, f"--image-size={size}")
        said = cli("lift", keypoints, "-o", tmp_path / "l.npz", *words).error()
        assert "--image-size" in said and "1920x1080" in said
    assert not (tmp_path / "l.npz").exists()


def test_bad_words(cli, tiny, keypoints, motion, tmp_path):
    out = tmp_path / "l.npz"
    assert "only 2D" in cli("lift", motion, "-o", out, "--model", tiny).error()
    for focal in ("0", "-5", "nan", "inf"):
        words = ("--model", tiny, "--frame", "camera", "--focal-px", focal)
        assert "positive" in cli("lift", keypoints, "-o", out, *words).error()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["keypoints.npz", "motion.npz"]


def test_rows_without_a_pose_are_filled_in_bvh_and_told(cli, tiny, keypoints, tmp_path):
    result = cli("lift", keypoints, "-o", tmp_path / "l.bvh", "--model", tiny, "--json")
    assert result.json["nan_rows"] == result.json["written"]["filled_rows"] == 2
    assert result.err == "vvipe: joints not seen were filled in, in 2 rows\n"
    words = ("--model", tiny, "--frame", "camera", "--json")
    result = cli("lift", keypoints, "-o", tmp_path / "l.bvh", *words)
    assert result.json["written"]["largest_error_mm"] > 1
    assert "bones keep their length in BVH" in result.err
    result = cli("lift", keypoints, "-o", tmp_path / "l.bvh", *words, "--bvh-bones", "moving")
    assert "largest_error_mm" not in result.json["written"]
