"""Where bodies stand on the stage."""

from __future__ import annotations

import numpy as np

from vvipe.models.inputs import H36M17

ARRANGEMENTS = ("Beside", "Overlaid", "All")
_SOLE_M, _APART_M = 0.06, 1.3


def standing(body: np.ndarray, at: tuple[float, float] = (0.0, 0.0)) -> np.ndarray:
    """(17, 3) a body, lowest joint on the floor, its hip above a place."""
    if not np.isfinite(body).any():
        return body
    hip = body[H36M17.index("hip")]
    xy = np.where(np.isfinite(hip[:2]), hip[:2], 0)
    floor = np.nanmin(body[:, 2]) - _SOLE_M
    return body - np.array([xy[0] - at[0], xy[1] - at[1], floor], np.float32)


def in_row(count: int, x: float = 0.0, apart_m: float = _APART_M) -> list[tuple[float, float]]:
    """Places side by side, from left to right as the camera in front sees them."""
    return [(x, (0.5 * (count - 1) - i) * apart_m) for i in range(count)]


def behind(count: int) -> list[tuple[float, float]]:
    """Places in rows of four behind the query, the first ones in front."""
    places: list[tuple[float, float]] = []
    for start in range(0, count, 4):
        row = in_row(min(4, count - start), 1.5 + 1.5 * (start // 4), 1.3)
        places += [(x, y) for x, y in row]
    return places
