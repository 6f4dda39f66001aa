import numpy as np
import pytest

import vvipe


def test_nothing_changes_unasked(cli, keypoints, tmp_path):
    said = cli("convert", keypoints, tmp_path / "k.parquet", "--json").json
    a, b = vvipe.read(keypoints), vvipe.read(tmp_path / "k.parquet")
    np.testing.assert_array_equal(a.keypoints, b.keypoints)
    assert a.frame.tolist() == b.frame.tolist() and a.image_size == b.image_size
    assert said == {
        "out": str(tmp_path / "k.parquet"), "rows": 12, "skeleton": "coco13", "dims": 2,
        "fps": 25.0, "synthesised": [], "missing": [], "written": {},
    }  # fmt: skip


def test_skeleton_tells_what_was_made_and_what_is_missing(cli, keypoints, tmp_path):
    words = ("--skeleton", "body25", "--json")
    result = cli("convert", keypoints, tmp_path / "k.npz", *words)
    assert result.json["synthesised"] == ["neck", "hip"]
    assert "left_eye" in result.json["missing"] and "left_knee" not in result.json["missing"]
    assert result.err.count("\n") == 1 and "neck, hip" in result.err and "left_eye" in result.err
    assert vvipe.read(tmp_path / "k.npz").skeleton.name == "body25"


def test_from_skeleton_takes_the_place_of_the_files_own(cli, motion, tmp_path):
    with np.load(motion) as file:
        np.savez(tmp_path / "bare.npz", positions=file["positions"])
    out = tmp_path / "m.bvh"
    assert "no skeleton" in cli("convert", tmp_path / "bare.npz", out).error()
    words = ("--from-skeleton", "h36m17", "--bvh-bones", "moving")
    assert cli("convert", tmp_path / "bare.npz", out, *words).code == 0
    np.testing.assert_allclose(
        vvipe.read(out).to_skeleton("h36m17").positions, vvipe.read(motion).positions, atol=1e-4
    )


def test_frame_rate(cli, motion, tmp_path):
    """12 rows at 50 Hz: every second at 25 Hz, each twice at 100 Hz."""
    positions = vvipe.read(motion).positions
    for fps, rows in ((25, [0, 2, 4, 6, 8, 10]), (50, range(12)), (100, np.arange(24) // 2)):
        cli("convert", motion, tmp_path / "m.npz", "--fps", fps)
        got = vvipe.read(tmp_path / "m.npz")
        assert (got.fps, got.frame.tolist()) == (fps, list(range(len(rows))))
        if fps != 100:
            np.testing.assert_array_equal(got.positions, positions[list(rows)])
        assert abs(got.time_s[-1] - 11 / 50) <= 1 / min(fps, 50)


def test_rate_that_the_file_does_not_tell(cli, motion, tmp_path):
    with np.load(motion) as file:
        np.savez(tmp_path / "bare.npz", positions=file["positions"], skeleton="h36m17")
    cli("convert", tmp_path / "bare.npz", tmp_path / "m.npz", "--fps", 30)
    got = vvipe.read(tmp_path / "m.npz")
    assert (got.fps, len(got)) == (30, 12)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["{in}", "{tmp}/k.bvh"], "BVH does not hold 2D poses"),
        (["{in}", "{tmp}/k.xyz"], "unknown suffix"),
        (["{in}", "{in}"], "would overwrite an input"),
        (["{in}", "{tmp}/k.npz", "--fps", "0"], "--fps must be positive"),
        (["{in}", "{tmp}/k.npz", "--skeleton", "coco71"], "did you mean coco17?"),
        (["{in}"], "missing OUTPUT"),
    ],
)
def test_bad_words(cli, keypoints, tmp_path, words, said):
    words = [w.format(tmp=tmp_path, **{"in": keypoints}) for w in words]
    assert said in cli("convert", *words).error()
    assert [p.name for p in tmp_path.iterdir()] == [keypoints.name]


def test_smoothing(cli, motion, tmp_path):
    """`motion` has 50 frames/s; what jitters is steadier after, without moving in time."""
    poses = vvipe.read(motion)
    rng = np.random.default_rng(0)
    noisy = poses.positions + rng.normal(0, 0.02, poses.positions.shape)
    vvipe.write(vvipe.Poses3D(noisy, "h36m17", fps=50), tmp_path / "n.npz")
    cli("convert", tmp_path / "n.npz", tmp_path / "s.npz", "--smooth", 0.1)
    steps = [
        np.abs(np.diff(p, 2, axis=0)).mean()
        for p in (noisy, vvipe.read(tmp_path / "s.npz").positions)
    ]
    assert steps[1] < 0.3 * steps[0]
    bad = cli("convert", motion, tmp_path / "s.npz", "--smooth", -1)
    assert "not a width of smoothing in seconds; got -1" in bad.error()


def test_smoothing_without_a_rate_says_what_it_takes(cli, motion, tmp_path):
    positions = vvipe.read(motion).positions
    vvipe.write(vvipe.Poses3D(positions, "h36m17"), tmp_path / "n.npz")
    result = cli("convert", tmp_path / "n.npz", tmp_path / "s.npz", "--smooth", 0.1)
    assert "smoothed as 30 frames/s" in result.err
    assert (
        cli("convert", tmp_path / "n.npz", tmp_path / "s.npz", "--smooth", 0.1, "--fps", 25).err
        == ""
    )
