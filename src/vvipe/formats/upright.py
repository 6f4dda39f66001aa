"""Which axis points up in files that do not say: the one along which people stand."""

from __future__ import annotations

import numpy as np

from vvipe.formats.axes import y_up_to_z_up
from vvipe.skeletons import Skeleton, map_joints

_ENDS = Skeleton("ends", ("neck", "hip", "left_ankle", "right_ankle"), dims=3)
_CLEARLY = 2.0  # times as far along one axis as along the other


def to_z_up(positions: np.ndarray, skeleton: Skeleton, usual: str) -> np.ndarray:
    """(N, J, 3) positions with z up, of a file whose y, -y or z axis points up.

    Args:
        positions: NaN = not seen.
        skeleton: Of the J joints.
        usual: `y` or `z`, what counts where the poses do not clearly tell: people who lie.
    """
    up = _up_of(positions, skeleton) or usual
    if up == "z":
        return positions
    return y_up_to_z_up(positions * [1, -1, -1] if up == "-y" else positions)


def _up_of(positions: np.ndarray, skeleton: Skeleton) -> str | None:
    neck, hip, *ankles = np.moveaxis(map_joints(positions, skeleton, _ENDS)[0], -2, 0)
    spans = [neck - (ankles[0] + ankles[1]) / 2, neck - hip]
    known = [s[np.isfinite(s).all(-1)] for s in spans]
    tall = next((s for s in known if len(s)), None)
    if tall is None:
        return None
    x, y, z = np.median(tall, axis=0)
    if abs(z) > max(_CLEARLY * abs(y), abs(x)):
        return "z" if z > 0 else None
    if abs(y) > max(_CLEARLY * abs(z), abs(x)):
        return "y" if y > 0 else "-y"
    return None
