"""What stands side by side in a film: a body in space, keypoints, a video."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Protocol

import numpy as np
from matplotlib.axes import Axes
from PIL import Image

from vvipe.poses import Poses2D, Poses3D
from vvipe.video import Frame
from vvipe.view.body import Joints, torso_length
from vvipe.view.canvas import Canvas, grown
from vvipe.view.draw import draw_pose_2d, draw_projected, upright_joints
from vvipe.view.floor import draw_floor
from vvipe.view.look import GHOST_SOLID, SOLID
from vvipe.view.paint import Box
from vvipe.view.palette import PANEL, PAPER
from vvipe.view.viewpoint import Projection, View, facing_deg, viewer_axes

_FOLLOW_S = 0.7  # spread of the smoothing with which the view follows the hip
_FLESH = 0.28  # torso lengths about the joints
_MOST_PITCH_DEG = 40.0
_SAMPLES = 60  # poses that tell how large a panel must be


class Panel(Protocol):
    """A part of the film's picture; asked for its pictures in the order of time."""

    name: str
    size: tuple[int, int]

    def picture(self, i: int) -> Image.Image:
        """Of the film's moment i."""
        ...


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
        self._poses = poses = _level(poses)
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


def _level(poses: Poses3D) -> Poses3D:
    """Poses in a camera's frame turned about its x axis, so that bodies stand on the whole.

    The camera's pitch is not known; where people lie or bend for most of the time, nothing is done.
    """
    if poses.frame_of_reference != "camera":
        return poses
    ends = [poses.joint(name) for name in ("left_ankle", "right_ankle", "thorax")]
    rise = ends[2] - (ends[0] + ends[1]) / 2
    rise = rise[np.isfinite(rise).all(1)]
    _, down, ahead = rise.mean(0) if len(rise) else (0.0, -1.0, 0.0)
    pitch = np.arctan2(ahead, -down)
    if abs(pitch) > np.radians(_MOST_PITCH_DEG):
        return poses
    cos, sin = np.cos(pitch), np.sin(pitch)
    about_x = np.array([[1, 0, 0], [0, cos, -sin], [0, sin, cos]], np.float32)
    return replace(poses, coords=poses.coords @ about_x.T)


def _body(poses: Poses3D, row: int) -> Joints:
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
        origins[seen] = _smoothed(origins[seen], times_s[seen])
        origins[seen, 2] = np.quantile(origins[seen, 2], 0.02)
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
