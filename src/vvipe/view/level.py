"""Bodies in a camera's frame: put before it, and how far it looks down at them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vvipe.geometry.rotations import rotmat_between
from vvipe.geometry.turning import pitched
from vvipe.poses import Poses3D

STEEPEST_DEG = 40.0


def elevation_rad(poses: Poses3D) -> float:
    """How far a camera looks down at (N, J, 3) poses in its frame, as people who stand tell it.

    They do so on the whole; where they lie or bend for most of the time nothing is known, and the
    camera is taken to be level.
    """
    body = poses.to_skeleton("h36m17")
    ends = [body.joint(name) for name in ("left_ankle", "right_ankle", "thorax")]
    rise = ends[2] - (ends[0] + ends[1]) / 2
    rise = rise[np.isfinite(rise).all(1)]
    _, down, ahead = rise.mean(0) if len(rise) else (0.0, -1.0, 0.0)
    told = np.arctan2(-ahead, -down)
    return float(told) if abs(told) <= np.radians(STEEPEST_DEG) else 0.0


def levelled(poses: Poses3D, elevation_rad: float) -> Poses3D:
    """Poses in a camera's frame as the camera would have them, did it not look down."""
    return replace(poses, coords=pitched(poses.coords, np.float32(-elevation_rad)))


def before_camera(poses: Poses3D) -> tuple[Poses3D, np.ndarray]:
    """Poses as a camera in the same place has them that looks at their hips, hip at the origin.

    Args:
        poses: (..., J, 3) in a camera's frame.

    Returns:
        The poses, and (...) how far before the camera the hip is; NaN where it is not seen.
    """
    hip = poses.joint("hip").astype(np.float64)
    distance = np.linalg.norm(hip, axis=-1)
    ray = hip / distance[..., None]
    turn = rotmat_between(np.where(np.isfinite(ray), ray, (0.0, 0.0, 1.0)), np.array((0.0, 0, 1)))
    coords = (poses.coords - hip[..., None, :]) @ turn.swapaxes(-1, -2)
    return replace(poses, coords=coords), distance
