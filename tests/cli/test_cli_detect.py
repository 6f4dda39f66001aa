"""`vvipe detect`, and verbs that are given a video, with a detector that finds coloured squares."""

import subprocess
import sys

import numpy as np
import pytest

pytest.importorskip("av")

from films import SIZE, Squares, film, picture

import vvipe
from vvipe import video as package
from vvipe.formats import video as reader


@pytest.fixture
def squares(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    detector = Squares()
    for module in (package, reader):
        monkeypatch.setattr(module, "load_detector", lambda *_, **__: detector)
    return detector


@pytest.fixture
def two(tmp_path):
    """12 frames: one is seen in all, the other in the first half."""
    images = [picture((10 + 2 * i, 20), (80, 44) if i < 6 else None) for i in range(12)]
    return film(tmp_path / "ä b.mkv", images, np.arange(12) ** 2 * 10)


def test_frames_in_are_rows_out(cli, squares, two, tmp_path):
    out = tmp_path / "kp.npz"
    said = cli("detect", two, "-o", out, "--json").json
    with np.load(out) as file:
        got = {k: file[k] for k in file.files}
    assert got["keypoints"].shape == (12, 17, 3) and str(got["skeleton"]) == "coco17"
    assert got["frame"].tolist() == list(range(12)) and got["image_size"].tolist() == list(SIZE)
    np.testing.assert_allclose(got["time_s"], np.arange(12) ** 2 / 100, atol=1e-3)
    assert said["detector"] == "squares" and said["errors"] == []
    (told,) = said["videos"]
    assert (told["video"], told["out"], told["rows"]) == (str(two), [str(out)], 12)
    assert told["people"] == [
        {"person": 1, "frames": 12, "first": 0, "last": 11, "from_s": 0, "to_s": 1.21},
        {"person": 2, "frames": 6, "first": 0, "last": 5, "from_s": 0, "to_s": 0.25},
    ]


def test_people_are_listed_and_chosen(cli, squares, two, tmp_path):
    result = cli("detect", two, "-o", tmp_path / "kp.npz", "--person", 2)
    assert result.out.splitlines() == [
        f"{tmp_path / 'kp.npz'}: 12 frames, 2 people",
        "person  seen in          from    to",
        "1       12 of 12 frames  0.00 s  1.21 s",
        "2       6 of 12 frames   0.00 s  0.25 s",
    ]
    assert vvipe.read(tmp_path / "kp.npz").mask.any(1).tolist() == [True] * 6 + [False] * 6
    assert (
        "no person 3; expected 1 to 2"
        in cli("detect", two, "-o", tmp_path / "x.npz", "--person", 3).error()
    )
    assert squares.images == 12


def test_all_people_have_a_file_each(cli, squares, two, tmp_path):
    cli("detect", two, "-o", tmp_path / "kp.npz", "--person", "all")
    assert [p.name for p in sorted(tmp_path.glob("*.npz"))] == ["kp-1.npz", "kp-2.npz"]
    seen = [vvipe.read(tmp_path / f"kp-{i}.npz").mask.any(1).sum() for i in (1, 2)]
    assert seen == [12, 6]


def test_several_videos(cli, squares, two, tmp_path):
    empty = film(tmp_path / "empty.mp4", [picture()] * 3)
    (tmp_path / "bad.mp4").write_text("no video")
    other = film(tmp_path / "other.mp4", [picture((30, 30))] * 5)
    result = cli("detect", two, empty, tmp_path / "bad.mp4", other, "-o", tmp_path / "kp")
    assert result.code == 0
    assert [p.name for p in sorted((tmp_path / "kp").iterdir())] == ["other.npz", "ä b.npz"]
    assert "other.npz: 5 frames, one person seen in 5" in result.out
    left_out = [line for line in result.err.splitlines() if "left out" in line]
    assert len(left_out) == 2
    assert "empty.mp4: nobody is seen" in left_out[0] and "bad.mp4: cannot be" in left_out[1]
    nothing = cli("detect", empty, tmp_path / "bad.mp4", "-o", tmp_path / "none").error()
    assert "none of 2 files can be detected in" in nothing


def test_an_interrupted_detection_leaves_nothing(cli, squares, two, tmp_path, monkeypatch):
    def interrupt(image):
        raise KeyboardInterrupt

    monkeypatch.setattr(squares, "detect", interrupt)
    (tmp_path / "kp.npz").write_bytes(b"precious")
    assert cli("detect", two, "-o", tmp_path / "kp.npz").code == 130
    assert (tmp_path / "kp.npz").read_bytes() == b"precious"
    assert not list((tmp_path / "cache").rglob("*.*"))


def test_a_video_that_is_cut_short(cli, squares, tmp_path):
    noisy = np.random.default_rng(0).integers(0, 99, (50, SIZE[1], SIZE[0], 3), np.uint8)
    images = [np.maximum(n, picture((48, 32))) for n in noisy]
    path = film(tmp_path / "a.mp4", images, movflags="faststart")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    result = cli("detect", path, "-o", tmp_path / "kp.npz")
    rows = len(vvipe.read(tmp_path / "kp.npz"))
    assert 10 < rows < 40 and f"a.mp4: frame {rows}: cut short" in result.err


def test_progress_where_there_is_no_terminal(cli, squares, two, tiny, tmp_path, monkeypatch):
    monkeypatch.setattr("vvipe.cli.detection_progress.LINE_S", -1)
    lines = cli("detect", two, "-o", tmp_path / "kp.npz").err.splitlines()
    assert len(lines) == 12
    assert lines[2].startswith("vvipe: ä b.mkv: 3 frames, ") and lines[2].endswith(" frames/s")
    assert cli("lift", two, "-o", tmp_path / "l.npz", "--model", tiny).err == ""


def test_every_verb_takes_a_video(cli, squares, tiny, two, tmp_path):
    other = film(tmp_path / "b.mp4", [picture((10 + 2 * i, 20)) for i in range(12)])
    model = ("--model", tiny)
    assert cli("lift", two, "-o", tmp_path / "l.npz", *model, "--json").json["rows"] == 12
    assert cli("embed", two, other, "-o", tmp_path / "e.npz", *model, "--json").json["rows"] == 24
    assert len(cli("align", two, other, *model, "--json").json["pairs"]) == 1
    assert cli("compare", two, other, *model).code == 0
    cli("convert", two, tmp_path / "c.npz", "--skeleton", "coco13")
    np.testing.assert_allclose(
        vvipe.read(tmp_path / "c.npz").time_s, np.arange(12) ** 2 / 100, atol=1e-3
    )
    assert cli("library", "create", tmp_path / "lib", *model).code == 0
    assert cli("library", "add", tmp_path / "lib", two, "--json").json["rows"] == 12
    assert squares.images == 24


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "{tmp}/kp.npz"], "nothing to look through"),
        (["{in}", "-o", "{tmp}/kp.bvh"], "unknown suffix"),
        (["{in}", "{in}", "-o", "{tmp}/kp"], "two videos are called ä b"),
        (["{in}", "{tmp}/b.mp4", "-o", "{tmp}/kp.npz"], "several videos need a folder"),
        (["{in}", "-o", "{tmp}/kp.npz", "--person", "0"], "--person is neither a number from 1"),
        (["{in}", "-o", "{tmp}/kp.npz", "--turn", "45"], "45"),
        (["{tmp}/none.mp4", "-o", "{tmp}/kp.npz"], "none.mp4: no such file"),
        (["{tmp}", "-o", "{tmp}/kp.npz"], "cannot be read (Is a directory)"),
    ],
)
def test_words_that_do_not_fit(cli, squares, two, tmp_path, words, said):
    words = [w.format(tmp=tmp_path, **{"in": two}) for w in words]
    assert said in cli("detect", *words).error()
    assert not list(tmp_path.glob("kp*"))


def test_no_detector(cli, two, tmp_path, monkeypatch):
    for name in ("VVIPE_DETECTOR", "VVIPE_MODEL_FILES"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda module: None)
    for words in (
        ["detect", two, "-o", tmp_path / "kp.npz"],
        ["lift", two, "-o", tmp_path / "l.npz"],
    ):
        assert "no detector to find people with" in cli(*words).error()


def test_help_loads_no_video_library():
    script = (
        "import sys, vvipe.cli; vvipe.cli.main(['detect', '--help']);"
        "assert not {'av', 'mediapipe', 'rtmlib', 'scipy', 'numpy'} & set(sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", script], capture_output=True).returncode == 0
