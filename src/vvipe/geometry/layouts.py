"""Camera layouts of two data sets: centres in metres around a subject that stands at the origin.

Source: the published calibrations of Human3.6M (four cameras, chest height) and MPI-INF-3DHP
(five chest-height cameras and six others; the overhead ones left out), moved to the subject; the
last three of `other` approximate the knee-height and raised ones. All look at the pelvis.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vvipe.geometry.cameras import Camera, look_at

HUMAN36M_M = ((1.84, 4.96, 1.56), (1.76, -5.08, 1.61), (-1.85, 5.22, 1.49), (-1.79, -3.72, 1.57))
MPI_CHEST_M = (
    (-0.46, 3.81, 1.54), (-2.51, -1.02, 1.49), (-2.67, 2.66, 1.12),
    (3.39, -0.88, 0.82), (1.41, -2.66, 1.17),
)  # fmt: skip
MPI_OTHER_M = (
    (-2.71, 3.91, 1.99), (-0.71, -2.75, 2.47), (3.43, 0.31, 2.29),
    (2.9, 2.9, 0.45), (-3.2, -2.4, 0.5), (0.2, 4.2, 0.4),
)  # fmt: skip
FOCAL_OVER_WIDTH = 1.145


@dataclass(frozen=True)
class Layout:
    """Named cameras around a subject; `chest` marks those at chest height."""

    name: str
    centres_m: np.ndarray
    chest: np.ndarray
    size_px: tuple[int, int]

    def __len__(self) -> int:
        return len(self.centres_m)

    def camera(self, index: int, pelvis_m: np.ndarray) -> Camera:
        """One camera of the layout, aimed at (..., 3) pelvis positions, world."""
        pelvis_m = np.asarray(pelvis_m, np.float32)
        centre = np.broadcast_to(self.centres_m[index].astype(np.float32), pelvis_m.shape)
        focal = np.full(pelvis_m.shape[:-1], FOCAL_OVER_WIDTH * self.size_px[0], np.float32)
        return Camera(look_at(centre, pelvis_m), centre, focal, self.size_px)


HUMAN36M = Layout("human36m", np.array(HUMAN36M_M), np.ones(4, bool), (1000, 1000))
HUMAN36M_FOURTH = Layout(
    "human36m-fourth", np.array(HUMAN36M_M[3:]), np.ones(1, bool), (1000, 1000)
)
MPI_INF_3DHP = Layout(
    "mpi_inf_3dhp",
    np.array(MPI_CHEST_M + MPI_OTHER_M),
    np.array([True] * len(MPI_CHEST_M) + [False] * len(MPI_OTHER_M)),
    (2048, 2048),
)


def random_layout(count: int, rng: np.random.Generator) -> Layout:
    """Virtual cameras: azimuth ±180°, elevation -15…+35°, 2.5 to 6 m away."""
    azimuth, elevation = rng.uniform(-np.pi, np.pi, count), np.radians(rng.uniform(-15, 35, count))
    distance = rng.uniform(2.5, 6.0, count)
    flat = np.cos(elevation) * distance
    height = 0.95 + distance * np.sin(elevation)
    centres = np.stack([flat * np.cos(azimuth), flat * np.sin(azimuth), height], -1)
    return Layout("random", centres, np.abs(elevation) < np.radians(12), (1000, 1000))
