"""Lines of several models over one quantity, panel beside panel."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import NullLocator

from vvipe.errors import VvipeError
from vvipe.view.charts import unframed
from vvipe.view.palette import GROUPS, HEADING_PT, INK, LABEL_PT, LINE, PAPER, SMALL_PT, SOFT_INK

WIDTH, HEIGHT, LEGEND, FAMILY = 3.1, 2.5, 0.45, "DejaVu Sans"
MARKERS = "osD^vPX*"


@dataclass(frozen=True)
class Panel:
    """One panel.

    Attributes:
        title: Heading.
        x_label: What the horizontal axis counts.
        lines: Model -> (S, X) values, a row a seed.
        x: (X,) places.
        log: Whether they stand by their logarithms.
    """

    title: str
    x_label: str
    lines: Mapping[str, np.ndarray]
    x: Sequence[float]
    log: bool = False


def curves_figure(
    panels: Sequence[Panel], y_label: str = "Hit@1, %", zero: bool = True,
    top: float | None = 100.0,
) -> Figure:  # fmt: skip
    """Draws means as lines, and what lies within one deviation over seeds as bands.

    Args:
        panels: From left to right; a model has the same colour and marker in all of them.
        y_label: Of all vertical axes.
        zero: Whether they start at 0, or at the ten below the lowest value.
        top: Where they end; None for the ten above the highest value.

    Raises:
        VvipeError: No panel, or values that do not fit their places.
    """
    if not panels:
        raise VvipeError("no curves to draw")
    names = list(dict.fromkeys(name for panel in panels for name in panel.lines))
    values = [values for panel in panels for values in panel.lines.values()]
    high = max(float(x.max()) for x in values) // 10 * 10 + 10 if top is None else top
    low = 0.0 if zero else min(high - 10.0, min(float(x.min()) for x in values) // 10 * 10)
    size = (WIDTH * len(panels) + 0.3, HEIGHT + LEGEND)
    figure = Figure(figsize=size, facecolor=PAPER, layout="constrained")
    for axes, panel in zip(figure.subplots(1, len(panels), squeeze=False)[0], panels, strict=True):
        _draw(axes, panel, names)
        axes.set_ylim(low, high)
    figure.axes[0].set_ylabel(y_label, size=LABEL_PT, color=SOFT_INK, family=FAMILY)
    handles = {line.get_label(): line for axes in figure.axes for line in axes.get_lines()}
    figure.legend(
        [handles[name] for name in names], names, loc="outside lower center", frameon=False,
        ncols=min(4, len(names)), prop={"family": FAMILY, "size": SMALL_PT},
    )  # fmt: skip
    return figure


def _draw(axes: Axes, panel: Panel, names: Sequence[str]) -> None:
    for name, values in panel.lines.items():
        if values.ndim != 2 or values.shape[1] != len(panel.x):
            raise VvipeError(
                f"values of {name} do not fit", where=panel.title, got=values.shape,
                expected=f"(seeds, {len(panel.x)})",
            )  # fmt: skip
        number = names.index(name)
        colour, marker = GROUPS[number % len(GROUPS)], MARKERS[number % len(MARKERS)]
        faint = min(0.15, 0.6 / len(panel.lines))  # many bands lie over each other
        mean, spread = values.mean(0), values.std(0, ddof=1) if len(values) > 1 else 0.0
        axes.plot(panel.x, mean, color=colour, marker=marker, ms=3.5, lw=1.5, label=name)
        axes.fill_between(panel.x, mean - spread, mean + spread, color=colour, alpha=faint, lw=0)
    if panel.log:
        axes.set_xscale("log")
        axes.xaxis.set_minor_locator(NullLocator())
    axes.set_xticks(list(panel.x), [f"{x:g}" for x in panel.x])
    axes.set_title(panel.title, size=HEADING_PT, color=INK, family=FAMILY, loc="left")
    axes.set_xlabel(panel.x_label, size=LABEL_PT, color=SOFT_INK, family=FAMILY)
    axes.grid(color=LINE, lw=0.7)
    axes.set_axisbelow(True)
    unframed(axes)
