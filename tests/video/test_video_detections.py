"""Everybody in a video: rows, times, files that are damaged or no videos at all."""

import numpy as np
import pytest

pytest.importorskip("av")

from films import SHAPE, SIZE, Squares, film, picture
from PIL import Image

from vvipe import VvipeError
from vvipe.video import detect


def moving(frames=12):
    return [picture((10 + 5 * i, 20), (80 - 4 * i, 40) if i % 3 else None) for i in range(frames)]


def test_a_row_a_person_and_a_time_a_frame(tmp_path):
    times_ms = np.r_[0, 40, 50, 200, np.arange(8) * 33 + 1000]
    told = []
    found = detect(film(tmp_path / "a.mkv", moving(), times_ms), Squares(), told.append)
    np.testing.assert_allclose(found.time_s * 1000, times_ms, atol=1)
    assert np.bincount(found.row).tolist() == [1, 2, 2] * 4
    assert found.keypoints.shape == (20, 17, 3) and found.image_size == SIZE
    places = found.keypoints[:, 0, :2] - SHAPE[0]
    np.testing.assert_allclose(places[found.row == 0], [[10, 20]], atol=1)
    np.testing.assert_allclose(places[found.row == 4], [[64, 40], [30, 20]], atol=1)
    assert [s.frames for s in told] == list(range(1, 13)) and found.damage is None


def test_nobody(tmp_path):
    found = detect(film(tmp_path / "a.mp4", [picture()] * 3), Squares())
    assert found.keypoints.shape == (0, 17, 3) and found.row.shape == (0,)
    assert len(found.time_s) == 3


def test_what_comes_before_a_cut_is_kept(tmp_path):
    noisy = np.random.default_rng(0).integers(0, 99, (50, SIZE[1], SIZE[0], 3), np.uint8)
    images = [np.maximum(n, picture((48, 32))) for n in noisy]
    path = film(tmp_path / "ä ö.mp4", images, movflags="faststart")
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    found = detect(path, Squares())
    rows = len(found.time_s)
    assert 10 < rows < 40 and np.bincount(found.row).tolist() == [1] * rows
    assert found.damage == (f"frame {rows}: cut short; expected 2.00 s; got {rows * 0.04:.2f} s")


def test_a_file_whose_end_is_lost_with_its_index(tmp_path):
    path = film(tmp_path / "a.mp4", moving())
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    with pytest.raises(VvipeError, match=r"a\.mp4: cannot be opened as a video"):
        detect(path, Squares())


def test_damage_that_the_decoder_reports(tmp_path, monkeypatch):
    from vvipe.video import detections

    whole = detections.frames

    def damaged(path):
        for frame in whole(path):
            if frame.index == 7:
                raise VvipeError("damaged", where=f"{path}: frame 7")
            yield frame

    path = film(tmp_path / "a.mp4", moving())
    monkeypatch.setattr(detections, "frames", damaged)
    found = detect(path, Squares())
    assert len(found.time_s) == 7 and found.damage == "frame 7: damaged"


@pytest.mark.parametrize("suffix", ["png", "webp"])
def test_a_picture_is_a_video_of_one_frame(tmp_path, suffix):
    path = tmp_path / f"a.{suffix}"
    Image.fromarray(picture((20, 20))).save(path, lossless=True)
    found = detect(path, Squares())
    assert found.time_s.tolist() == [0] and len(found.keypoints) == 1
    assert (found.fps, found.damage, found.image_size) == (None, None, SIZE)


def test_other_and_damaged_pictures(tmp_path):
    Image.fromarray(picture((20, 20))).save(tmp_path / "a.bmp")
    with pytest.raises(VvipeError, match=r"a\.bmp: a picture of an unknown kind; expected PNG"):
        detect(tmp_path / "a.bmp", Squares())
    (tmp_path / "b.png").write_bytes(b"\x89PNG\r\n\x1a\n and no more")
    with pytest.raises(VvipeError, match=r"b\.png: damaged picture"):
        detect(tmp_path / "b.png", Squares())


def test_sound_alone_is_no_video(tmp_path):
    import av

    path = tmp_path / "a.mp4"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("aac", rate=44100)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 1024), np.float32), "fltp", "mono")
        frame.sample_rate, frame.pts = 44100, 0
        container.mux([*stream.encode(frame), *stream.encode()])
    with pytest.raises(VvipeError, match="no video in this file"):
        detect(path, Squares())
