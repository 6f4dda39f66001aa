"""The clocks of several recordings of one performance, so that all pairs agree."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import numpy as np

from vvipe.library.alignment import Offset

_AGREE_S = 0.1  # a pair that is further off than this from what all say together is wrong

Pair = tuple[int, int]


def agreed(offsets: Mapping[Pair, Offset | None], count: int) -> dict[Pair, Offset | None]:
    """Offsets that add up: from A to B and on to C is from A to C.

    Least squares over the reliable pairs, weighed by their confidence; a pair that contradicts the
    others is left out and no longer called reliable. Where the reliable pairs do not join all
    recordings, offsets stay as they are.

    Args:
        offsets: (a, b) -> the offset from recording a to b, None where there is none.
        count: How many recordings there are.
    """
    trusted = {pair: o for pair, o in offsets.items() if o is not None and o.reliable}
    while True:
        clocks = _clocks(trusted, count)
        if clocks is None:
            return dict(offsets)
        off = {(a, b): abs(o.offset_s - clocks[b] + clocks[a]) for (a, b), o in trusted.items()}
        worst = max(off, key=lambda pair: off[pair])
        if off[worst] <= _AGREE_S:
            break
        del trusted[worst]
    return {
        (a, b): None
        if o is None
        else replace(o, offset_s=float(clocks[b] - clocks[a]), reliable=(a, b) in trusted)
        for (a, b), o in offsets.items()
    }


def _clocks(trusted: Mapping[Pair, Offset], count: int) -> np.ndarray | None:
    """(count,) seconds that each recording's clock is ahead of the first one's, None if unknown."""
    rows = np.zeros((len(trusted) + 1, count))
    rows[-1, 0] = 1
    values = np.zeros(len(rows))
    for row, ((a, b), offset) in enumerate(trusted.items()):
        rows[row, [a, b]] = -offset.confidence, offset.confidence
        values[row] = offset.confidence * offset.offset_s
    if np.linalg.matrix_rank(rows) < count:
        return None
    return np.linalg.lstsq(rows, values, rcond=None)[0]
