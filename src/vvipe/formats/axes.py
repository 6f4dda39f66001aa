"""Change of the axis that points up."""

from __future__ import annotations

import numpy as np

from vvipe.poses import Poses3D


def y_up_to_z_up(positions: np.ndarray) -> np.ndarray:
    """(x, y, z) -> (x, -z, y), a rotation by 90 degrees about x."""
    x, y, z = np.moveaxis(positions, -1, 0)
    return np.stack([x, -z, y], axis=-1)


def z_up_to_y_up(positions: np.ndarray) -> np.ndarray:
    """(x, y, z) -> (x, z, -y), the inverse of `y_up_to_z_up`."""
    x, y, z = np.moveaxis(positions, -1, 0)
    return np.stack([x, z, -y], axis=-1)


def rows_y_up(poses: Poses3D) -> np.ndarray:
    """(N, J, 3) metres, y up, float64, for files that have a vertical axis.

    A camera's frame (y down, z forward) is turned over about x; its y axis is upright as far as the
    camera was held level.
    """
    rows = poses.positions.reshape(-1, *poses.positions.shape[-2:]).astype(np.float64)
    return rows * [1, -1, -1] if poses.up == "-y" else z_up_to_y_up(rows)


def rows_z_up(poses: Poses3D) -> np.ndarray:
    """The same with z up."""
    return y_up_to_z_up(rows_y_up(poses))
