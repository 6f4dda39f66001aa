"""3D poses put on a floor in front of a data set's cameras."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.evaluation.protocols import Protocol, camera_pairs, project
from vvipe.formats.format import Poses
from vvipe.geometry.cameras import stand_on_floor
from vvipe.geometry.layouts import HUMAN36M, Layout
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import get_skeleton
from vvipe.view.viewpoint import upright

H36M17 = get_skeleton("h36m17")
LEFT_AND_RIGHT = (0, 1)  # two Human3.6M cameras on either side of the subject
ALL_AROUND = (0, 1, 2, 3)


def before_cameras(
    positions: np.ndarray, name: str, cameras: Sequence[int] = LEFT_AND_RIGHT,
    files: tuple[Path, ...] = (),
) -> Protocol:  # fmt: skip
    """Poses stood on the floor before Human3.6M cameras.

    Args:
        positions: (N, 17, 3) whole h36m17 poses, metres, z up.
        name: Of the protocol.
        cameras: Which of the four.
        files: Where the poses come from.
    """
    picked = list(cameras)
    layout = Layout(
        HUMAN36M.name, HUMAN36M.centres_m[picked], HUMAN36M.chest[picked], HUMAN36M.size_px
    )
    standing = stand_on_floor(positions, H36M17.index("hip"))
    return Protocol(name, standing, layout, {"all": camera_pairs(layout)}, files)


def seen(
    poses: Poses, camera: int, cameras: Sequence[int] = LEFT_AND_RIGHT
) -> tuple[Poses2D, Poses3D | None]:
    """2D keypoints as they are; 3D poses as one of the cameras sees them, and themselves.

    Rows of 3D poses in which a joint of Human3.6M-17 is absent are left out.

    Raises:
        VvipeError: No row is whole.
    """
    if isinstance(poses, Poses2D):
        return poses, None
    poses = poses.to_skeleton(H36M17)
    poses = poses[np.isfinite(poses.positions).all((1, 2))]
    if not len(poses):
        raise VvipeError("no pose has all joints of h36m17", where=poses.source)
    protocol = before_cameras(
        upright(poses.positions, poses.frame_of_reference), poses.source, cameras
    )
    world = replace(poses, coords=protocol.poses, frame_of_reference="world")
    return replace(project(protocol, camera), frame=poses.frame, source=poses.source), world


def turned(positions: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Every pose of (N, J, 3) turned about the vertical by an angle of its own."""
    angle = rng.uniform(-np.pi, np.pi, len(positions)).astype(np.float32)
    cos, sin, zero, one = np.cos(angle), np.sin(angle), np.zeros_like(angle), np.ones_like(angle)
    rows = [np.stack(r, -1) for r in ((cos, -sin, zero), (sin, cos, zero), (zero, zero, one))]
    return positions @ np.stack(rows, -2).mT
