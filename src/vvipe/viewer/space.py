"""The map of the space: its poses as points on the floor, a few of them standing as bodies."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np

from vvipe.view.plane import key_poses, nearest, to_plane
from vvipe.viewer.collection import Collection

MOST, KEYS, RADIUS_M = 3000, 8, 2.6


@dataclass(frozen=True, eq=False)
class SpaceMap:
    """Points of the space on a plane.

    Attributes:
        rows: (N,) of the table.
        vectors: (N, D).
        plane: (N, 2) metres.
        method: How the plane was made, as one prints it.
        keys: Points whose bodies stand on the map.
    """

    rows: np.ndarray
    vectors: np.ndarray
    plane: np.ndarray
    method: str
    keys: np.ndarray

    @cached_property
    def group(self) -> np.ndarray:
        """(N,) the key that is nearest to each point, in the space."""
        return nearest(self.vectors, self.vectors[self.keys])

    def place(self, vector: np.ndarray) -> np.ndarray:
        """(2,) where a point of the space lies: among its nearest neighbours on the map."""
        gap = np.linalg.norm(self.vectors - vector, axis=1)
        near = np.argsort(gap)[:4]
        weight = 1 / (gap[near] + 1e-3) ** 2
        return (weight[:, None] * self.plane[near]).sum(0) / weight.sum()

    def picked(self, origin: np.ndarray, direction: np.ndarray) -> int | None:
        """The point that a ray meets on the floor (z = 0), None if it meets none nearby."""
        if direction[2] > -1e-6:
            return None
        at = (origin - direction * origin[2] / direction[2])[:2]
        gap = np.linalg.norm(self.plane - at, axis=1)
        found = int(gap.argmin())
        return found if gap[found] < 0.05 * RADIUS_M else None


def space_map_of(collection: Collection) -> SpaceMap | None:
    """The map of what is searched; None where there are too few poses."""
    rows, vectors = collection.sample(MOST)
    if len(vectors) < 3:
        return None
    plane, method = to_plane(vectors)
    plane = plane - np.median(plane, 0)
    far = max(float(np.quantile(np.linalg.norm(plane, axis=1), 0.99)), 1e-9)
    plane = plane * (RADIUS_M / far)
    return SpaceMap(rows, vectors, plane, method, key_poses(vectors, KEYS))
