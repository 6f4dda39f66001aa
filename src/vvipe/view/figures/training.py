"""How the parts of the loss went in one or several trainings, a panel each."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from math import ceil
from typing import Any

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from vvipe.errors import VvipeError
from vvipe.view.charts import in_one_family, shortened, unframed
from vvipe.view.palette import GROUPS, HEADING_PT, INK, LABEL_PT, LINE, PAPER, SMALL_PT, SOFT_INK

WIDTH, HEIGHT, COLUMNS, LEGEND = 2.6, 1.9, 4, 0.4
STEEP = 20.0  # highest over lowest: from here on lines are told apart on a logarithmic axis alone
LETTERS = 40  # of a run's name

Lines = Sequence[Mapping[str, Any]]  # as `training.loss_history.read_losses` gives them


def training_figure(runs: Mapping[str, Lines], parts: Sequence[str] = ()) -> Figure:
    """Draws every part of the loss of every stage over the steps of that stage.

    Args:
        runs: Name -> lines, each with `stage`, `step` and `losses`; a run has the same colour in
            all panels.
        parts: Which parts; by default all.

    Raises:
        VvipeError: No lines, or no run has one of the parts.
    """
    panels = {panel: None for lines in runs.values() for panel in _panels(lines)}
    known = list(dict.fromkeys(part for _, part in panels))
    if not known:
        raise VvipeError("no losses to draw", where=", ".join(runs))
    for part in parts:
        if part not in known:
            raise VvipeError(f"no part of a loss is called {part!r}", expected=", ".join(known))
    drawn = [panel for panel in panels if panel[1] in (parts or known)]
    columns = min(COLUMNS, len(drawn))
    rows = ceil(len(drawn) / columns)
    legend = LEGEND * (len(runs) > 1)
    size = (WIDTH * columns + 0.3, HEIGHT * rows + legend)
    figure = Figure(figsize=size, facecolor=PAPER, layout="constrained")
    for panel, axes in zip(drawn, figure.subplots(rows, columns, squeeze=False).flat, strict=False):
        _draw(axes, panel, runs)
    for axes in figure.axes[len(drawn) :]:
        axes.remove()
    if legend:
        handles = {line.get_label(): line for axes in figure.axes for line in axes.get_lines()}
        figure.legend(
            list(handles.values()), [shortened(str(name), LETTERS) for name in handles],
            loc="outside lower center", frameon=False, ncols=min(4, len(runs)),
            fontsize=SMALL_PT, labelcolor=INK,
        )  # fmt: skip
    return in_one_family(figure)


def _panels(lines: Lines) -> Iterator[tuple[str, str]]:
    """Stage and part of each panel, in the order in which they come."""
    for line in lines:
        for part in line["losses"]:
            yield line["stage"], part


def _draw(axes: Axes, panel: tuple[str, str], runs: Mapping[str, Lines]) -> None:
    stage, part = panel
    for number, (name, lines) in enumerate(runs.items()):
        points = [
            (line["step"], line["losses"][part])
            for line in lines
            if line["stage"] == stage and part in line["losses"]
        ]
        if points:
            step, value = np.array(points, float).T
            colour, mark = GROUPS[number % len(GROUPS)], "." if len(points) == 1 else ""
            axes.plot(step, value, color=colour, lw=1.5, marker=mark, label=name)
    values = np.concatenate([np.asarray(line.get_ydata(), float) for line in axes.get_lines()])
    if values.min() > 0 and values.max() > STEEP * values.min():
        axes.set_yscale("log")
        axes.minorticks_off()
    axes.set_xlim(left=0)
    axes.set_title(f"{stage}: {part}", size=HEADING_PT, color=INK, loc="left")
    axes.set_xlabel("step", size=LABEL_PT, color=SOFT_INK)
    axes.grid(color=LINE, lw=0.7)
    axes.set_axisbelow(True)
    unframed(axes)
