"""The robot itself as a part of a film's picture, drawn by MuJoCo."""

from __future__ import annotations

import copy
from typing import Any

import mujoco
import numpy as np
from PIL import Image

from vvipe.robot.drawing import renderer
from vvipe.robot.join.scene import between
from vvipe.robot.planning.episodes import Trace
from vvipe.view.palette import PANEL

mj: Any = mujoco  # a compiled module, whose names no checker knows
_MIDDLE_M, _DISTANCE_M = (1.28, 0.75, 0.53), 1.35  # of what is shown, and from how far
_AZIMUTH, _ELEVATION = 120.0, -35.0  # from ahead of the robot, on its right
_BALL = "target0"


class RobotPanel:
    """An episode in the simulator's own picture, moments between steps as well.

    Args:
        name: Written above.
        model: MuJoCo's; it is copied.
        trace: What happened, with joints.
        rows: (N,) steps of it, as for `TablePanel`.
        height: Pixels.

    Raises:
        VvipeError: MuJoCo cannot draw.
    """

    def __init__(
        self, name: str, model: Any, trace: Trace, rows: np.ndarray, height: int
    ) -> None:  # fmt: skip
        assert trace.joints is not None
        self.name, self.size = name, (height, height)
        self._joints, self._ball, self._rows = trace.joints, trace.ball, rows
        self._model = copy.copy(model)
        _plain_sky(self._model)
        self._data = mj.MjData(self._model)
        self._renderer = renderer(self._model, self.size)
        self._camera = mj.MjvCamera()
        self._camera.lookat[:] = _MIDDLE_M
        self._camera.distance = _DISTANCE_M
        self._camera.azimuth, self._camera.elevation = _AZIMUTH, _ELEVATION

    def picture(self, i: int) -> Image.Image:
        """Of the film's moment i."""
        at = max(float(self._rows[i]), 0.0)
        ball = self._model.site(_BALL).id
        stands_on = self._model.body_pos[self._model.site_bodyid[ball]]
        self._model.site_pos[ball] = between(self._ball, at) - stands_on
        self._data.qpos[:] = between(self._joints, at)
        mj.mj_kinematics(self._model, self._data)
        mj.mj_camlight(self._model, self._data)
        self._renderer.update_scene(self._data, self._camera)
        return Image.fromarray(self._renderer.render())

    def close(self) -> None:
        """Frees what draws."""
        self._renderer.close()


def _plain_sky(model: Any) -> None:
    """The colour of the other panels behind everything."""
    colour = [int(PANEL[i : i + 2], 16) for i in (1, 3, 5)]
    for i in np.flatnonzero(model.tex_type == mj.mjtTexture.mjTEXTURE_SKYBOX):
        size = model.tex_height[i] * model.tex_width[i]
        begin, channels = model.tex_adr[i], model.tex_nchannel[i]
        pixels = model.tex_data[begin : begin + size * channels].reshape(size, channels)
        pixels[:, :3] = colour
