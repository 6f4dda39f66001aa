"""Decoding: every frame of a video, upright, with the time at which it is shown."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.extras import need
from vvipe.video.picture import is_picture, read_picture


@dataclass(frozen=True)
class Frame:
    """One frame.

    Attributes:
        index: Counted from 0.
        time_s: When it is shown, from the start of the file.
        image: (H, W, 3) uint8 RGB, turned as the file says that it is to be shown.
    """

    index: int
    time_s: float
    image: np.ndarray


@dataclass(frozen=True)
class VideoInfo:
    """What a file says before it is decoded.

    Attributes:
        size: (width, height) in pixels, as shown.
        fps: Mean frames per second, None if the file does not say.
        count: Frames, None if the file does not say; some files say it wrong.
        duration_s: None if the file does not say it of the pictures alone.
    """

    size: tuple[int, int]
    fps: float | None
    count: int | None
    duration_s: float | None = None


def video_info(path: Path) -> VideoInfo:
    """What a video says of itself; its first frame is decoded for its size.

    Raises:
        VvipeError: PyAV is not installed, no video, or damaged before the first frame.
    """
    first = next(frames(path))
    height, width = first.image.shape[:2]
    if is_picture(path):
        return VideoInfo((width, height), None, 1)
    with _opened(path) as (container, stream):
        fps = float(stream.average_rate) if stream.average_rate else None
        return VideoInfo(
            (width, height), fps, stream.frames or None, _duration_s(container, stream)
        )


def frames(path: Path) -> Iterator[Frame]:
    """Decodes a video, frame after frame; a picture is a video of one frame.

    Raises:
        VvipeError: PyAV is not installed, no video, or damaged; the message names the frame.
    """
    if is_picture(path):
        yield Frame(0, 0.0, read_picture(path))
        return
    with _opened(path) as (container, stream):
        stream.thread_type = "AUTO"
        start_s = (container.start_time or 0) / 1e6
        fps = float(stream.average_rate or 0) or 30.0
        index = 0
        decoded = container.decode(stream)
        while (frame := _next(decoded, path, index)) is not None:
            time_s = index / fps if frame.time is None else frame.time - start_s
            image = frame.to_ndarray(format="rgb24")
            # The angle anticlockwise, as FFmpeg counts it.
            turned = np.rot90(image, round(frame.rotation / 90))
            yield Frame(index, time_s, np.ascontiguousarray(turned))
            index += 1
        if not index:
            raise VvipeError("no frame can be decoded", where=path)


def _duration_s(container: Any, stream: Any) -> float | None:
    if stream.duration:
        return float(stream.duration * stream.time_base)
    alone = len(container.streams) == 1  # sound may go on longer
    return container.duration / 1e6 if alone and container.duration else None


def _next(decoded: Iterator[Any], path: Path, index: int) -> Any:
    av = need("av", "video", path)
    try:
        return next(decoded, None)
    except av.FFmpegError as error:
        raise VvipeError(f"damaged ({error.strerror})", where=f"{path}: frame {index}") from None


@contextmanager
def _opened(path: Path) -> Generator[tuple[Any, Any]]:
    av = need("av", "video", path)
    try:
        container = av.open(str(path))
    except av.FFmpegError as error:
        raise VvipeError(f"cannot be opened as a video ({error.strerror})", where=path) from None
    with container:
        if container.format.name.endswith(("_pipe", "image2")):
            raise VvipeError("a picture of an unknown kind", where=path, expected="PNG, JPEG, WebP")
        if not container.streams.video:
            raise VvipeError("no video in this file", where=path)
        yield container, container.streams.video[0]
