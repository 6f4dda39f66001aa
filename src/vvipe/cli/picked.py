"""Which rows a picture shows."""

from __future__ import annotations

import numpy as np

from vvipe.errors import VvipeError
from vvipe.evaluation.protocols import evenly


def some(usable: np.ndarray, most: int, source: str) -> np.ndarray:
    """At most so many of the usable rows, evenly spread.

    Raises:
        VvipeError: There is none.
    """
    rows = np.flatnonzero(usable)
    if not len(rows):
        raise VvipeError("too few joints are seen to embed a pose", where=source)
    return rows[evenly(len(rows), most)]


def apart(errors: np.ndarray, gap: int, count: int) -> np.ndarray:
    """Rows with the largest errors, largest first, no two of them within `gap`."""
    return folded(-errors[None], gap, count)[0]


def folded(distances: np.ndarray, gap: int, count: int) -> np.ndarray:
    """(Q, k) nearest columns, no two of them within `gap` of each other; k is `count` or less.

    Raises:
        VvipeError: Nothing is left for one of the rows.
    """
    rows: list[list[int]] = []
    for row in distances:
        picked: list[int] = []
        for j in np.argsort(row, kind="stable"):
            if np.isfinite(row[j]) and all(abs(j - p) > gap for p in picked):
                picked.append(int(j))
            if len(picked) == count:
                break
        rows.append(picked)
    k = min(map(len, rows))
    if not k:
        raise VvipeError("nothing to be found", hint="name other poses by --among")
    return np.array([r[:k] for r in rows])
