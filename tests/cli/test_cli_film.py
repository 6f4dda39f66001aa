"""`vvipe plot film`: as many frames as asked, at the right times, with everything in them."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("av")
from matplotlib.colors import to_rgb

import vvipe
from vvipe.video import frames
from vvipe.view.film import write_film
from vvipe.view.palette import LEFT, RIGHT

SMALL = ("--height", 120)


def share_of(image, colour):
    """How much of an image has a colour."""
    return float((np.abs(image / 255 - to_rgb(colour)).max(-1) < 0.2).mean())


def video(path, times_s):
    """A green video that brightens."""
    pictures = (np.full((48, 64, 3), (0, 40 + 10 * i, 0), np.uint8) for i in range(len(times_s)))
    write_film(path, zip(times_s, pictures, strict=True))
    return path


def film_of(said, path):
    found = list(frames(path))
    assert said["frames"] == len(found)
    assert said["size"] == [*found[0].image.shape[1::-1]]
    return found


@pytest.mark.parametrize("suffix", ["mp4", "gif"])
def test_a_lifted_motion_frame_by_frame(cli, tiny, keypoints, tmp_path, suffix):
    out = tmp_path / f"a.{suffix}"
    said = cli("plot", "film", keypoints, "-o", out, *SMALL, "--model", tiny, "--json").json
    found = film_of(said, out)
    np.testing.assert_allclose([f.time_s for f in found], np.arange(12) * 2 / 25, atol=1e-3)
    assert all(share_of(found[i].image, c) > 0.005 for i in (0, 11) for c in (LEFT, RIGHT))
    assert np.abs(found[0].image.astype(int) - found[11].image).max() > 100
    assert share_of(found[4].image, RIGHT) < 0.5 * share_of(found[5].image, RIGHT)  # nobody


def test_uneven_times_and_the_video_beneath(cli, tiny, film, tmp_path):
    """Row i is shown at its own time, over the frame that the video shows then."""
    stamps = np.array([0.0, 0.04, 0.3, 0.34, 1.0])
    poses = vvipe.Poses2D(film(5).keypoints / 20, "coco13", stamp_s=stamps)
    vvipe.write(poses, tmp_path / "a.npz")
    beside = video(tmp_path / "v.mp4", stamps)
    out = tmp_path / "a.mp4"
    words = ("--beside", beside, "-o", out, *SMALL, "--model", tiny, "--json")
    found = film_of(cli("plot", "film", tmp_path / "a.npz", *words).json, out)
    np.testing.assert_allclose([f.time_s for f in found], stamps, atol=1e-3)
    corner = [f.image[12:24, 8:40].mean((0, 1)) for f in found]
    np.testing.assert_allclose([c[1] for c in corner], 40 + 10 * np.arange(5), atol=8)
    assert max(max(c[0], c[2]) for c in corner) < 20


def test_a_second_motion_shows_the_same_moment(cli, tiny, motion, tmp_path, monkeypatch):
    """Where the path leads nowhere the body is pale."""
    from vvipe.cli import film as module

    class Found:
        reliable = True

        def at(self, times_s):
            return np.where(times_s < 0.1, 0.22 - times_s, np.nan)

    rows = []
    body = module.BodyPanel.picture
    monkeypatch.setattr(module, "performances", lambda *curves: Found())
    monkeypatch.setattr(
        module.BodyPanel,
        "picture",
        lambda self, i: (rows.append((self._rows[i], self._present[i])), body(self, i))[1],
    )
    out = tmp_path / "a.mp4"
    other = tmp_path / "other.npz"
    other.write_bytes(Path(motion).read_bytes())
    words = ("--beside", other, "-o", out, *SMALL, "--model", tiny, "--json")
    film_of(cli("plot", "film", motion, *words).json, out)
    assert [row for row, _ in rows[::2]] == list(range(12))
    assert [row for row, _ in rows[1::2]] == [11, 10, 9, 8, 7] + [7] * 7
    assert [present for _, present in rows[1::2]] == [True] * 5 + [False] * 7


def test_orbit_and_fewer_frames(cli, tiny, motion, tmp_path):
    still, round_it = tmp_path / "a.mp4", tmp_path / "b.mp4"
    words = (*SMALL, "--fps", 25, "--model", tiny, "--json")
    first = film_of(cli("plot", "film", motion, "-o", still, *words).json, still)
    assert [round(f.time_s, 3) for f in first] == [0, 0.04, 0.08, 0.12, 0.16, 0.2]
    second = film_of(
        cli("plot", "film", motion, "-o", round_it, "--orbit", 400, *words).json, round_it
    )
    assert len(first) == len(second)
    assert any(
        a.image.shape != b.image.shape or (a.image != b.image).mean() > 0.01
        for a, b in zip(first, second, strict=True)
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["film", "{in}", "-o", "{tmp}/a.png"], ".mp4, .gif"),
        (["film", "{in}", "-o", "{tmp}/a.mp4", "--height", "121"], "--height"),
        (["film", "{in}", "-o", "{tmp}/a.mp4", "--fps", "0"], "--fps"),
        (["film", "{in}", "-o", "{tmp}/a.mp4", "--beside", "{bad}"], "cannot be opened as a video"),
        (["film", "{in}", "-o", "{tmp}/a.mp4", *["--beside", "{bad}"] * 2], "second video"),
        (["film", "{in}", "-o", "{tmp}/a.mp4", "--beside", "{tmp}/nothing.npz"], "nothing.npz"),
        (["lift", "{in}", "-o", "{tmp}/a.mp4"], ".png, .pdf, .svg"),
        (["lift", "{in}", "-o", "{tmp}/a.png", "--orbit", "3"], "--orbit"),
    ],
)
def test_bad_words(cli, tiny, keypoints, tmp_path, words, said):
    bad = tmp_path / "bad.mp4"
    bad.write_bytes(b"\0\0\0\x18ftypmp42 and no more")
    names = {"in": keypoints, "tmp": tmp_path, "bad": bad}
    words = [w.format(**names) for w in words]
    assert said in cli("plot", *words, "--model", tiny).error()
    assert {p.name for p in tmp_path.iterdir()} == {"keypoints.npz", "bad.mp4"}


def test_the_film_of_a_real_video(cli, data_root, tiny, film, tmp_path):
    clip = data_root / "pose2sim_single" / "videos" / "cam01.mp4"
    poses = vvipe.Poses2D(film(4).keypoints, "coco13", fps=60)
    vvipe.write(poses, tmp_path / "a.npz")
    out = tmp_path / "a.mp4"
    words = ("--beside", clip, "-o", out, *SMALL, "--model", tiny, "--json")
    found = film_of(cli("plot", "film", tmp_path / "a.npz", *words).json, out)
    assert len(found) == 4 and found[0].image[20:60, 8:60].std() > 20
