"""A figure laid out as a table of panels, measured in inches."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from matplotlib.patches import Circle, FancyBboxPatch
from matplotlib.text import Text

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
LINE_HEIGHT = 1.3 / 72  # inches, for each point of the letters' size


class SheetFigure(Figure):
    """A figure that knows the sheet it is laid out by."""

    sheet: Sheet


@dataclass(frozen=True)
class _Written:
    text: Text
    row: int
    column: int
    columns: int
    size_pt: float


class Sheet:
    """Rows and columns of panels under a title.

    Args:
        widths: Widths of the columns, inches; `heights` likewise of the rows.
        gap: Inches between panels, horizontally and vertically.
        title: In one line; wrapped only where `set_scale` makes the sheet narrow.
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
        self.widths, self.heights = np.array(widths, float), np.array(heights, float)
        self._gap, self._margin = np.array(gap), MARGIN
        # Title and subtitle are the rows -2 and -1, which lie close above the others.
        self._head = np.array([TITLE_HEIGHT * bool(title), SUBTITLE_HEIGHT * bool(subtitle)])
        self._below_head = 0.12 * bool(title or subtitle)
        self._written: list[_Written] = []
        self._placers: list[Callable[[], None]] = []
        self._lay_out()
        self.figure = SheetFigure(figsize=(self.width, self.height), facecolor=PAPER)
        self.figure.sheet = self
        every = len(self.widths)
        if title:
            self._write(-2, 0, every, title, TITLE_PT, INK, "bold")
        if subtitle:
            self._write(-1, 0, every, subtitle, LABEL_PT + 0.5, SOFT_INK)

    def _lay_out(self) -> None:
        self._lefts = self._margin + _starts(self.widths, self._gap[0])
        head = self._margin + _starts(self._head, 0.0)
        self._tops = head[-1] + self._below_head + _starts(self.heights, self._gap[1])
        self._head_tops = head[:-1]
        self.width = float(self._lefts[-1] - self._gap[0] + self._margin)
        self.height = float(self._tops[-1] - self._gap[1] + self._margin)

    def set_scale(self, scale: float, smallest_pt: float) -> None:
        """Makes the sheet smaller or larger; letters no smaller than `smallest_pt`, none larger.

        What then is wider than its cells is broken in two lines, and its row grows.
        """
        self.widths *= scale
        self.heights *= scale
        self._head *= scale
        self._gap = self._gap * scale
        self._margin, self._below_head = self._margin * scale, self._below_head * scale
        for w in self._written:
            size_pt = max(smallest_pt, w.size_pt * min(scale, 1.0))
            w.text.set_fontsize(size_pt)
            lines = _broken(w.text, self.span(w.column, w.columns))
            rows, row = (self.heights, w.row) if w.row >= 0 else (self._head, w.row)
            rows[row] = max(rows[row], lines * size_pt * LINE_HEIGHT)
        self._lay_out()
        self.figure.set_size_inches(self.width, self.height)
        for place in self._placers:
            place()

    def panel(
        self,
        row: int,
        column: int,
        edge: str | None = None,
        fill: str | None = None,
        columns: int = 1,
    ) -> Axes:
        """Empty axes that fill a cell; with `edge` or `fill` a rounded frame is drawn behind."""
        axes = self.figure.add_axes((0, 0, 1, 1))
        axes.set_axis_off()
        frame = FancyBboxPatch(
            (0, 0), 1, 1, boxstyle="round,pad=0,rounding_size=0.1",
            facecolor=fill or PANEL, edgecolor=edge or "none", linewidth=2.0 if edge else 0,
            transform=self.figure.dpi_scale_trans, zorder=-1,
        )  # fmt: skip
        if edge or fill:
            self.figure.add_artist(frame)

        def place() -> None:
            width, height = self.span(column, columns), float(self.heights[row])
            left = float(self._lefts[column])
            bottom = self.height - float(self._tops[row]) - height
            frame.set_bounds(left, bottom, width, height)
            whole = self.width, self.height
            axes.set_position(
                (left / whole[0], bottom / whole[1], width / whole[0], height / whole[1])
            )

        self._add(place)
        return axes

    def _add(self, place: Callable[[], None]) -> None:
        place()
        self._placers.append(place)

    def span(self, column: int, columns: int = 1) -> float:
        """Width of neighbouring cells together, inches."""
        last = column + columns - 1
        return float(self._lefts[last] - self._lefts[column] + self.widths[last])

    def shape(self, row: int, column: int, columns: int = 1) -> float:
        """Width over height of a cell."""
        return self.span(column, columns) / float(self.heights[row])

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
        self._write(row, column, 1, text, HEADING_PT, colour, "bold")

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
        self._write(row, column, columns, text, LABEL_PT, colour, weight)

    def badge(self, row: int, column: int, text: str, colour: str) -> None:
        """A short text in a coloured ring, in the middle of a cell."""
        ring = Circle(
            (0, 0), facecolor=PAPER, edgecolor=colour, linewidth=2.4,
            transform=self.figure.dpi_scale_trans,
        )  # fmt: skip
        self.figure.add_artist(ring)
        letter = self._write(row, column, 1, text, SMALL_PT, INK, "bold")

        def place() -> None:
            ring.set_center(letter.get_position())
            ring.set_radius(0.99 * points(letter) / 72)

        self._add(place)

    def _write(
        self, row: int, column: int, columns: int, content: str, size_pt: float, colour: str,
        weight: str = "normal",
    ) -> Text:  # fmt: skip
        ha = "left" if row < 0 else "center"
        text = self.figure.text(
            0, 0, content, size=size_pt, color=colour, ha=ha, va="center", weight=weight,
            parse_math=False, transform=self.figure.dpi_scale_trans, family=FAMILY,
        )  # fmt: skip
        self._written.append(_Written(text, row, column, columns, size_pt))

        def place() -> None:
            if row < 0:
                x, y = self._margin, self._head_tops[row] + self._head[row] / 2
            else:
                x = float(self._lefts[column]) + self.span(column, columns) / 2
                y = self._tops[row] + self.heights[row] / 2
            text.set_position((float(x), self.height - float(y)))

        self._add(place)
        return text


def points(text: Text) -> float:
    """Size of the letters."""
    return float(text.get_fontsize())


def _broken(text: Text, width: float) -> int:
    """Breaks a text that is wider than so many inches at the blank nearest its middle."""
    content = text.get_text()
    renderer = FigureCanvasAgg(Figure()).get_renderer()
    whole = Text(0, 0, content, figure=Figure(), fontproperties=text.get_fontproperties())
    blanks = [i for i, letter in enumerate(content) if letter == " "]
    if not blanks or whole.get_window_extent(renderer).width / renderer.dpi <= width:
        return 1
    at = min(blanks, key=lambda i: abs(i - len(content) / 2))
    text.set_text(f"{content[:at].rstrip()}\n{content[at:].lstrip()}")
    return 2


def _starts(sizes: np.ndarray, gap: float) -> np.ndarray:
    return np.cumsum([0.0, *sizes]) + gap * np.arange(len(sizes) + 1)


def union(boxes: Sequence[Box | None]) -> Box | None:
    """The box around boxes; None if there is none."""
    seen = np.array([b for b in boxes if b is not None])
    if not seen.size:
        return None
    (x0, y0), (x1, y1) = seen[:, :2].min(axis=0), seen[:, 2:].max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)
