"""Where two performances differ: over time, joint by joint, and the worst moments."""

from __future__ import annotations

from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vvipe.evaluation.compare import ANGLES, Differences
from vvipe.skeletons import get_skeleton
from vvipe.view.charts import in_one_family, shortened, unframed
from vvipe.view.draw import draw_pose_3d, fit
from vvipe.view.paint import Box
from vvipe.view.palette import (
    HEADING_PT,
    INK,
    LABEL_PT,
    LINE,
    MISS,
    PAPER,
    SOFT_INK,
)
from vvipe.view.sheet import union

WORST, WIDTH = 5, 8.5
_H36M17 = get_skeleton("h36m17")
_LETTERS = 24  # of a name, so that two of them stand over the figure
_BESIDE: dict[str, Any] = {
    "ha": "right", "va": "center", "rotation": 90, "size": LABEL_PT, "color": SOFT_INK,
}  # fmt: skip


def comparison_figure(
    found: Differences, time_s: np.ndarray | None, a: str, b: str, worst: int = WORST
) -> Figure:
    """Draws the distance and the angles over time, and the bodies of the worst moments.

    Args:
        found: The pairs of frames.
        time_s: (N,) times of the pairs; None counts them.
        a: Name of A, drawn above.
        b: Name of B, drawn beneath.
        worst: How many moments to draw.
    """
    moments = _moments(found, worst)
    figure = Figure(figsize=(WIDTH, 8.0), facecolor=PAPER, layout="constrained")
    places = figure.add_gridspec(4, max(1, len(moments)), height_ratios=(1, 1.7, 1.5, 1.5))
    distance = figure.add_subplot(places[0, :])
    angles = figure.add_subplot(places[1, :], sharex=distance)
    grid = [
        [figure.add_subplot(places[2 + row, column]) for column in range(len(moments))]
        for row in (0, 1)
    ]
    x = np.arange(len(found.distance)) if time_s is None else time_s
    distance.plot(x, found.distance, color=SOFT_INK, lw=1.4)
    for i in moments:
        distance.axvline(x[i], color=MISS, lw=1, ls=":")
    distance.set_ylabel("distance", size=LABEL_PT, color=SOFT_INK)
    distance.set_ylim(bottom=0)
    distance.grid(color=LINE, lw=0.7)
    distance.set_title(
        f"{shortened(b, _LETTERS)} against {shortened(a, _LETTERS)}",
        loc="left",
        size=HEADING_PT,
        color=INK,
    )
    shown = np.nan_to_num(np.abs(found.deg), nan=0.0).T
    edges = np.r_[x, 2 * x[-1] - x[-2]] if len(x) > 1 else np.array([0, 1])
    image = angles.pcolormesh(
        edges, np.arange(len(ANGLES) + 1), shown, cmap="Reds", vmin=0, rasterized=True
    )
    angles.set_yticks(np.arange(len(ANGLES)) + 0.5, [name.replace("_", " ") for name in ANGLES])
    angles.invert_yaxis()
    angles.set_xlabel("pairs" if time_s is None else "s", size=LABEL_PT, color=SOFT_INK)
    bar = figure.colorbar(image, ax=angles, pad=0.01, aspect=14)
    bar.ax.set_title("°", size=LABEL_PT, color=SOFT_INK)
    drawn: list[tuple[Axes, Box | None]] = []
    for column, i in enumerate(moments):
        for row, body in enumerate((found.bodies_a[i], found.bodies_b[i])):
            axes = grid[row][column]
            drawn.append((axes, draw_pose_3d(axes, body, _H36M17, "canonical")))
        grid[0][column].set_title(
            f"{x[i]:.2f} s" if time_s is not None else f"frame {found.frame_a[i]}",
            size=LABEL_PT, color=SOFT_INK,
        )  # fmt: skip
    shared = union([box for _, box in drawn])
    for axes, box in drawn:
        axes.set_axis_off()
        if box and shared:
            shape = (shared[2] - shared[0]) / (shared[3] - shared[1])
            fit(axes, shared, min(1.0, shape), pad=0.04)
            axes.set_aspect("equal")
    for name, row in zip((a, b), grid, strict=True):
        for axes in row[:1]:
            axes.text(0, 0.5, shortened(name, _LETTERS // 2), transform=axes.transAxes, **_BESIDE)
    unframed(distance, angles, bar.ax)
    return in_one_family(figure)


def _moments(found: Differences, count: int) -> list[int]:
    """The worst moments in the order of time, not all from the same second."""
    apart = max(1, len(found.distance) // (3 * count))
    picked: list[int] = []
    for i in found.worst(len(found.distance)):
        if len(picked) < count and all(abs(i - j) >= apart for j in picked):
            picked.append(i)
    return sorted(picked)
