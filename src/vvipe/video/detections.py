"""Everybody that a detector finds in a video."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.skeletons import get_skeleton
from vvipe.video.detector import Detector
from vvipe.video.frames import Frame, frames, video_info

CUT_S = 0.5  # files round their length, and their last frame has no known end


@dataclass(frozen=True, eq=False)
class Detections:
    """M people of T frames.

    Attributes:
        keypoints: (M, J, 3) float32 x and y in pixels, confidence; frame after frame.
        row: (M,) which frame each is in, ascending.
        time_s: (T,) when each frame is shown.
        fps: Mean frames per second, None if the file does not say.
        image_size: (width, height) in pixels.
        skeleton: Registered name.
        detector: What found them.
        several: Whether it finds more than one person in an image.
        damage: Where and why the file was not read to its end, None if it was.
    """

    keypoints: np.ndarray
    row: np.ndarray
    time_s: np.ndarray
    fps: float | None
    image_size: tuple[int, int]
    skeleton: str
    detector: str
    several: bool
    damage: str | None = None


@dataclass(frozen=True)
class Seen:
    """How far a video has been looked through.

    Attributes:
        path: Of the video.
        frames: How many so far.
        count: Of how many, None if the file does not say.
        seconds: Since the first.
    """

    path: Path
    frames: int
    count: int | None
    seconds: float


def detect(
    path: Path, detector: Detector, progress: Callable[[Seen], object] | None = None
) -> Detections:
    """Finds people in every frame; of a damaged file, in those before the damage.

    Args:
        path: A video.
        detector: What finds them.
        progress: Is told after every frame.

    Raises:
        VvipeError: No video, not one frame can be decoded, or the detector cannot be loaded.
    """
    info, started = video_info(path), time.monotonic()
    found: list[np.ndarray] = []
    times: list[float] = []
    damages: list[str] = []
    for frame in _sound_frames(path, damages):
        found.append(detector.detect(frame.image).astype(np.float32))
        times.append(frame.time_s)
        if progress:
            progress(Seen(path, len(found), info.count, time.monotonic() - started))
    time_s = np.array(times)
    if not damages and info.duration_s and _end_s(time_s) < info.duration_s - CUT_S:
        cut = VvipeError(
            "cut short", where=f"frame {len(found)}",
            expected=f"{info.duration_s:.2f} s", got=f"{_end_s(time_s):.2f} s",
        )  # fmt: skip
        damages.append(str(cut))
    nobody = np.empty((0, len(get_skeleton(detector.skeleton)), 3), np.float32)
    return Detections(
        np.concatenate([nobody, *found]), np.repeat(np.arange(len(found)), [len(f) for f in found]),
        time_s, info.fps, info.size, detector.skeleton, detector.name, detector.several,
        damages[0] if damages else None,
    )  # fmt: skip


def _sound_frames(path: Path, damages: list[str]) -> Iterator[Frame]:
    """Frames up to the first damage, which is noted."""
    index = -1
    try:
        for frame in frames(path):
            index = frame.index
            yield frame
    except VvipeError as error:
        if index < 0:
            raise
        damages.append(str(error).removeprefix(f"{path}: "))


def _end_s(time_s: np.ndarray) -> float:
    """When the last frame has been shown, as long as those before it."""
    return float(time_s[-1] + (np.diff(time_s).mean() if len(time_s) > 1 else 0))
