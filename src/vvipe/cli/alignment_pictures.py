"""The pictures of `vvipe align`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.embeddings import euclidean
from vvipe.library.alignment import Offset
from vvipe.library.performances import Performances
from vvipe.library.recordings import Recording
from vvipe.library.track import RATE_HZ, Track
from vvipe.view import save_figure
from vvipe.view.figures.alignment import AlignedPair, alignment_figure, strip_figure

MOMENTS, _MOST = 7, 600  # of the strip; frames of a side of the matrix


def draw(
    recordings: Sequence[Recording], pairs: Mapping[tuple[int, int], Offset | Performances | None],
    png: Path | None, strip: Path | None, width_mm: float | None = None,
) -> None:  # fmt: skip
    """Draws the one, the other, or both."""
    found = {pair: offset for pair, offset in pairs.items() if offset is not None}
    if png:
        sides = [_pair(recordings[i], recordings[j], offset) for (i, j), offset in found.items()]
        save_figure(alignment_figure(sides), png, width_mm)
    if strip:
        others = [found.get((0, j)) for j in range(1, len(recordings))]
        save_figure(_strip(recordings, others), strip, width_mm)


def _pair(a: Recording, b: Recording, found: Offset | Performances) -> AlignedPair:
    (va, ta), (vb, tb) = (_thinned(r.track) for r in (a, b))
    names, distances = (Path(a.name).stem, Path(b.name).stem), euclidean(va, vb)
    if isinstance(found, Performances):
        return AlignedPair(*names, distances, ta, tb, found.path_s, None, found.reliable)
    path = np.stack([ta, found.at(ta)], 1)
    fit = np.stack([found.lags_s, found.scores], 1)
    return AlignedPair(*names, distances, ta, tb, path, fit, found.reliable)


def _thinned(track: Track) -> tuple[np.ndarray, np.ndarray]:
    step = -(-len(track) // _MOST)
    vectors = np.where(track.seen[:, None], track.vectors, np.nan)
    return vectors[::step], track.begin_s + np.arange(0, len(track), step) / RATE_HZ


def _strip(recordings: Sequence[Recording], found: Sequence[Offset | Performances | None]) -> Any:
    """Moments that all recordings have, told by the clock of the first."""
    first, *others = recordings
    has = [_has(r, _instants(f, first.times)) for r, f in zip(others, found, strict=True)]
    shared = np.all(has, 0)
    ends = first.times[shared] if shared.any() else first.times
    times = np.linspace(ends[0], ends[-1], MOMENTS)
    instants = [times, *(_instants(f, times) for f in found)]
    rows = [
        np.abs(r.times[:, None] - np.nan_to_num(t)).argmin(0)
        for r, t in zip(recordings, instants, strict=True)
    ]
    return strip_figure(
        [r.poses[row] for r, row in zip(recordings, rows, strict=True)],
        [Path(r.name).stem for r in recordings], [f"{t:.2f} s" for t in times],
    )  # fmt: skip


def _instants(found: Offset | Performances | None, times: np.ndarray) -> np.ndarray:
    """When these instants of the first are; without an answer, at the same time."""
    return times if found is None else found.at(times)


def _has(recording: Recording, times: np.ndarray) -> np.ndarray:
    return (times >= recording.times[0]) & (times <= recording.times[-1])
