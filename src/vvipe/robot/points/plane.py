"""The plane that a camera looks down on, such as a table's top."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.spatial.transform import Rotation

_LEAST = 3  # points, not in line
_FLAT = 1e-3  # metres: points that spread less across are in line


@dataclass(frozen=True)
class Plane:
    """A plane in the axes of a camera, which is above it.

    Attributes:
        middle: (3,) metres, a point of it.
        up: (3,) of length 1, towards the camera's side.
    """

    middle: np.ndarray
    up: np.ndarray

    @classmethod
    def through(cls, points: np.ndarray) -> Plane | None:
        """Nearest to (N, 3) points; None for too few, or for points in line."""
        if len(points) < _LEAST:
            return None
        middle = points.mean(0)
        _, spread, axes = np.linalg.svd(points - middle)
        if spread[1] < _FLAT:
            return None
        up = axes[2]
        return cls(middle, -up if up @ middle > 0 else up)

    def heights(self, points: np.ndarray) -> np.ndarray:
        """(N,) metres above the plane of (N, 3) points."""
        return (points - self.middle) @ self.up

    def turn(self, before: np.ndarray, now: np.ndarray, sure_m: float) -> np.ndarray:
        """(3, 3) the turn about `up` that takes (N, 3) points nearest to where they are now.

        Points that are not much further apart than they are sure, `sure_m`, hardly turn.
        """
        was, here = before - before.mean(0), now - now.mean(0)
        along = (np.cross(was, here) @ self.up).sum()
        across = ((was * here).sum(1) - (was @ self.up) * (here @ self.up)).sum()
        angle = np.arctan2(along, across + len(was) * sure_m**2)
        return Rotation.from_rotvec(angle * self.up).as_matrix()

    def behind(self, points: np.ndarray, heights: np.ndarray) -> np.ndarray:
        """(N, 3) on the camera's rays through (N, 3) points, where these heights are reached.

        A point whose ray does not reach its height before the camera stays.
        """
        climb = points @ self.up  # of the ray, from the camera to the point
        along = (heights + self.middle @ self.up) / np.where(np.abs(climb) < 1e-9, np.nan, climb)
        return np.where(along[:, None] > 0, points * along[:, None], points)
