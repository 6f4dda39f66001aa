"""A body in space as a part of a film's picture."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from PIL import Image

from vvipe.poses import Poses3D
from vvipe.view.body import Joints, torso_length
from vvipe.view.canvas import Canvas, grown
from vvipe.view.draw import draw_projected, upright_joints
from vvipe.view.floor import draw_floor
from vvipe.view.level import elevation_rad, levelled
from vvipe.view.look import GHOST_SOLID, SOLID
from vvipe.view.paint import Box
from vvipe.view.palette import PAPER
from vvipe.view.viewpoint import Projection, View, facing_deg, viewer_axes

_FOLLOW_S = 0.7  # spread of the smoothing with which the view follows the hip
_FLESH = 0.28  # torso lengths about the joints
_SAMPLES = 60  # poses that tell how large a panel must be


class BodyPanel:
    """A body in space, on its floor, seen by a viewer who follows it or goes around it.

    Args:
        name: Written above.
        poses: (M, J, 3).
        times_s: (M,) seconds of the poses.
        rows: (N,) which of them belongs to each moment of the film.
        present: (N,) bool: the pose was there at that moment; else it is drawn pale.
        height: Pixels.
        turn_deg: (N,) by which the viewer has gone around.
        view: From where the first pose is seen.
    """

    def __init__(
        self, name: str, poses: Poses3D, times_s: np.ndarray, rows: np.ndarray,
        present: np.ndarray, height: int, turn_deg: np.ndarray, view: View | None = None,
    ) -> None:  # fmt: skip
        self.name, self._rows, self._present = name, rows, present
        if poses.frame_of_reference == "camera":  # its pitch is not known
            poses = levelled(poses, elevation_rad(poses))
        self._poses = poses
        self._stage, self._origins = _stage(poses, times_s, view or View())
        self._turn_deg = turn_deg
        self.show(self.box(), height)

    def picture(self, i: int) -> Image.Image:
        """The body of the film's moment i."""
        joints, seen_from = _body(self._poses, self._rows[i]), self._seen_from(i)
        look = SOLID if self._present[i] else GHOST_SOLID

        def draw(axes: Axes) -> None:
            draw_floor(axes, joints, seen_from)
            draw_projected(axes, joints, seen_from, look)

        return self._canvas.drawn(draw, self._paper)

    def _seen_from(self, i: int) -> Projection:
        origin, turn = self._origins[self._rows[i]], np.radians(self._turn_deg[i])
        cos, sin = np.cos(turn), np.sin(turn)
        about_z = np.array([[cos, -sin, 0], [sin, cos, 0], [0, 0, 1]])
        axes = self._stage.axes @ about_z.T
        return replace(self._stage, axes=axes, origin=origin, floor=float(origin[2]))

    def show(self, box: Box, height: int) -> None:
        """Sets what part of the plane is shown, in torso lengths, so many pixels high."""
        shape = float(np.clip((box[2] - box[0]) / (box[3] - box[1]), 0.75, 1.4))
        self.size = (round(height * shape), height)
        x0, y0, x1, y1 = grown(box, self.size[0] / height, 0.04)
        torso = self._stage.torso
        self._canvas = Canvas(self.size, (x0 * torso, y0 * torso, x1 * torso, y1 * torso))
        self._paper = Image.new("RGB", self.size, PAPER)

    def box(self) -> Box:
        """What the body fills in the course of the film, in torso lengths."""
        moments = np.linspace(0, len(self._rows) - 1, _SAMPLES).astype(int)
        corners = [np.zeros((2, 2))]
        for i in np.unique(moments):
            joints, seen_from = _body(self._poses, self._rows[i]), self._seen_from(i)
            if joints:
                xy = seen_from(np.stack(list(joints.values())))[0]
                corners.append(np.stack([xy.min(0), xy.max(0)]))
        reach = np.concatenate(corners) / self._stage.torso
        low, high = reach.min(0) - _FLESH, reach.max(0) + _FLESH
        return float(low[0]), float(low[1]), float(high[0]), float(high[1])


def _body(poses: Poses3D, row: Any) -> Joints:
    return upright_joints(poses.positions[row], poses.skeleton, poses.frame_of_reference)


def _stage(poses: Poses3D, times_s: np.ndarray, view: View) -> tuple[Projection, np.ndarray]:
    """One scale and direction for all poses, and (M, 3) places on the floor under each."""
    frame, origins = poses.frame_of_reference, np.full((len(poses), 3), np.nan)
    torsos, facing = list[float](), 180.0
    for row in range(len(poses)):
        joints = _body(poses, row)
        if "hip" in joints:
            if not torsos and frame != "camera":
                facing = facing_deg(joints) + view.turn_deg
            torsos.append(torso_length(joints))
            origins[row] = *joints["hip"][:2], min(p[2] for p in joints.values())
    torso = float(np.median(torsos)) if torsos else 1.0
    seen = np.flatnonzero(np.isfinite(origins[:, 0]))
    if frame == "world" and torsos:
        floor = np.quantile(origins[seen, 2], 0.02)
        origins[seen] = _smoothed(origins[seen], times_s[seen])
        origins[seen, 2] = floor
    # Elsewhere bodies hang on their hips: whatever is lowest stands.
    for column in origins.T:
        column[:] = np.interp(np.arange(len(poses)), seen, column[seen]) if torsos else 0.0
    origins[:, 2] -= 0.06 * torso
    azim_deg = facing if view.azim_deg is None else view.azim_deg
    axes = viewer_axes(view.elev_deg, azim_deg)
    return Projection(
        axes, origins[0], view.distance * torso, torso, float(origins[0, 2]), fixed_floor=True
    ), origins


def _smoothed(values: np.ndarray, times_s: np.ndarray) -> np.ndarray:
    """(M, D) by a Gaussian kernel in time; a person who stays gets a view that stays."""
    smooth = np.empty_like(values)
    for i, t in enumerate(times_s):
        near = slice(*np.searchsorted(times_s, (t - 3 * _FOLLOW_S, t + 3 * _FOLLOW_S)))
        weight = np.exp(-0.5 * ((times_s[near] - t) / _FOLLOW_S) ** 2)
        smooth[i] = weight @ values[near] / weight.sum()
    return smooth
