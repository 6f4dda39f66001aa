"""Keypoints and videos as parts of a film's picture."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from PIL import Image

from vvipe.poses import Poses2D
from vvipe.video import Frame
from vvipe.view.canvas import Canvas, grown
from vvipe.view.draw import draw_pose_2d
from vvipe.view.paint import Box
from vvipe.view.palette import PANEL


class ImagePanel:
    """Keypoints over the frames of their video, or on a plain ground, or the video alone.

    Args:
        name: Written above.
        height: Pixels.
        keypoints: (M, J, 2), drawn if any.
        rows: (N,) which of them belongs to each moment of the film.
        video: Frames in the order of time.
        times_s: (N,) the video's time at each moment of the film, not falling.
    """

    def __init__(
        self, name: str, height: int, keypoints: Poses2D | None, rows: np.ndarray,
        video: Iterator[Frame] | None = None, times_s: np.ndarray | None = None,
    ) -> None:  # fmt: skip
        self.name, self._keypoints, self._rows = name, keypoints, rows
        self._frames = None if video is None else _FramesAt(video)
        self._times_s = times_s
        box = self._shown()
        shape = (box[2] - box[0]) / (box[3] - box[1])
        if self._frames is None:
            shape = float(np.clip(shape, 0.6, 1.8))
            box = grown(box, shape, 0.06)
        self.size = (round(height * shape), height)
        self._canvas = Canvas(self.size, box)
        self._ground = Image.new("RGB", self.size, PANEL)

    def picture(self, i: int) -> Image.Image:
        """Video and keypoints of the film's moment i."""
        ground = self._ground
        if self._frames is not None and self._times_s is not None:
            image = Image.fromarray(self._frames.at(float(self._times_s[i])))
            ground = image.resize(self.size, Image.Resampling.BILINEAR, reducing_gap=1.5)
        keypoints = self._keypoints
        if keypoints is None:
            return ground
        pose = keypoints.coords[self._rows[i]]
        return self._canvas.drawn(lambda ax: draw_pose_2d(ax, pose, keypoints.skeleton), ground)

    def _shown(self) -> Box:
        if self._frames is not None:
            height, width = self._frames.first.image.shape[:2]
            return 0.0, -float(height), float(width), 0.0
        xy = np.zeros((0, 2)) if self._keypoints is None else self._keypoints.coords.reshape(-1, 2)
        xy = xy[np.isfinite(xy).all(1)]
        low, high = (
            np.quantile(xy, (0.002, 0.998), axis=0) if len(xy) else np.array([[0, 0], [1, 1]])
        )
        return float(low[0]), -float(high[1]), float(high[0]), -float(low[1])


class _FramesAt:
    """The frame that is shown at each of rising times; the last stays to the end."""

    def __init__(self, frames: Iterator[Frame]) -> None:
        self._frames = frames
        self.first = self._shown = next(frames)
        self._next = next(frames, None)

    def at(self, time_s: float) -> np.ndarray:
        """(H, W, 3)."""
        # Half a millisecond: containers round their times.
        while self._next is not None and self._next.time_s <= time_s + 5e-4:
            self._shown, self._next = self._next, next(self._frames, None)
        return self._shown.image
