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
_BESIDE: dict[str, Any] = {"ha": "right", "size": LABEL_PT, "color": SOFT_INK}


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
    figure = Figure(figsize=(WIDTH, 8.0), facecolor=PAPER)
    edge = {"left": 0.14, "right": 0.9}
    charts = figure.add_gridspec(2, 1, height_ratios=(1, 1.7), top=0.95, bottom=0.5, **edge)
    distance = figure.add_subplot(charts[0])
    angles = figure.add_subplot(charts[1], sharex=distance)
    scale = figure.add_axes((0.92, 0.5, 0.012, 0.27))
    bodies = figure.add_gridspec(
        2, len(moments), top=0.41, bottom=0.02, wspace=0.02, hspace=0.02, **edge
    )
    grid = [
        [figure.add_subplot(bodies[row, column]) for column in range(len(moments))]
        for row in (0, 1)
    ]
    x = np.arange(len(found.distance)) if time_s is None else time_s
    distance.plot(x, found.distance, color=SOFT_INK, lw=1.4)
    for i in moments:
        distance.axvline(x[i], color=MISS, lw=1, ls=":")
    distance.set_ylabel("distance", size=LABEL_PT, color=SOFT_INK)
    distance.set_ylim(bottom=0)
    distance.grid(color=LINE, lw=0.7)
    distance.set_title(f"{b} against {a}", loc="left", size=HEADING_PT, color=INK)
    shown = np.nan_to_num(np.abs(found.deg), nan=0.0).T
    edges = np.r_[x, 2 * x[-1] - x[-2]] if len(x) > 1 else np.array([0, 1])
    image = angles.pcolormesh(edges, np.arange(len(ANGLES) + 1), shown, cmap="Reds", vmin=0)
    angles.set_yticks(np.arange(len(ANGLES)) + 0.5, [name.replace("_", " ") for name in ANGLES])
    angles.invert_yaxis()
    angles.set_xlabel("pairs" if time_s is None else "s", size=LABEL_PT, color=SOFT_INK)
    figure.colorbar(image, cax=scale)
    scale.set_title("°", size=LABEL_PT, color=SOFT_INK)
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
            fit(axes, shared, 1.0)
            axes.set_aspect("equal")
    for row, name in enumerate((a, b)):
        figure.text(0.13, 0.31 - 0.2 * row, shortened(name, 14), **_BESIDE)
    unframed(distance, angles, scale)
    return in_one_family(figure)


def _moments(found: Differences, count: int) -> list[int]:
    """The worst moments in the order of time, not all from the same second."""
    apart = max(1, len(found.distance) // (3 * count))
    picked: list[int] = []
    for i in found.worst(len(found.distance)):
        if len(picked) < count and all(abs(i - j) >= apart for j in picked):
            picked.append(i)
    return sorted(picked)
