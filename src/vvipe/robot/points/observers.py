"""What a policy is told of a scene: its truth, its points, or its picture."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

import numpy as np

from vvipe.robot.points.believing import Belief
from vvipe.robot.points.prescribed import PrescribedPoints
from vvipe.robot.points.scene import Scene
from vvipe.robot.points.state import PointState, depth_at, placed_points
from vvipe.robot.points.tracking import ExactProjection, Tracker


class Observer(Protocol):
    """Tells an observation of each moment, in order."""

    def reset(self, scene: Scene) -> None:
        """Begins an episode at what the scene shows."""
        ...

    def __call__(self, scene: Scene) -> np.ndarray:
        """Of what the scene shows now."""
        ...


class Truth:
    """(9,) where the gripper is, from there to the block, from there to the target; metres, world.

    Positions alone: turns and speeds, which the simulator knows too, made clones worse.
    """

    def reset(self, scene: Scene) -> None:
        """Nothing is remembered."""

    def __call__(self, scene: Scene) -> np.ndarray:
        """Of what the scene shows now."""
        now = scene.snapshot
        steps = [now.gripper, now.block - now.gripper, now.target - now.block]
        return np.concatenate(steps).astype(np.float32)


class Pixels:
    """(H, W, 3) uint8, what the camera sees."""

    def reset(self, scene: Scene) -> None:
        """Nothing is remembered."""

    def __call__(self, scene: Scene) -> np.ndarray:
        """Of what the scene shows now."""
        return scene.frame()


class Points:
    """(K,) the state of prescribed points that a tracker follows.

    Args:
        state: How points become numbers.
        tracker: Makes the tracker of a scene; exact projection by default.
        drawn: Whether the tracker sees pictures; depth is then looked up in the drawn depth, and
            what it bears out is believed (`Belief`). Else depth is the point's own.
        first: Where the points are on the first frame of an episode, (N, 2) from that frame; by
            default where they truly are, as if the correspondence were perfect.
    """

    def __init__(
        self,
        state: PointState,
        tracker: Callable[[Scene, PrescribedPoints], Tracker] | None = None,
        drawn: bool = False,
        first: Callable[[np.ndarray], np.ndarray] | None = None,
    ) -> None:
        self.state, self.drawn, self.first = state, drawn, first
        self._make = tracker or exact
        self._tracker: Tracker | None = None
        self._depth = np.zeros(len(state.points.points))
        self._begun = False
        self._belief = Belief(state.points)
        self.pixels = np.zeros((len(self._depth), 2))
        self.visible = np.ones(len(self._depth), bool)

    def reset(self, scene: Scene) -> None:
        """Finds the points on the first frame."""
        if self._tracker is None:  # once, so that its noise goes on from episode to episode
            self._tracker = self._make(scene, self.state.points)
        frame = scene.frame() if self.drawn else None
        places = self.state.points.places(scene.model, scene.data)
        self.pixels = scene.camera.project(places)[:, :2]
        if self.first is not None and frame is not None:
            self.pixels = self.first(frame)
        self._tracker.reset(frame, self.pixels)
        self.visible = np.ones(len(self._depth), bool)
        self._belief.reset()
        self._begun = False

    def __call__(self, scene: Scene) -> np.ndarray:
        """Of what the scene shows now; `pixels` and `visible` hold what is told of it."""
        assert self._tracker is not None
        camera = scene.camera
        if self._begun or not self.drawn:
            self.pixels, self.visible = self._tracker.update(scene.frame() if self.drawn else None)
        if self.drawn:
            depth = self._borne_out(scene)
        else:
            fresh = camera.project(self.state.points.places(scene.model, scene.data))[:, 2]
            held = self._begun & ~self.visible
            depth = np.where(camera.inside(self.pixels), np.where(held, self._depth, fresh), 0.0)
        self._depth, self._begun = depth, True
        return self.state(self.pixels, depth, camera).astype(np.float32)

    def _borne_out(self, scene: Scene) -> np.ndarray:
        """(N,) depths; `pixels` and `visible` become what depth and rigidity bear out."""
        assert self._tracker is not None
        camera = scene.camera
        depth = depth_at(scene.depth(), self.pixels)
        told = placed_points(self.pixels, depth, camera)
        places, believed = self._belief(told, self.visible & (depth > 0))
        far = places[:, 2]
        moved = ~believed & (far > 0)
        there = camera.middle_px + places[moved, :2] * camera.focal_px / far[moved, None]
        self.pixels = self.pixels.copy()
        self.pixels[moved] = there
        self.visible = believed
        self._tracker.correct(self.pixels, believed)
        return np.maximum(far, 0.0)


def exact(scene: Scene, points: PrescribedPoints) -> Tracker:
    """Exact projection of a scene's points."""
    return ExactProjection(lambda: (scene.camera, points.places(scene.model, scene.data)))
