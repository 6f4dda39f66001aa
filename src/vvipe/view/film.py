"""Pictures with their times as a film: MP4 or GIF, one picture in memory at a time."""

from __future__ import annotations

from collections.abc import Generator, Iterable
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from vvipe.errors import VvipeError
from vvipe.extras import need
from vvipe.formats.atomic import replacing

SUFFIXES = (".mp4", ".gif")
GIF_FPS = 25.0  # viewers slow down what asks for more than 50, and files get large
_TICKS = {".mp4": 90_000, ".gif": 100}  # a second


@dataclass(frozen=True)
class Film:
    """What was written.

    Attributes:
        frames: How many.
        seconds: From the first to the last.
        size: (width, height) in pixels.
    """

    frames: int
    seconds: float
    size: tuple[int, int]


def write_film(path: Path, pictures: Iterable[tuple[float, np.ndarray]], fps: float = 30.0) -> Film:
    """Encodes pictures, each shown at its own time, at whatever rate.

    Args:
        path: `.mp4` (H.264, plays in browsers before it is loaded) or `.gif`.
        pictures: (seconds, (H, W, 3) uint8 RGB), times rising, H and W even; the film starts at the
            first.
        fps: About how many there are a second, for the encoder; the last is shown that long.

    Raises:
        VvipeError: PyAV is not installed, no picture, times that do not rise by a tick of the
            format, or the file cannot be written.
    """
    suffix = path.suffix.lower()
    count, begin_s, time_s, size = 0, 0.0, 0.0, (0, 0)
    with replacing(path) as partial, _opened(partial, suffix) as container:
        stream: Any = None
        last = -1
        for time_s, picture in pictures:
            if stream is None:
                begin_s, size = time_s, (picture.shape[1], picture.shape[0])
                stream = _stream(container, suffix, size, fps)
            ticks = round((time_s - begin_s) * _TICKS[suffix])
            if ticks <= last:
                raise VvipeError(
                    "times of pictures do not rise",
                    where=path,
                    got=f"{time_s:g} s, picture {count}",
                )
            frame = _frame(picture, suffix)
            frame.pts, frame.time_base = ticks, Fraction(1, _TICKS[suffix])
            container.mux(stream.encode(frame))
            last, count = ticks, count + 1
        if stream is None:
            raise VvipeError("no picture for the film", where=path)
        container.mux(stream.encode())
    return Film(count, time_s - begin_s, size)


@contextmanager
def _opened(path: Path, suffix: str) -> Generator[Any]:
    av = need("av", "video", path)
    # What a browser needs to start playing goes to the front of the file.
    options = {"movflags": "+faststart"} if suffix == ".mp4" else {}
    try:
        with av.open(str(path), "w", options=options) as container:
            yield container
    except av.FFmpegError as error:
        raise VvipeError(f"cannot be written ({error.strerror})", where=path) from error


def _stream(container: Any, suffix: str, size: tuple[int, int], fps: float) -> Any:
    rate = Fraction(fps).limit_denominator(1000)
    options = {"preset": "veryfast", "crf": "19"} if suffix == ".mp4" else {}
    stream = container.add_stream("libx264" if options else "gif", rate=rate, options=options)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p" if options else "pal8"
    stream.time_base = stream.codec_context.time_base = Fraction(1, _TICKS[suffix])
    return stream


def _frame(picture: np.ndarray, suffix: str) -> Any:
    new_frame: Any = need("av", "video").VideoFrame.from_ndarray
    if suffix == ".mp4":
        return new_frame(np.ascontiguousarray(picture), format="rgb24")
    # A palette for each picture: FFmpeg's own way would hold the whole film to choose one.
    image = Image.fromarray(picture).quantize(
        256, Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE
    )
    palette = np.full((256, 4), 255, np.uint8)
    colours = np.array(image.getpalette() or [], np.uint8).reshape(-1, 3)
    palette[: len(colours), 1:] = colours
    return new_frame((np.asarray(image), palette), format="pal8")
