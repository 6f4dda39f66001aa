"""Change of the axis that points up."""

from __future__ import annotations

import numpy as np


def y_up_to_z_up(positions: np.ndarray) -> np.ndarray:
    """(x, y, z) -> (x, -z, y), a rotation by 90 degrees about x."""
    x, y, z = np.moveaxis(positions, -1, 0)
    return np.stack([x, -z, y], axis=-1)


def z_up_to_y_up(positions: np.ndarray) -> np.ndarray:
    """(x, y, z) -> (x, z, -y), the inverse of `y_up_to_z_up`."""
    x, y, z = np.moveaxis(positions, -1, 0)
    return np.stack([x, z, -y], axis=-1)
