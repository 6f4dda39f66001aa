"""How recordings lie in time: what their frames have in common, and moments side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.figure import Figure

from vvipe.errors import VvipeError
from vvipe.poses import Poses2D, Poses3D
from vvipe.view.charts import in_one_family, unframed
from vvipe.view.draw import draw_pose_2d, draw_pose_3d
from vvipe.view.palette import (
    FAINT_INK,
    HEADING_PT,
    INK,
    LABEL_PT,
    LINE,
    MISS,
    PANEL,
    PAPER,
    RIGHT,
    SOFT_INK,
)
from vvipe.view.sheet import Sheet

SIDE, CURVE, GAP = 3.0, 1.1, 0.5
WIDTH, HEIGHT, TEXT = 1.35, 1.7, 0.24


@dataclass(frozen=True)
class AlignedPair:
    """Two recordings laid over each other.

    Attributes:
        a: Name of the one.
        b: Name of the other.
        distances: (N, M) of their frames, at even times.
        times_a: (N,) seconds.
        times_b: (M,) seconds.
        path_s: (P, 2) instants of A and of B that belong together.
        lags_s: (L,) offsets that were tried; none for a path that is not one offset.
        scores: (L,) how well they fit.
        reliable: Whether the answer is.
    """

    a: str
    b: str
    distances: np.ndarray
    times_a: np.ndarray
    times_b: np.ndarray
    path_s: np.ndarray
    lags_s: np.ndarray
    scores: np.ndarray
    reliable: bool


def alignment_figure(pairs: Sequence[AlignedPair]) -> Figure:
    """Draws for each pair which frames look alike, the path, and how well each offset fits.

    Args:
        pairs: From left to right.

    Raises:
        VvipeError: No pair.
    """
    if not pairs:
        raise VvipeError("no pair of recordings to draw")
    rows = (SIDE, CURVE)
    figure = Figure(
        figsize=(len(pairs) * (SIDE + GAP), sum(rows) + 1.2), facecolor=PAPER, layout="constrained"
    )
    grid = figure.subplots(2, len(pairs), squeeze=False, height_ratios=rows)
    for (matrix, curve), pair in zip(grid.T, pairs, strict=True):
        ends = (*pair.times_b[[0, -1]], *pair.times_a[[0, -1]])
        matrix.imshow(
            pair.distances, cmap="Blues_r", origin="lower", extent=ends, aspect="auto",
            interpolation="nearest",
        )  # fmt: skip
        colour = RIGHT if pair.reliable else MISS
        style = "-" if pair.reliable else "--"
        matrix.plot(pair.path_s[:, 1], pair.path_s[:, 0], color=colour, lw=1.6, ls=style)
        matrix.set_xlim(*ends[:2])
        matrix.set_ylim(*ends[2:])
        verdict = "" if pair.reliable else "  (not reliable)"
        matrix.set_title(f"{pair.a} and {pair.b}{verdict}", loc="left", size=HEADING_PT, color=INK)
        matrix.set_xlabel(f"{pair.b}, s", size=LABEL_PT, color=SOFT_INK)
        matrix.set_ylabel(f"{pair.a}, s", size=LABEL_PT, color=SOFT_INK)
        fits = np.isfinite(pair.scores)
        if fits.any():
            curve.plot(pair.lags_s[fits], pair.scores[fits], color=SOFT_INK, lw=1)
            best = int(np.where(fits, pair.scores, -np.inf).argmax())
            curve.plot(pair.lags_s[best], pair.scores[best], "o", color=colour, ms=5)
        curve.set_xlabel("offset, s", size=LABEL_PT, color=SOFT_INK)
        curve.set_ylabel("fit", size=LABEL_PT, color=SOFT_INK)
        curve.grid(color=LINE, lw=0.7)
        unframed(matrix, curve)
    return in_one_family(figure)


def strip_figure(
    recordings: Sequence[Poses2D | Poses3D], names: Sequence[str], moments: Sequence[str],
    title: str | None = "The same moments",
) -> Figure:  # fmt: skip
    """Draws recordings beneath each other, a column a moment.

    Args:
        recordings: Each with a pose a moment, NaN where nobody was seen.
        names: Of the recordings.
        moments: What each column is called.
        title: Heading of the figure; None: none.

    Raises:
        VvipeError: A recording has not a pose a moment.
    """
    for poses, name in zip(recordings, names, strict=True):
        if len(poses) != len(moments):
            raise VvipeError(
                "not a pose for each moment", where=name, expected=len(moments), got=len(poses)
            )
    sheet = Sheet(
        [WIDTH] * len(moments), [TEXT, *[TEXT, HEIGHT] * len(recordings)], (0.1, 0.03), title
    )
    for column, moment in enumerate(moments):
        sheet.label(0, column, moment, SOFT_INK)
    for i, (poses, name) in enumerate(zip(recordings, names, strict=True)):
        row = 2 + 2 * i
        sheet.label(row - 1, 0, name, FAINT_INK)
        for column in range(len(moments)):
            axes = sheet.panel(row, column, fill=PANEL)
            if isinstance(poses, Poses2D):
                box = draw_pose_2d(axes, poses.coords[column], poses.skeleton)
            else:
                box = draw_pose_3d(
                    axes, poses.positions[column], poses.skeleton, poses.frame_of_reference
                )
            sheet.fit(axes, row, column, box, pad=0.12)
    return sheet.figure
