"""Units of length, and the guess at one."""

from __future__ import annotations

import warnings

import numpy as np

from vvipe.errors import VvipeError

UNITS_M = {"m": 1.0, "cm": 0.01, "mm": 0.001, "in": 0.0254}
CMU_UNIT_M = 0.056444  # 1 / 0.45 inch
_TYPICAL_M = 1.4  # the largest extent, in the median over many motions


def unit_to_m(unit: str | float, where: object) -> float:
    """Metres per unit.

    Raises:
        VvipeError: No such unit, or not a positive number.
    """
    if isinstance(unit, str):
        if unit in UNITS_M:
            return UNITS_M[unit]
    elif 0 < unit < np.inf:
        return float(unit)
    raise VvipeError("unknown unit", where=where, expected=", ".join(UNITS_M), got=repr(unit))


def size_of(positions: np.ndarray) -> float:
    """The largest extent of a pose, in the median over poses, in the unit of `positions`.

    Args:
        positions: (..., J, 3), NaN = not seen; all NaN gives NaN.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)
        extent = np.nanmax(positions, axis=-2) - np.nanmin(positions, axis=-2)
        return float(np.nanmedian(np.nanmax(extent, axis=-1)))


def guess_unit_m(positions: np.ndarray) -> float:
    """Metres per unit: m, cm, mm or CMU's, whichever makes the body most like 1.4 m in size.

    It is right for bodies between 0.6 m and 2.5 m.

    Args:
        positions: (F, J, 3) in the unit to be guessed.
    """
    size = size_of(positions) if positions.size else 0.0
    candidates = (UNITS_M["m"], UNITS_M["cm"], UNITS_M["mm"], CMU_UNIT_M)
    if not 0 < size < np.inf:
        return 1.0
    return min(candidates, key=lambda unit: abs(np.log(size * unit / _TYPICAL_M)))
