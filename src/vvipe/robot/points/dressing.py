"""How the push task looks: what is added to a copy of its model, and how shifts change it."""

from __future__ import annotations

import colorsys
from typing import Any

import mujoco
import numpy as np

from vvipe.errors import VvipeError
from vvipe.robot.points.camera import Camera
from vvipe.robot.points.shifts import Shift

mj: Any = mujoco  # a compiled module, whose names no checker knows
VIEW = "view"
"""The camera that is added."""
TABLE_M = 0.4
"""Height of the table, world."""
# Like stickers: the points that tell where the camera is need something to be seen by.
MARKS = {
    "mark_near_left": (1.52, 0.57), "mark_near_right": (1.52, 0.93),
    "mark_far_left": (1.18, 0.57), "mark_far_right": (1.18, 0.93),
}  # fmt: skip
_MIDDLE = np.array([1.35, 0.75, 0.43])  # of the part of the table that is used
# From here the arm hides little of the block: 5 % of the expert's moments.
_AZIMUTH, _ELEVATION, _DISTANCE_M, _FOVY = -45.0, 25.0, 1.15, 30.0
_SPARE = 8  # distractors that a scene can show
# Outside of every picture, and half of the time of drawing.
_UNSEEN = (
    "robot0:base_link", "robot0:torso_lift_link", "robot0:head_pan_link", "robot0:head_tilt_link",
    "robot0:estop_link", "robot0:laser_link", "robot0:torso_fixed_link", "robot0:mocap",
)  # fmt: skip
_CHANGED = ("geom_rgba", "mat_rgba", "geom_pos", "light_diffuse", "light_dir")


def model_to_look_at(xml: str, size: tuple[int, int]) -> Any:
    """The task's model with a camera, four flat marks on the table, and spare objects unseen."""
    spec = mj.MjSpec.from_file(xml)
    spec.visual.global_.offwidth, spec.visual.global_.offheight = size
    spec.worldbody.add_camera(name=VIEW, fovy=_FOVY)
    box, ball, can = mj.mjtGeom.mjGEOM_BOX, mj.mjtGeom.mjGEOM_SPHERE, mj.mjtGeom.mjGEOM_CYLINDER
    for i, (name, (x, y)) in enumerate(MARKS.items()):
        colour = colorsys.hsv_to_rgb(0.45 + i * 0.12, 0.9, 0.5)
        spec.worldbody.add_geom(
            name=name, type=can, size=[0.015, 0.0005, 0], pos=[x, y, TABLE_M + 0.0005],
            rgba=[*colour, 1],
        )  # fmt: skip
    for i in range(_SPARE):
        spec.worldbody.add_geom(
            name=f"spare{i}", type=(box, ball, can)[i % 3], size=[0.025] * 3, rgba=[0, 0, 0, 0],
            pos=[0, 0, -1],
        )  # fmt: skip
    model = spec.compile()
    for i in range(model.ngeom):
        if model.body(model.geom_bodyid[i]).name in _UNSEEN:
            model.geom_rgba[i, 3] = 0
            model.geom_matid[i] = -1
    return model


class Dress:
    """Changes how a model looks, each time beginning from how it looked at first."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self._plain = {name: getattr(model, name).copy() for name in _CHANGED}
        self._headlight = model.vis.headlight.diffuse.copy()

    def put_on(self, shift: Shift, size: tuple[int, int], rng: np.random.Generator) -> None:
        """Camera, colours and lamps; distractors are put away."""
        if not 0 <= shift.distractors <= _SPARE:
            raise VvipeError("too many distractors", expected=f"0 to {_SPARE}")
        for name, plain in self._plain.items():
            getattr(self.model, name)[:] = plain
        turn, tilt = rng.uniform(*shift.camera_deg, 2) * rng.choice([-1, 1], 2)
        self._aim(turn, tilt / 2, size)
        if shift.recolour:
            self._recolour(rng)
        self.model.vis.headlight.diffuse[:] = self._headlight * (0.3 if shift.dim else 1)
        if shift.dim:
            self.model.light_diffuse[:] *= 0.3
            self.model.light_dir[:] = (0.6, 0.6, -0.5)

    def scatter(self, count: int, taken: list[np.ndarray], rng: np.random.Generator) -> None:
        """Puts so many spare objects on the table, 8 cm from (2,) taken places if there is room."""
        for i in range(count):
            places = rng.uniform((1.12, 0.5), (1.53, 1.0), (100, 2))
            clear = np.linalg.norm(places[:, None] - np.array(taken), axis=-1).min(1) > 0.08
            geom = self.model.geom(f"spare{i}").id
            self.model.geom_pos[geom] = (*places[clear.argmax()], TABLE_M + 0.025)
            self.model.geom_rgba[geom] = (*_colour(rng), 1)

    def _aim(self, turn_deg: float, tilt_deg: float, size: tuple[int, int]) -> None:
        camera = Camera.orbiting(
            _MIDDLE, _AZIMUTH + turn_deg, _ELEVATION + tilt_deg, _DISTANCE_M, _FOVY, size
        )
        view = self.model.camera(VIEW).id
        self.model.cam_pos[view] = camera.pos
        mj.mju_mat2Quat(self.model.cam_quat[view], camera.mat.ravel())

    def _recolour(self, rng: np.random.Generator) -> None:
        for name in ("table_mat", "block_mat", "floor_mat"):
            self.model.mat_rgba[self.model.material(name).id, :3] = _colour(rng)
        robot = _colour(rng)
        for i in range(self.model.ngeom):
            if self.model.body(self.model.geom_bodyid[i]).name.startswith("robot0:"):
                self.model.geom_rgba[i, :3] *= robot


def _colour(rng: np.random.Generator) -> tuple[float, float, float]:
    return colorsys.hsv_to_rgb(rng.random(), rng.uniform(0.4, 1), rng.uniform(0.35, 1))
