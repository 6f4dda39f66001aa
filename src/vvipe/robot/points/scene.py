"""Draws moments of the push task from a copy of its model, which is never simulated."""

from __future__ import annotations

from typing import Any

import mujoco
import numpy as np

from vvipe.robot.drawing import renderer
from vvipe.robot.points.camera import Camera
from vvipe.robot.points.dressing import VIEW, Dress, model_to_look_at
from vvipe.robot.points.push import Snapshot
from vvipe.robot.points.shifts import NONE, Shift

mj: Any = mujoco  # a compiled module, whose names no checker knows
_ALIVE = ("robot0:grip", "object0", "target0")  # sites that distractors keep away from


class Scene:
    """Takes joint positions from the simulator; no change here can be felt there.

    Args:
        xml: The task's model file.
        size: Width and height of its pictures, pixels.
    """

    def __init__(self, xml: str, size: tuple[int, int] = (64, 64)) -> None:
        self.size = size
        self.model = model_to_look_at(xml, size)
        self.data: Any = mj.MjData(self.model)
        self._dress = Dress(self.model)
        self._renderer: Any = None
        self._snapshot: Snapshot | None = None

    @property
    def snapshot(self) -> Snapshot:
        """What is shown."""
        assert self._snapshot is not None
        return self._snapshot

    @property
    def camera(self) -> Camera:
        """As it stands now."""
        return Camera.read(self.model, self.data, VIEW, *self.size)

    def dress(self, first: Snapshot, shift: Shift = NONE, seed: int = 0) -> None:
        """Makes an episode look as a shift wants, and shows its first moment."""
        rng = np.random.default_rng(seed)
        self._dress.put_on(shift, self.size, rng)
        self.show(first)
        taken = [self.data.site(name).xpos[:2].copy() for name in _ALIVE]
        self._dress.scatter(shift.distractors, taken, rng)
        self.show(first)

    def show(self, snapshot: Snapshot) -> None:
        """Puts everything where it is at a moment."""
        site = self.model.site("target0").id
        floor = self.model.body_pos[self.model.site_bodyid[site]]
        self.model.site_pos[site] = snapshot.target - floor
        self.data.qpos[:] = snapshot.qpos
        mj.mj_kinematics(self.model, self.data)
        mj.mj_camlight(self.model, self.data)
        self._snapshot = snapshot

    def frame(self) -> np.ndarray:
        """(H, W, 3) uint8 RGB."""
        renderer = self._drawn()
        renderer.disable_depth_rendering()
        renderer.update_scene(self.data, VIEW)
        return renderer.render()

    def depth(self) -> np.ndarray:
        """(H, W) metres along the optical axis."""
        renderer = self._drawn()
        renderer.enable_depth_rendering()
        renderer.update_scene(self.data, VIEW)
        return renderer.render()

    def close(self) -> None:
        """Frees what draws."""
        if self._renderer is not None:
            self._renderer.close()
            self._renderer = None

    def _drawn(self) -> Any:
        if self._renderer is None:
            self._renderer = renderer(self.model, self.size)
        return self._renderer
