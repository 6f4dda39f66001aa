"""Films read back: every picture at its time; nothing half-written."""

from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("av")

from vvipe import VvipeError
from vvipe.video import frames
from vvipe.view.film import write_film

UNEVEN_S = [0.5, 0.54, 0.6, 1.1, 1.5]


def pictures(times_s, width=64, height=48):
    """A dark picture with a bright bar that wanders to the right."""
    for i, time_s in enumerate(times_s):
        picture = np.full((height, width, 3), 20, np.uint8)
        picture[:, 10 * i : 10 * i + 10] = (230, 120, 30)
        yield time_s, picture


@pytest.mark.parametrize("suffix", ["mp4", "gif"])
def test_uneven_times_and_pictures_survive(tmp_path, suffix):
    path = tmp_path / "new" / f"a.{suffix}"
    film = write_film(path, pictures(UNEVEN_S))
    assert (film.frames, film.size) == (5, (64, 48)) and film.seconds == pytest.approx(1.0)
    found = list(frames(path))
    np.testing.assert_allclose([f.time_s for f in found], np.subtract(UNEVEN_S, 0.5), atol=1e-3)
    for i, frame in enumerate(found):
        bright = frame.image.mean(axis=(0, 2))
        assert (
            bright[10 * i + 2 : 10 * i + 8].min()
            > 100
            > 40
            > np.delete(bright, range(10 * i - 2 * bool(i), 10 * i + 12)).max()
        )
        np.testing.assert_allclose(frame.image[24, 10 * i + 5], (230, 120, 30), atol=12)


def test_mp4_starts_before_it_is_loaded(tmp_path):
    path = tmp_path / "a.mp4"
    write_film(path, pictures(UNEVEN_S))
    content = path.read_bytes()
    assert 0 < content.index(b"moov") < content.index(b"mdat")


@pytest.mark.parametrize(
    ("times_s", "said"), [([], "no picture"), ([0, 1, 1], "do not rise"), ([0, 1, 0.5], "rise")]
)
def test_a_failure_leaves_the_old_film(tmp_path, times_s, said):
    path = tmp_path / "a.mp4"
    path.write_bytes(b"precious")
    with pytest.raises(VvipeError, match=said):
        write_film(path, pictures(times_s))
    assert [*tmp_path.iterdir()] == [path] and path.read_bytes() == b"precious"


def test_a_film_that_cannot_be_written(tmp_path):
    (tmp_path / "file").write_text("")
    with pytest.raises(VvipeError, match=r"a\.mp4: cannot be written"):
        write_film(Path(tmp_path / "file" / "a.mp4"), pictures([0, 1]))


def test_pictures_are_taken_one_at_a_time(tmp_path):
    """A film of any length fits in memory: no picture is asked for before its turn is come."""
    alive = []

    def counted():
        for time_s, picture in pictures(np.arange(40) / 10):
            alive.append(np.lib.array_utils.byte_bounds(picture)[0])
            yield time_s, picture

    write_film(tmp_path / "a.gif", counted())
    assert len(alive) == 40 and len(set(alive)) < 10
