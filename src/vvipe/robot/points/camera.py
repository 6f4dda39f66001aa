"""A camera of MuJoCo, read from a model or placed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.geometry.cameras import look_at, orbit
from vvipe.robot.points.projection import focal_px, project, unproject

_FLIP = np.diag([1.0, -1.0, -1.0])  # y up, z backward <-> y down, z forward


@dataclass(frozen=True)
class Camera:
    """Where a camera stands, where it looks, and what its picture measures.

    Attributes:
        pos: (3,) metres, world.
        mat: (3, 3) columns x right, y up, z backward, in the world (MuJoCo's `cam_xmat`).
        fovy: Vertical field of view, degrees.
        width: Pixels.
        height: Pixels.
    """

    pos: np.ndarray
    mat: np.ndarray
    fovy: float
    width: int
    height: int

    @classmethod
    def read(cls, model: Any, data: Any, name: str, width: int, height: int) -> Camera:
        """A named camera as MuJoCo last placed it (`mj_forward` or `mj_camlight`).

        Raises:
            VvipeError: The model has no camera of this name.
        """
        names = [model.camera(i).name for i in range(model.ncam)]
        if name not in names:
            raise VvipeError(f"no camera {name!r}", expected=", ".join(names) or "a camera")
        placed = data.camera(name)
        fovy = float(model.camera(name).fovy[0])
        return cls(placed.xpos.copy(), placed.xmat.reshape(3, 3).copy(), fovy, width, height)

    @classmethod
    def orbiting(
        cls,
        target: np.ndarray,
        azimuth_deg: float,
        elevation_deg: float,
        distance_m: float,
        fovy: float,
        size: tuple[int, int],
    ) -> Camera:
        """A camera on a sphere round what it looks at; azimuth from x towards y, z upright."""
        angles = np.radians([azimuth_deg, elevation_deg])
        pos = np.asarray(target, float) + orbit(angles[0], angles[1], np.float64(distance_m))
        rotation = look_at(pos, np.asarray(target, float))
        return cls(pos, rotation.T @ _FLIP, fovy, *size)

    @property
    def focal_px(self) -> float:
        """Focal length in pixels."""
        return float(focal_px(self.fovy, self.height))

    @property
    def middle_px(self) -> np.ndarray:
        """(2,) u and v of the picture's middle."""
        return np.array([self.width, self.height]) / 2

    def project(self, points_world: np.ndarray) -> np.ndarray:
        """(..., 3) metres of the world -> (..., 3) u and v in pixels, depth in metres."""
        seen = project(points_world, self.pos, self.mat, self.fovy, self.width, self.height)
        return np.stack(seen, -1)

    def unproject(self, seen: np.ndarray) -> np.ndarray:
        """(..., 3) u, v, depth -> (..., 3) metres of the world."""
        u, v, depth = np.moveaxis(np.asarray(seen, np.float64), -1, 0)
        return unproject(u, v, depth, self.pos, self.mat, self.fovy, self.width, self.height)

    def inside(self, pixels: np.ndarray) -> np.ndarray:
        """(..., 2 or more) u, v, … -> (...) whether the picture has such a pixel; not for NaN."""
        u, v = pixels[..., 0], pixels[..., 1]
        return (u >= 0) & (u < self.width) & (v >= 0) & (v < self.height)
