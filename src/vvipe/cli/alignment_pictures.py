"""The pictures of `vvipe align`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.cli.recordings import Recording
from vvipe.embeddings import euclidean
from vvipe.library.alignment import Offset
from vvipe.library.track import RATE_HZ, Track
from vvipe.view import save_png
from vvipe.view.figures.alignment import AlignedPair, alignment_figure, strip_figure

MOMENTS, _MOST = 7, 600  # of the strip; frames of a side of the matrix


def draw(
    recordings: Sequence[Recording], pairs: Mapping[tuple[int, int], Offset | None],
    png: Path | None, strip: Path | None,
) -> None:  # fmt: skip
    """Draws the one, the other, or both."""
    found = {pair: offset for pair, offset in pairs.items() if offset is not None}
    if png:
        sides = [_pair(recordings[i], recordings[j], offset) for (i, j), offset in found.items()]
        save_png(alignment_figure(sides), png)
    if strip:
        clocks = [0.0, *(_offset(found.get((0, j))) for j in range(1, len(recordings)))]
        save_png(_strip(recordings, clocks), strip)


def _pair(a: Recording, b: Recording, offset: Offset) -> AlignedPair:
    (va, ta), (vb, tb) = (_thinned(r.track) for r in (a, b))
    path = np.stack([ta, (1 + offset.drift) * ta + offset.offset_s], 1)
    return AlignedPair(
        Path(a.name).stem, Path(b.name).stem, euclidean(va, vb), ta, tb, path, offset.lags_s,
        offset.scores, offset.reliable,
    )  # fmt: skip


def _thinned(track: Track) -> tuple[np.ndarray, np.ndarray]:
    step = -(-len(track) // _MOST)
    vectors = np.where(track.seen[:, None], track.vectors, np.nan)
    return vectors[::step], track.begin_s + np.arange(0, len(track), step) / RATE_HZ


def _offset(offset: Offset | None) -> float:
    return 0.0 if offset is None else offset.offset_s


def _strip(recordings: Sequence[Recording], clocks: Sequence[float]) -> Any:
    """Moments that all recordings have, told by the clock of the first."""
    begin = max(r.times[0] - c for r, c in zip(recordings, clocks, strict=True))
    end = min(r.times[-1] - c for r, c in zip(recordings, clocks, strict=True))
    times = np.linspace(begin, max(begin, end), MOMENTS)
    rows = [
        np.abs(r.times[:, None] - (times + c)).argmin(0)
        for r, c in zip(recordings, clocks, strict=True)
    ]
    return strip_figure(
        [r.poses[row] for r, row in zip(recordings, rows, strict=True)],
        [Path(r.name).stem for r in recordings], [f"{t:.2f} s" for t in times],
    )  # fmt: skip
