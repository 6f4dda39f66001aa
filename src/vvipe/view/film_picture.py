"""The pictures of a film: panels side by side, their names above, the time beneath."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

import numpy as np
from PIL import Image, ImageDraw

from vvipe.view.canvas import font
from vvipe.view.palette import INK, LEFT, LINE, PAPER, SOFT_INK


class Panel(Protocol):
    """A part of the film's picture; asked for its pictures in the order of time."""

    name: str
    size: tuple[int, int]

    def picture(self, i: int) -> Image.Image:
        """Of the film's moment i."""
        ...


def film_pictures(
    panels: Sequence[Panel], times_s: np.ndarray
) -> Iterator[tuple[float, np.ndarray]]:
    """Draws every moment: (seconds, (H, W, 3) uint8), sizes even, as video codecs need them.

    Args:
        panels: From left to right, of one height.
        times_s: (N,) seconds, written beneath each picture.
    """
    height = panels[0].size[1]
    unit = max(4, round(height / 45))
    lefts = np.cumsum([unit, *(panel.size[0] + unit for panel in panels)])
    top, foot = 3 * unit, 4 * unit
    width, whole = int(lefts[-1]), top + height + foot
    sheet = Image.new("RGB", (width + width % 2, whole + whole % 2), PAPER)
    pen = ImageDraw.Draw(sheet)
    for panel, left in zip(panels, lefts, strict=False):
        name = _fitting(panel.name, panel.size[0], 2 * unit)
        pen.text((int(left), top / 2), name, SOFT_INK, font(round(1.4 * unit), True), "lm")
    begin, end = float(times_s[0]), float(times_s[-1])
    line = top + height + foot // 2
    bar = int(lefts[0]) + 8 * unit, width - unit
    for i, time_s in enumerate(times_s):
        picture = sheet.copy()
        for panel, left in zip(panels, lefts, strict=False):
            picture.paste(panel.picture(i), (int(left), top))
        pen = ImageDraw.Draw(picture)
        pen.text((unit, line), f"{time_s:.2f} s", INK, font(round(1.6 * unit)), "lm")
        share = (float(time_s) - begin) / max(end - begin, 1e-9)
        thick = max(2, unit // 4)
        pen.line((bar[0], line, bar[1], line), LINE, thick)
        pen.line((bar[0], line, bar[0] + share * (bar[1] - bar[0]), line), LEFT, thick)
        yield float(time_s), np.asarray(picture)


def _fitting(name: str, width: int, size_px: int) -> str:
    letters = max(4, int(width / (0.62 * size_px)))
    return name if len(name) <= letters else f"…{name[1 - letters :]}"
