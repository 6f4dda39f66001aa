"""Decoded frames: their number, times, content and turn; files that are no videos."""

from fractions import Fraction

import av
import numpy as np
import pytest

from vvipe import VvipeError
from vvipe.video import frames, video_info

SIZE = (64, 48)


def written(path, times_ms, codec="libx264"):
    """A video whose frame i has brightness 20 + 20 * i, shown at the given times."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream(codec, rate=30)
        stream.width, stream.height = SIZE
        stream.pix_fmt = "yuv420p"
        stream.time_base = stream.codec_context.time_base = Fraction(1, 1000)
        for i, time_ms in enumerate(times_ms):
            image = np.full((SIZE[1], SIZE[0], 3), 20 + 20 * i, np.uint8)
            image[:8] = 250  # a bright band on top
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts, frame.time_base = time_ms, Fraction(1, 1000)
            container.mux(stream.encode(frame))
        container.mux(stream.encode())
    return path


def turned(path, matrix):
    """The same file with another matrix in its track header."""
    content = bytearray(path.read_bytes())
    at = content.index(b"tkhd") + 4 + 40
    content[at : at + 36] = b"".join(int(x).to_bytes(4, "big", signed=True) for x in matrix)
    path.write_bytes(content)
    return path


def test_uneven_times_survive(tmp_path):
    times_ms = [0, 33, 66, 300, 333, 1000]
    path = written(tmp_path / "a.mp4", times_ms)
    found = list(frames(path))
    assert [f.index for f in found] == list(range(6))
    np.testing.assert_allclose([f.time_s * 1000 for f in found], times_ms, atol=1)
    brightness = [float(f.image[20:].mean()) for f in found]
    np.testing.assert_allclose(brightness, 20 + 20 * np.arange(6), atol=4)
    assert video_info(path).size == SIZE


def test_a_phone_s_video_is_turned_upright(tmp_path):
    one = 1 << 16
    clockwise = [0, one, 0, -one, 0, 0, SIZE[1] * one, 0, 1 << 30]
    path = turned(written(tmp_path / "a.mp4", [0, 33]), clockwise)
    image = next(frames(path)).image
    assert image.shape == (SIZE[0], SIZE[1], 3) and video_info(path).size == SIZE[::-1]
    assert image[:, -6:].mean() > 200 > image[:, :-12].mean()  # the top has gone to the right


@pytest.mark.parametrize(
    ("content", "message"),
    [(b"no video at all", "cannot be opened as a video"), (b"", "cannot be opened as a video")],
)
def test_no_video(tmp_path, content, message):
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    with pytest.raises(VvipeError, match=rf"a\.mp4: {message}"):
        next(frames(path))
