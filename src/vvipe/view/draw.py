"""Draws one pose into an axes; left, right and middle of the body have one colour each, always."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from matplotlib.axes import Axes

from vvipe.skeletons import Skeleton, get_skeleton
from vvipe.view.body import Joints, body_joints, torso_length
from vvipe.view.floor import draw_floor
from vvipe.view.look import SOLID, STICKS, Look
from vvipe.view.paint import Box, Placed, paint
from vvipe.view.viewpoint import AS_CAMERA, Projection, View, projection, upright


def draw_pose_2d(
    ax: Axes, keypoints: np.ndarray, skeleton: Skeleton | str, look: Look = STICKS
) -> Box | None:
    """Draws one pose as the image shows it: x right, y down (the axes' y is -y).

    Args:
        ax: Where to draw; limits are left to the caller (`fit`).
        keypoints: (J, 2) pixels, NaN = not seen.
        skeleton: Names the J joints.
        look: Colours and thickness.

    Returns:
        The box that the body fills, None if no part of it is seen.
    """
    upward = np.asarray(keypoints, np.float64) * (1.0, -1.0)
    joints = body_joints(upward, get_skeleton(skeleton))
    torso = torso_length(joints)
    return paint(ax, {role: Placed(xy, torso) for role, xy in joints.items()}, look)


def draw_pose_3d(
    ax: Axes,
    positions: np.ndarray,
    skeleton: Skeleton | str,
    frame_of_reference: str = "world",
    view: View | None = None,
    look: Look = SOLID,
    floor: bool = True,
    at: tuple[float, float] = (0.0, 0.0),
) -> Box | None:
    """Draws one pose in space, limbs sorted by depth, at its true size.

    Args:
        ax: Where to draw; limits are left to the caller (`fit`).
        positions: (J, 3) metres, NaN = not seen.
        skeleton: Names the J joints.
        frame_of_reference: `world` or `canonical` (z up), or `camera` (y down, z forward).
        view: None: three-quarters from the front; a camera's frame as the camera sees it.
        look: Colours and thickness.
        floor: Draw the floor and a shadow (never in a camera's frame).
        at: Where in the axes the floor under the hip comes to lie.

    Returns:
        The box that the body fills, None if no part of it is seen.
    """
    joints = upright_joints(positions, get_skeleton(skeleton), frame_of_reference)
    seen_from = replace(view_of(joints, frame_of_reference, view), at=at)
    if floor and joints:
        draw_floor(ax, joints, seen_from)
    return draw_projected(ax, joints, seen_from, look)


def draw_projected(
    ax: Axes, joints: Joints, seen_from: Projection, look: Look = SOLID
) -> Box | None:
    """Draws upright joints by role; several bodies can share one projection."""
    return paint(ax, placed(joints, seen_from), look)


def placed(joints: Joints, seen_from: Projection) -> dict[str, Placed]:
    """Upright joints by role on the plane of the picture."""
    found: dict[str, Placed] = {}
    for role, point in joints.items():
        xy, magnification, nearness = seen_from(point)
        found[role] = Placed(xy, seen_from.torso * float(magnification), float(nearness))
    return found


def upright_joints(positions: np.ndarray, skeleton: Skeleton, frame_of_reference: str) -> Joints:
    """Joints by role of (J, 3) positions, turned so that z is up."""
    return body_joints(upright(np.asarray(positions, np.float64), frame_of_reference), skeleton)


def view_of(joints: Joints, frame_of_reference: str, view: View | None = None) -> Projection:
    """The projection of upright joints that suits the frame that they came from."""
    in_camera = frame_of_reference == "camera"
    return projection(joints, view or (AS_CAMERA if in_camera else View()), not in_camera)


def fit(ax: Axes, box: Box, width_over_height: float, pad: float = 0.08) -> None:
    """Sets equal-aspect limits for an axes of the given shape, `box` in its middle."""
    x0, y0, x1, y1 = box
    height = max(y1 - y0, (x1 - x0) / width_over_height, 1e-6) * (1 + 2 * pad)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    ax.set_xlim(x - height * width_over_height / 2, x + height * width_over_height / 2)
    ax.set_ylim(y - height / 2, y + height / 2)
