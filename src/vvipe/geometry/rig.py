"""Cameras as a calibration measured them: they stand still, and the people move."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, fields, replace
from typing import Any

import numpy as np

from vvipe.geometry.cameras import Camera
from vvipe.geometry.layouts import FOCAL_OVER_WIDTH


@dataclass(frozen=True)
class CalibratedCamera(Camera):
    """One measured camera, or the same camera of several recordings, one entry a pose.

    Attributes:
        focal_px: (..., 2) focal lengths along x and y, pixels.
        principal_px: (..., 2) where the optical axis meets the image, pixels.
        radial: (..., 3) coefficients of r², r⁴ and r⁶.
        tangential: (..., 2) by axis. The tangential part follows Human3.6M's own code, whose mixed
            terms are half those of OpenCV: a difference below 0.2 pixels.
    """

    principal_px: Any = 0.0
    radial: Any = (0.0, 0.0, 0.0)
    tangential: Any = (0.0, 0.0)

    def project(self, positions: np.ndarray) -> np.ndarray:
        """(..., J, 3) world positions as (..., J, 2) pixels; NaN for points behind the camera."""
        in_camera = self.to_camera(positions)
        depth = in_camera[..., 2:]
        xy = in_camera[..., :2] / np.where(depth > 1e-6, depth, np.nan)
        square = (xy * xy).sum(-1, keepdims=True)
        k, t = (np.asarray(c)[..., None, :] for c in (self.radial, self.tangential))
        radial = k * np.concatenate([square, square**2, square**3], -1)
        stretch = 1 + radial.sum(-1, keepdims=True) + (t * xy).sum(-1, keepdims=True)
        bent = xy * stretch + t * square
        focal, principal = (np.asarray(v)[..., None, :] for v in (self.focal_px, self.principal_px))
        return focal * bent + principal

    def to_world(self, positions: np.ndarray) -> np.ndarray:
        """(..., J, 3) positions in the camera's frame in the world, metres."""
        return positions @ self.rotation + self.centre[..., None, :]

    def standardised(self, pixels: np.ndarray) -> np.ndarray:
        """(..., J, 2) pixels as a camera of the layouts records them.

        Focal length 1.145 × the longer side, principal point in the middle: what lifting assumes of
        a camera that nobody calibrated. Distortion stays.
        """
        focal = FOCAL_OVER_WIDTH * max(self.size_px)
        own, principal = (np.asarray(v)[..., None, :] for v in (self.focal_px, self.principal_px))
        return (pixels - principal) / own * focal + np.array(self.size_px) / 2


@dataclass(frozen=True, eq=False)
class Rig:
    """Calibrated cameras that all saw the same N poses.

    Attributes:
        name: Such as `human36m`.
        cameras: Each a batch of N, one entry a pose.
        chest: (cameras,) bool, those at chest height.
    """

    name: str
    cameras: tuple[CalibratedCamera, ...]
    chest: np.ndarray

    def __len__(self) -> int:
        return len(self.cameras)

    @property
    def size_px(self) -> tuple[int, int]:
        """(width, height) of the first camera's images."""
        return self.cameras[0].size_px

    def camera(self, index: int, pelvis_m: np.ndarray) -> CalibratedCamera:
        """One camera, N times, wherever the pelvis is."""
        return self.cameras[index]


_BATCHED = tuple(f.name for f in fields(CalibratedCamera) if f.name != "size_px")


def repeat_cameras(cameras: Sequence[CalibratedCamera], counts: Sequence[int]) -> CalibratedCamera:
    """One batch of single cameras, each as often as it recorded poses."""
    return replace(
        cameras[0],
        **{
            name: np.repeat([np.asarray(getattr(c, name)) for c in cameras], counts, axis=0)
            for name in _BATCHED
        },
    )


def pick_cameras(camera: CalibratedCamera, rows: np.ndarray) -> CalibratedCamera:
    """Some entries of a batch."""
    return replace(camera, **{name: getattr(camera, name)[rows] for name in _BATCHED})


def fit_camera(
    positions: np.ndarray, pixels: np.ndarray, size_px: tuple[int, int]
) -> CalibratedCamera:
    """The camera at the origin that sees positions in its own frame at those pixels, without lens.

    Args:
        positions: (N, J, 3) metres, camera frame, and `pixels` (N, J, 2); NaN is passed over.
        size_px: Of its images.
    """
    rays = positions[..., :2] / positions[..., 2:]
    seen = np.isfinite(rays + pixels).all(-1)
    fits = [
        np.linalg.lstsq(np.stack([ray, np.ones_like(ray)], -1), pixel, rcond=None)[0]
        for ray, pixel in zip(rays[seen].T, pixels[seen].T, strict=True)
    ]
    focal, principal = np.array(fits, np.float64).T
    return CalibratedCamera(
        np.eye(3), np.zeros(3), focal, size_px, principal, np.zeros(3), np.zeros(2)
    )
