import numpy as np
import pytest
from bodies import moving
from matplotlib.image import imread

import vvipe


@pytest.fixture
def takes(tmp_path, monkeypatch):
    """Ten seconds of a moving person, recorded three times from other moments on."""
    monkeypatch.chdir(tmp_path)
    whole = moving(frames=300)
    for name, first, last in (("a", 45, 300), ("b", 0, 270), ("c", 20, 290)):
        part = whole[first:last]
        part.frame[:] = np.arange(len(part))
        vvipe.write(part, f"{name}.npz")
    vvipe.write(moving(frames=300, seed=7), "other.npz")
    vvipe.write(whole[:1], "one.npz")
    return tmp_path


def test_offsets_of_two_and_of_three(cli, takes, tiny):
    said = cli("align", "a.npz", "b.npz", "--model", tiny, "--json").json
    (pair,) = said["pairs"]
    assert list(pair) == ["a", "b", "offset_s", "offset_frames", "confidence", "reliable"]
    assert (pair["a"], pair["b"], pair["reliable"]) == ("a.npz", "b.npz", True)
    assert pair["offset_s"] == pytest.approx(1.5, abs=0.01)
    assert pair["offset_frames"] == pytest.approx(45, abs=0.3)
    pairs = cli("align", "a.npz", "b.npz", "c.npz", "--model", tiny, "--json").json["pairs"]
    got = [p["offset_s"] for p in pairs]
    np.testing.assert_allclose(got, [1.5, 25 / 30, -20 / 30], atol=0.01)
    assert got[0] + got[2] == pytest.approx(got[1], abs=1e-3)


def test_pictures(cli, takes, tiny):
    words = ("align", "a.npz", "b.npz", "c.npz", "--model", tiny)
    said = cli(*words, "--png", "fit.png", "--strip", "strip.png")
    assert said.code == 0 and "+1.49" in said.out
    assert imread("fit.png").std() > 0.05 and imread("strip.png").std() > 0.05


def test_drift_is_told_when_asked(cli, takes, tiny):
    (pair,) = cli("align", "a.npz", "b.npz", "--drift", "--model", tiny, "--json").json["pairs"]
    assert pair["drift"] == pytest.approx(0, abs=0.002)
    assert pair["offset_s"] == pytest.approx(1.5, abs=0.05)


def test_it_says_where_there_is_no_answer(cli, takes, tiny):
    said = cli("align", "a.npz", "other.npz", "--model", tiny)
    assert said.code == 0 and "not reliable" in said.out
    (pair,) = cli("align", "a.npz", "other.npz", "--model", tiny, "--json").json["pairs"]
    assert pair["reliable"] is False


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("a.npz",), "needs two recordings or more"),
        (("a.npz", "nowhere.npz"), "no such file or folder"),
        (("a.npz", "one.npz"), "too few joints are seen to align this"),
        (("a.npz", "b.npz", "--fps", 0), "--fps must be positive"),
        (("a.npz", "b.npz", "--max-offset", "-1"), "--max-offset must be positive"),
        (("a.npz", "b.npz", "--png", "a.npz"), "unknown suffix"),
    ],
)
def test_bad_input(cli, takes, tiny, words, said):
    assert said in cli("align", *words, "--model", tiny).error()


@pytest.fixture
def performances(tmp_path, monkeypatch):
    """A movement, and again at an uneven tempo and after a beginning of its own."""
    monkeypatch.chdir(tmp_path)
    whole = moving(frames=400)
    vvipe.write(whole[:300], "a.npz")
    frames = 40 + 110 * (1 - np.cos(np.linspace(0, np.pi, 260)))  # 0.5 to 1.3 times as fast
    slow = whole[frames.round().astype(int)]
    slow.frame[:] = np.arange(len(slow))
    vvipe.write(slow, "b.npz")
    return frames


def test_performances_have_a_path(cli, performances, tiny):
    words = ("align", "a.npz", "b.npz", "--warp", "--model", tiny)
    (pair,) = cli(*words, "--json").json["pairs"]
    assert pair["reliable"] and pair["confidence"] > 0.7
    path = np.array(pair["path"])
    assert (np.diff(path, axis=0) >= 0).all()
    apart = np.abs(path[:, 0] - performances[path[:, 1]])
    assert np.median(apart) <= 3 and np.quantile(apart, 0.9) <= 8
    assert np.ptp(path[:, 1]) > 240
    said = cli(*words, "--png", "path.png", "--strip", "strip.png")
    assert said.code == 0 and imread("path.png").std() > 0.05 and imread("strip.png").std() > 0.05


def test_what_is_for_cameras_is_refused_with_performances(cli, performances, tiny):
    words = ("align", "a.npz", "b.npz", "--warp", "--model", tiny)
    assert "--drift is for one performance; leave out --warp" in cli(*words, "--drift").error()
    assert "--max-offset is for one performance" in cli(*words, "--max-offset", 1).error()
