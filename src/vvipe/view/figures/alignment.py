"""How recordings lie in time: what their frames have in common, and moments side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vvipe.errors import VvipeError
from vvipe.poses import Poses2D, Poses3D
from vvipe.view.charts import in_one_family, shortened, unframed
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
_LETTERS = 14  # of a name, so that two of them stand over a panel


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
        fit: (L, 2) offsets that were tried, seconds, and how well each fits; None where the path is
            not one offset.
        reliable: Whether the answer is.
    """

    a: str
    b: str
    distances: np.ndarray
    times_a: np.ndarray
    times_b: np.ndarray
    path_s: np.ndarray
    fit: np.ndarray | None
    reliable: bool


def alignment_figure(pairs: Sequence[AlignedPair]) -> Figure:
    """Draws for each pair which frames look alike, and the path.

    Beneath stands how well each offset fits, or by how much B is behind A along the path.

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
        a, b = shortened(pair.a, _LETTERS), shortened(pair.b, _LETTERS)
        verdict = "" if pair.reliable else "not reliable"
        matrix.text(
            0.97, 0.97, verdict, transform=matrix.transAxes, ha="right", va="top", size=LABEL_PT,
            color=MISS,
        )  # fmt: skip
        matrix.set_title(f"{a} and {b}", loc="left", size=HEADING_PT, color=INK)
        matrix.set_xlabel(f"{b}, s", size=LABEL_PT, color=SOFT_INK)
        matrix.set_ylabel(f"{a}, s", size=LABEL_PT, color=SOFT_INK)
        if pair.fit is None:
            _draw_delay(curve, pair, colour)
        else:
            _draw_fit(curve, pair.fit, colour)
        curve.grid(color=LINE, lw=0.7)
        unframed(matrix, curve)
    return in_one_family(figure)


def _draw_fit(axes: Axes, fit: np.ndarray, colour: str) -> None:
    fit = fit[np.isfinite(fit[:, 1])]
    axes.plot(*fit.T, color=SOFT_INK, lw=1)
    axes.plot(*fit[fit[:, 1].argmax()], "o", color=colour, ms=5)
    axes.set_xlabel("offset, s", size=LABEL_PT, color=SOFT_INK)
    axes.set_ylabel("fit", size=LABEL_PT, color=SOFT_INK)


def _draw_delay(axes: Axes, pair: AlignedPair, colour: str) -> None:
    axes.plot(pair.path_s[:, 0], pair.path_s[:, 1] - pair.path_s[:, 0], color=colour, lw=1.6)
    axes.set_xlim(*pair.times_a[[0, -1]])
    axes.set_xlabel(f"{shortened(pair.a, _LETTERS)}, s", size=LABEL_PT, color=SOFT_INK)
    axes.set_ylabel("B behind, s", size=LABEL_PT, color=SOFT_INK)


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
        sheet.label(row - 1, 0, shortened(name, 20), FAINT_INK)
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
