"""From where a body is seen: a mild perspective, by default three-quarters from the front."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vvipe.view.body import Joints, torso_length

THREE_QUARTERS_DEG = 35.0


@dataclass(frozen=True)
class View:
    """The viewer's place, in a frame with z up.

    Attributes:
        elev_deg: Degrees above the horizon.
        azim_deg: Degrees from +x towards +y; None: `turn_deg` from where the person faces.
        turn_deg: Used without `azim_deg`: 0 = from the front, 90 = from the person's left.
        distance: Torso lengths from the body.
    """

    elev_deg: float = 12.0
    azim_deg: float | None = None
    turn_deg: float = THREE_QUARTERS_DEG
    distance: float = 12.0


AS_CAMERA = View(elev_deg=0.0, azim_deg=180.0)  # how the camera itself sees a camera-frame pose
FRONT, SIDE = View(turn_deg=0.0), View(turn_deg=90.0)


@dataclass(frozen=True)
class Projection:
    """A view made concrete for one body.

    Attributes:
        axes: (3, 3) rows right, up, towards the viewer.
        origin: (3,) what is drawn at (0, 0); on the floor where there is one.
        distance: From the viewer to the origin, in the unit of the positions.
        torso: Torso length, in the unit of the positions.
        floor: Height of the floor, None in a camera's frame.
        at: (x, y) of the origin on the picture.
        fixed_floor: The grid of the floor lies fast in the world; else it turns with the viewer, so
            that floors of neighbouring pictures look alike.
    """

    axes: np.ndarray
    origin: np.ndarray
    distance: float
    torso: float
    floor: float | None
    at: tuple[float, float] = (0.0, 0.0)
    fixed_floor: bool = False

    def __call__(self, points: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(..., 3) points as (..., 2) on the picture, (...) magnification, (...) nearness."""
        seen = (points - self.origin) @ self.axes.T
        depth = np.maximum(self.distance - seen[..., 2], 1e-3 * self.distance)
        magnification = self.distance / depth
        return seen[..., :2] * magnification[..., None] + self.at, magnification, seen[..., 2]


def upright(positions: np.ndarray, frame_of_reference: str) -> np.ndarray:
    """Positions with z up; the camera's frame (y down, z forward) turns to look along +x."""
    if frame_of_reference != "camera":
        return positions
    x, y, z = np.moveaxis(positions, -1, 0)
    return np.stack([z, -x, -y], axis=-1)


def projection(joints: Joints, view: View, on_floor: bool = True) -> Projection:
    """The projection for one body, given upright."""
    points = np.stack(list(joints.values())) if joints else np.zeros((1, 3))
    torso = torso_length(joints)
    azim_deg = facing_deg(joints) + view.turn_deg if view.azim_deg is None else view.azim_deg
    origin = points.mean(axis=0)
    floor = None
    if on_floor:
        floor = float(points[:, 2].min() - 0.06 * torso)
        hip = joints.get("hip")
        under = origin if hip is None else hip
        origin = np.array([under[0], under[1], floor])
    return Projection(
        viewer_axes(view.elev_deg, azim_deg), origin, view.distance * torso, torso, floor
    )


def facing_deg(joints: Joints) -> float:
    """Azimuth to which shoulders and hips face, degrees; 180 (canonical) where not seen."""
    to_left = np.zeros(3)
    for part in ("shoulder", "hip"):
        if f"left_{part}" in joints and f"right_{part}" in joints:
            to_left = to_left + joints[f"left_{part}"] - joints[f"right_{part}"]
    ahead = to_left[1], -to_left[0]
    return float(np.degrees(np.arctan2(ahead[1], ahead[0]))) if any(ahead) else 180.0


def viewer_axes(elev_deg: float, azim_deg: float) -> np.ndarray:
    """(3, 3) rows right, up, towards the viewer; see `View` for the angles."""
    elev, azim = np.radians(elev_deg), np.radians(azim_deg)
    right = np.array([-np.sin(azim), np.cos(azim), 0.0])
    towards = np.array([np.cos(elev) * np.cos(azim), np.cos(elev) * np.sin(azim), np.sin(elev)])
    return np.stack([right, np.cross(towards, right), towards])
