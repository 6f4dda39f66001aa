"""Calibrated cameras whose lens follows Brown's model, as OpenCV and Qualisys write it."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

_UNDISTORT_STEPS = 12


@dataclass(frozen=True, eq=False)
class BrownCamera:
    """A camera as a calibration file describes it; world in metres, image in pixels, y down.

    Attributes:
        name: As in the file.
        rotation: (3, 3) world to camera, OpenCV axes (x right, y down, z forward).
        centre: (3,) metres, world.
        focal_px: (2,) horizontal and vertical.
        principal_px: (2,).
        distortion: (5,) k1, k2, p1, p2, k3 of Brown's model, as OpenCV orders them.
        size_px: (width, height).
    """

    name: str
    rotation: np.ndarray
    centre: np.ndarray
    focal_px: np.ndarray
    principal_px: np.ndarray
    distortion: np.ndarray
    size_px: tuple[int, int]

    def resized(self, size_px: tuple[int, int]) -> BrownCamera:
        """The camera of an image scaled to fit into this size and centred in it."""
        before, after = np.array(self.size_px), np.array(size_px)
        scale = (after / before).min()
        principal = (self.principal_px - before / 2) * scale + after / 2
        focal = self.focal_px * scale
        return replace(self, focal_px=focal, principal_px=principal, size_px=size_px)

    def project(self, positions: np.ndarray) -> np.ndarray:
        """(..., 3) world positions as (..., 2) pixels; NaN for points behind the camera."""
        in_camera = (positions - self.centre) @ self.rotation.T
        depth = in_camera[..., 2:]
        plane = in_camera[..., :2] / np.where(depth > 1e-6, depth, np.nan)
        return self.focal_px * _distort(plane, self.distortion) + self.principal_px

    def to_plane(self, pixels: np.ndarray) -> np.ndarray:
        """(..., 2) pixels on the plane at depth 1 of a camera without distortion."""
        seen = (pixels - self.principal_px) / self.focal_px
        plane = seen
        for _ in range(_UNDISTORT_STEPS):
            plane = plane + seen - _distort(plane, self.distortion)
        return plane


def _distort(plane: np.ndarray, distortion: np.ndarray) -> np.ndarray:
    k1, k2, p1, p2, k3 = distortion
    x, y = plane[..., 0], plane[..., 1]
    square = x * x + y * y
    radial = 1 + square * (k1 + square * (k2 + square * k3))
    return np.stack(
        [
            x * radial + 2 * p1 * x * y + p2 * (square + 2 * x * x),
            y * radial + p1 * (square + 2 * y * y) + 2 * p2 * x * y,
        ],
        axis=-1,
    )
