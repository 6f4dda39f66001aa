"""What follows points through frames, and the two that need no picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from vvipe.errors import VvipeError
from vvipe.robot.points.camera import Camera


class Tracker(Protocol):
    """Follows points from the first frame of an episode on."""

    def reset(self, frame: np.ndarray | None, points: np.ndarray) -> None:
        """Begins an episode: a (H, W, 3) uint8 RGB frame and (N, 2) where its points are."""
        ...

    def update(self, frame: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """Goes one frame on: (N, 2) u and v in pixels, (N,) visible.

        A point that is not visible stays where it was last seen.
        """
        ...

    def correct(self, points: np.ndarray, believed: np.ndarray) -> None:
        """Is told where the points of the last frame are by other evidence.

        Args:
            points: (N, 2) u and v in pixels.
            believed: (N,) where that is what `update` told, of lost points also.
        """
        ...


class ExactProjection:
    """Where points truly are: the camera's mathematics in a simulator, without a picture.

    Nothing hides a point from it but the image's edge.

    Args:
        look: The camera and the (N, 3) world positions of the points as they are now.
    """

    def __init__(self, look: Callable[[], tuple[Camera, np.ndarray]]) -> None:
        self.look = look

    def reset(self, frame: np.ndarray | None, points: np.ndarray) -> None:
        """Nothing is remembered."""

    def update(self, frame: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """(N, 2) pixels, also outside of the image, and (N,) which are inside and in front."""
        camera, places = self.look()
        seen = camera.project(places)
        return seen[:, :2], camera.inside(seen) & (seen[:, 2] > 0)

    def correct(self, points: np.ndarray, believed: np.ndarray) -> None:
        """Nothing is remembered."""


class Disturbed:
    """Another tracker, made worse on purpose: normal noise and lost points.

    Args:
        tracker: What is made worse.
        noise_px: Standard deviation in each direction.
        dropout: Chance that a point is not seen in a frame; it then stays where it was last seen.
        memory: How much of a frame's error is left in the next, 0 to below 1; the standard
            deviation stays `noise_px`. Errors of real trackers last.
        seed: Of the noise; each `reset` goes on in the same stream.
    """

    def __init__(
        self,
        tracker: Tracker,
        noise_px: float = 0.0,
        dropout: float = 0.0,
        memory: float = 0.0,
        seed: int = 0,
    ) -> None:
        if noise_px < 0 or not 0 <= dropout <= 1 or not 0 <= memory < 1:
            raise VvipeError(
                "no such disturbance", expected="noise_px >= 0, dropout 0 to 1, memory 0 to < 1",
                got=f"{noise_px}, {dropout}, {memory}",
            )  # fmt: skip
        self.tracker, self.noise_px, self.dropout, self.memory = tracker, noise_px, dropout, memory
        self._rng = np.random.default_rng(seed)
        self._error = np.zeros((0, 2))
        self._last = np.zeros((0, 2))

    def reset(self, frame: np.ndarray | None, points: np.ndarray) -> None:
        """Begins an episode; the first error is drawn like all others."""
        self.tracker.reset(frame, points)
        self._error = self._rng.normal(0, 1, points.shape) * self.noise_px
        self._last = points + self._error

    def update(self, frame: np.ndarray | None) -> tuple[np.ndarray, np.ndarray]:
        """The other tracker's points with an error; fewer of them visible."""
        points, visible = self.tracker.update(frame)
        fresh = self._rng.normal(0, 1, points.shape) * self.noise_px
        self._error = self.memory * self._error + np.sqrt(1 - self.memory**2) * fresh
        visible = visible & (self._rng.random(len(points)) >= self.dropout)
        self._last = np.where(visible[:, None], points + self._error, self._last)
        return self._last.copy(), visible

    def correct(self, points: np.ndarray, believed: np.ndarray) -> None:
        """The other tracker is told; errors go on."""
        self.tracker.correct(points, believed)
