"""A recording as the viewer plays it: poses, embeddings and bodies, row for row."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.embeddings import Embeddings
from vvipe.errors import VvipeError
from vvipe.formats import read
from vvipe.formats.columns import as_rows
from vvipe.library.beat import FPS, seconds
from vvipe.library.rows import frames_of
from vvipe.models.inputs import H36M17
from vvipe.models.sides import sides_put_right
from vvipe.poses import Poses2D, Poses3D, mean_fps
from vvipe.view.viewpoint import upright
from vvipe.viewer.abilities import bodies_of, decoded, embedded

VIDEO_SUFFIXES = (".mp4", ".mov", ".m4v", ".avi", ".mkv", ".webm")


@dataclass(frozen=True, eq=False)
class Recording:
    """What is scrubbed and searched for.

    Attributes:
        name: As the page calls it.
        poses: (N, J, 2 or 3); None where there are only points of the space.
        embeddings: (N, D), NaN rows where too little is seen.
        bodies: (N, 17, 3) canonical, metres, NaN where there is none.
        times_s: (N,) seconds, rising.
        video: What to show behind 2D keypoints.
    """

    name: str
    poses: Poses2D | Poses3D | None
    embeddings: Embeddings
    bodies: np.ndarray
    times_s: np.ndarray
    video: Path | None = None

    def __len__(self) -> int:
        return len(self.bodies)

    @property
    def fps(self) -> float:
        """Mean rows a second."""
        return mean_fps(self.times_s) or FPS

    @property
    def keypoints(self) -> Poses2D | None:
        """Its 2D keypoints, None for a recording in 3D."""
        return self.poses if isinstance(self.poses, Poses2D) else None

    def frame(self, row: int) -> int:
        """The frame number of a row in its source."""
        return int(frames_of(self.embeddings)[row])

    def first_usable(self) -> int:
        """The first row that has an embedding, 0 if none has."""
        usable = np.isfinite(self.embeddings.vectors).all(1)
        return int(usable.argmax())


def read_recording(model: Any, path: Path, skeleton: str | None = None) -> Recording:
    """Reads and embeds a file or OpenPose folder; a video of the same name lies behind it.

    Raises:
        VvipeError: It cannot be read, or no row of it can be embedded.
    """
    poses, _ = sides_put_right(
        model, as_rows(read(path, skeleton=skeleton, on_error=lambda _: None))
    )
    return to_recording(model, poses, path.stem or path.name, video_beside(path))


def to_recording(
    model: Any, poses: Poses2D | Poses3D, name: str, video: Path | None = None
) -> Recording:
    """Embeds poses (N, J, 2 or 3).

    Raises:
        VvipeError: No row can be embedded.
    """
    embeddings = replace(embedded(model, poses), source=poses.source)
    if not np.isfinite(embeddings.vectors).all(1).any():
        raise VvipeError("too few joints are seen to embed a pose", where=poses.source)
    frame = frames_of(embeddings)
    times_s = np.maximum.accumulate(seconds(frame, poses.time_s))
    bodies = bodies_of(model, poses, embeddings)
    return Recording(name, poses, embeddings, bodies, times_s, video)


def from_latents(model: Any, name: str, embeddings: Embeddings) -> Recording:
    """A recording of points of the space, at 30 a second."""
    bodies = decoded(model, embeddings.vectors)
    frame = frames_of(embeddings)
    return Recording(name, None, embeddings, bodies, (frame - frame[0]) / FPS)


def video_beside(path: Path) -> Path | None:
    """The video next to a pose file that bears its name, or the file itself if it is one."""
    if path.suffix.lower() in VIDEO_SUFFIXES:
        return path
    found = (path.with_suffix(suffix) for suffix in VIDEO_SUFFIXES)
    return next((video for video in found if video.is_file()), None)


def as_recorded(model: Any, recording: Recording) -> np.ndarray:
    """(N, 17, 3) bodies where they were: in the world, or before the camera; z up, on the floor.

    The middle of the way lies at the origin. Canonical bodies where nothing else is known.
    """
    poses = recording.poses
    if isinstance(poses, Poses2D) and hasattr(model, "lift"):
        poses = model.lift(poses, frame="camera")
    if not isinstance(poses, Poses3D):
        return recording.bodies
    placed = upright(poses.to_skeleton(H36M17).positions, poses.frame_of_reference)
    if not np.isfinite(placed).any():
        return recording.bodies
    middle = np.nanmedian(placed[:, H36M17.index("hip"), :2], axis=0)
    floor = np.nanpercentile(placed[..., 2], 1)
    return placed - np.array([*middle, floor], np.float32)
