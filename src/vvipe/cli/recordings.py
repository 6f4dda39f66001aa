"""Recordings named on the command line, embedded, with their clocks."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from vvipe.cli.inputs import read_rows
from vvipe.cli.terminal import note
from vvipe.errors import VvipeError
from vvipe.formats.columns import frame_of_rows
from vvipe.library.beat import FPS, seconds
from vvipe.library.track import Track, track_of
from vvipe.models.sides import embedded_in_sequence

if TYPE_CHECKING:
    from vvipe.formats.format import Poses


@dataclass(frozen=True)
class Recording:
    """One recording.

    Attributes:
        name: As it was given.
        poses: (N, J, 2 or 3).
        times: (N,) seconds.
        fps: Frames per second.
        vectors: (N, D) embeddings, NaN where too little is seen.
        track: The same at an even beat.
    """

    name: str
    poses: Poses
    times: np.ndarray
    fps: float
    vectors: np.ndarray
    track: Track


def recording(model: Any, path: Path, fps: float | None, skeleton: str | None) -> Recording:
    """Reads and embeds a recording.

    Args:
        model: A representation.
        path: A file, OpenPose folder or video.
        fps: Frames per second where the file does not say; 30 for None.
        skeleton: What the joints are, where the file does not say.

    Raises:
        VvipeError: Nothing to read, or too few joints are seen in all but one frame.
    """
    poses = read_rows(path, skeleton)
    if poses.time_s is None and fps is None:
        note(f"{path}: the frame rate is not told; taken as {FPS:g} (see --fps)")
    rate = poses.fps or fps or _mean_rate(poses) or FPS
    frame = frame_of_rows(poses)
    if (np.diff(frame) <= 0).any():
        raise VvipeError("frames do not follow each other", where=path, hint="one person a file")
    embedded = embedded_in_sequence(model, poses)
    vectors = embedded.vectors
    if np.isfinite(vectors).all(1).sum() < 2:
        raise VvipeError("too few joints are seen to align this", where=path)
    times = seconds(frame, poses.stamp_s, rate)
    track = track_of(vectors, times, variance=embedded.variance)
    return Recording(str(path), poses, times, rate, vectors, track)


def _mean_rate(poses: Poses) -> float | None:
    """Frames per second of time stamps, None without any."""
    if poses.stamp_s is None or len(poses.stamp_s) < 2 or not np.ptp(poses.stamp_s):
        return None
    return float((len(poses.stamp_s) - 1) / np.ptp(poses.stamp_s))
