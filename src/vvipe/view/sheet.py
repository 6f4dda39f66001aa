"""A figure laid out as a table of panels, measured in inches."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch

from vvipe.view.draw import fit
from vvipe.view.paint import Box
from vvipe.view.palette import (
    FAINT_INK,
    HEADING_PT,
    INK,
    LABEL_PT,
    PANEL,
    PAPER,
    SMALL_PT,
    SOFT_INK,
    TITLE_PT,
)

MARGIN, TITLE_HEIGHT, SUBTITLE_HEIGHT = 0.3, 0.36, 0.27
FAMILY = "DejaVu Sans"  # comes with matplotlib: the same picture on every machine


class Sheet:
    """Rows and columns of panels under a title.

    Args:
        widths: Widths of the columns, inches; `heights` likewise of the rows.
        gap: Inches between panels, horizontally and vertically.
        title: In one line; wrapped nowhere.
        subtitle: Smaller, beneath it.
    """

    def __init__(
        self,
        widths: Sequence[float],
        heights: Sequence[float],
        gap: tuple[float, float] = (0.12, 0.08),
        title: str | None = None,
        subtitle: str | None = None,
    ) -> None:
        head = TITLE_HEIGHT * bool(title) + SUBTITLE_HEIGHT * bool(subtitle)
        head += 0.12 * bool(head)
        self.widths, self.heights = list(widths), list(heights)
        self._lefts = MARGIN + _starts(widths, gap[0])
        self._tops = MARGIN + head + _starts(heights, gap[1])
        self.width = float(self._lefts[-1]) - gap[0] + MARGIN
        self.height = float(self._tops[-1]) - gap[1] + MARGIN
        self.figure = Figure(figsize=(self.width, self.height), facecolor=PAPER)
        if title:
            self._write(MARGIN, MARGIN + 0.12, title, TITLE_PT, INK, "left", "bold")
        if subtitle:
            top = MARGIN + TITLE_HEIGHT * bool(title) + 0.1
            self._write(MARGIN, top, subtitle, LABEL_PT + 0.5, SOFT_INK, "left")

    def panel(
        self,
        row: int,
        column: int,
        edge: str | None = None,
        fill: str | None = None,
        columns: int = 1,
    ) -> Axes:
        """Empty axes that fill a cell; with `edge` or `fill` a rounded frame is drawn behind."""
        width = self.span(column, columns)
        left, height = float(self._lefts[column]), self.heights[row]
        bottom = self.height - float(self._tops[row]) - height
        place = (left / self.width, bottom / self.height, width / self.width, height / self.height)
        ax = self.figure.add_axes(place)
        ax.set_axis_off()
        if edge or fill:
            self._draw_frame((left, bottom), width, height, edge, fill or PANEL)
        return ax

    def span(self, column: int, columns: int = 1) -> float:
        """Width of neighbouring cells together, inches."""
        last = column + columns - 1
        return float(self._lefts[last] - self._lefts[column]) + self.widths[last]

    def shape(self, row: int, column: int, columns: int = 1) -> float:
        """Width over height of a cell."""
        return self.span(column, columns) / self.heights[row]

    def fit(self, ax: Axes, row: int, column: int, box: Box | None, pad: float = 0.08) -> None:
        """`fit` for the axes of a cell; an empty panel says so."""
        if box is None:
            ax.text(
                0.5, 0.5, "no joints", color=FAINT_INK, size=LABEL_PT, family=FAMILY,
                ha="center", va="center", transform=ax.transAxes,
            )  # fmt: skip
        else:
            fit(ax, box, self.shape(row, column), pad)

    def heading(self, row: int, column: int, text: str, colour: str = SOFT_INK) -> None:
        """Text in the middle of a cell, in the size of column headings."""
        self._write(*self._middle(row, column), text, HEADING_PT, colour, "center", "bold")

    def label(
        self,
        row: int,
        column: int,
        text: str,
        colour: str = SOFT_INK,
        weight: str = "normal",
        columns: int = 1,
    ) -> None:
        """Text in the middle of one or more cells, in the size of captions."""
        self._write(*self._middle(row, column, columns), text, LABEL_PT, colour, "center", weight)

    def badge(self, row: int, column: int, text: str, colour: str) -> None:
        """A short text in a coloured ring, in the middle of a cell."""
        x, y = self._middle(row, column)
        ring = Circle(
            (x, self.height - y), 0.11, facecolor=PAPER, edgecolor=colour, linewidth=2.4,
            transform=self.figure.dpi_scale_trans,
        )  # fmt: skip
        self.figure.add_artist(ring)
        self._write(x, y, text, SMALL_PT, INK, "center", "bold")

    def _middle(self, row: int, column: int, columns: int = 1) -> tuple[float, float]:
        x = float(self._lefts[column]) + self.span(column, columns) / 2
        return x, float(self._tops[row]) + self.heights[row] / 2

    def _write(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        colour: str,
        ha: str = "center",
        weight: str = "normal",
    ) -> None:
        self.figure.text(
            x, self.height - y, text, size=size, color=colour, ha=ha, va="center", weight=weight,
            parse_math=False, transform=self.figure.dpi_scale_trans, family=FAMILY,
        )  # fmt: skip

    def _draw_frame(
        self, corner: tuple[float, float], width: float, height: float, edge: str | None, fill: str
    ) -> None:
        frame = FancyBboxPatch(
            corner, width, height, boxstyle="round,pad=0,rounding_size=0.1",
            facecolor=fill, edgecolor=edge or "none", linewidth=2.0 if edge else 0,
            transform=self.figure.dpi_scale_trans, zorder=-1,
        )  # fmt: skip
        self.figure.add_artist(frame)


def _starts(sizes: Sequence[float], gap: float) -> np.ndarray:
    return np.cumsum([0.0, *sizes]) + gap * np.arange(len(sizes) + 1)


def union(boxes: Sequence[Box | None]) -> Box | None:
    """The box around boxes; None if there is none."""
    seen = np.array([b for b in boxes if b is not None])
    if not seen.size:
        return None
    (x0, y0), (x1, y1) = seen[:, :2].min(axis=0), seen[:, 2:].max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)
