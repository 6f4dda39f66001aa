"""Pinhole cameras: placed by look-at, batched, numpy or torch.

World: metres, z up. Camera: OpenCV (x right, y down, z forward). Image: pixels, y down.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from array_api_compat import array_namespace


@dataclass(frozen=True)
class Camera:
    """One camera or a batch of them.

    Attributes:
        rotation: (..., 3, 3) world to camera.
        centre: (..., 3) metres, world.
        focal_px: (...) focal length, pixels.
        size_px: (width, height).
    """

    rotation: Any
    centre: Any
    focal_px: Any
    size_px: tuple[int, int] = (1000, 1000)

    def to_camera(self, positions: Any) -> Any:
        """(..., J, 3) world positions in the camera's frame, metres."""
        xp = array_namespace(positions)
        return (positions - self.centre[..., None, :]) @ xp.matrix_transpose(self.rotation)

    def project(self, positions: Any) -> Any:
        """(..., J, 3) world positions as (..., J, 2) pixels; NaN for points behind the camera."""
        xp = array_namespace(positions)
        in_camera = self.to_camera(positions)
        depth = in_camera[..., 2:]
        nan = xp.full_like(depth, float("nan"))
        depth = xp.where(depth > 1e-6, depth, nan)
        principal = xp.asarray([s / 2 for s in self.size_px], dtype=positions.dtype)
        focal = (
            self.focal_px
            if isinstance(self.focal_px, float | int)
            else self.focal_px[..., None, None]
        )
        return focal * in_camera[..., :2] / depth + principal


def look_at(centre: Any, target: Any, roll_rad: Any = 0.0) -> Any:
    """World-to-camera rotation of a camera at `centre` that looks at `target`, z kept upright.

    Args:
        centre: (..., 3) and `target` (..., 3), metres, world; not one above the other.
        roll_rad: Scalar or (...), turns the camera about its optical axis.

    Returns:
        (..., 3, 3) with rows x right, y down, z forward.
    """
    xp = array_namespace(centre)
    forward = target - centre
    forward = forward / xp.sqrt(xp.sum(forward * forward, axis=-1, keepdims=True))
    up = xp.zeros_like(forward) + xp.asarray([0.0, 0.0, 1.0], dtype=forward.dtype)
    right = xp.linalg.cross(forward, up)
    right = right / xp.sqrt(xp.clip(xp.sum(right * right, axis=-1, keepdims=True), 1e-12, None))
    down = xp.linalg.cross(forward, right)
    roll = xp.asarray(roll_rad, dtype=forward.dtype)[..., None]
    cos, sin = xp.cos(roll), xp.sin(roll)
    return xp.stack([cos * right + sin * down, cos * down - sin * right, forward], axis=-2)


def orbit(azimuth_rad: Any, elevation_rad: Any, distance_m: Any) -> Any:
    """(..., 3) offset from a subject to a camera on a sphere around it, metres, world."""
    xp = array_namespace(azimuth_rad)
    flat = xp.cos(elevation_rad) * distance_m
    return xp.stack(
        [
            flat * xp.cos(azimuth_rad),
            flat * xp.sin(azimuth_rad),
            distance_m * xp.sin(elevation_rad),
        ],
        axis=-1,
    )


def stand_on_floor(positions: np.ndarray, root: int) -> np.ndarray:
    """(..., J, 3) world positions moved so that the root is above the origin and feet on z = 0."""
    moved = positions - positions[..., root, None, :]
    lowest = moved[..., 2].min(axis=-1)
    return (
        moved - np.stack([np.zeros_like(lowest), np.zeros_like(lowest), lowest], -1)[..., None, :]
    )
