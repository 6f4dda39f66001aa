"""A surface of so many pixels on which bodies are drawn again and again, and letters."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache

import numpy as np
from matplotlib import font_manager
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure
from PIL import Image, ImageFont

from vvipe.view.paint import Box
from vvipe.view.sheet import FAMILY

_USUAL_HEIGHT, _DPI = 540, 110  # lines are as thick in proportion at every size


class Canvas:
    """Axes that fill a picture; keeping them draws several times as many frames a second.

    Args:
        size: (width, height) in pixels.
        box: What part of the plane is shown; its shape must be that of the picture.
    """

    def __init__(self, size: tuple[int, int], box: Box) -> None:
        dpi = _DPI * size[1] / _USUAL_HEIGHT
        figure = Figure(figsize=(size[0] / dpi, size[1] / dpi), dpi=dpi, facecolor="none")
        self.size = size
        self._canvas = FigureCanvasAgg(figure)
        self._axes = figure.add_axes((0, 0, 1, 1))
        self._axes.set_axis_off()
        self._axes.set_xlim(box[0], box[2])
        self._axes.set_ylim(box[1], box[3])

    def drawn(self, draw: Callable[[Axes], object], on: Image.Image) -> Image.Image:
        """A picture of what `draw` draws, laid over another of the same size."""
        for artist in [*self._axes.collections, *self._axes.patches, *self._axes.artists]:
            artist.remove()
        draw(self._axes)
        self._canvas.draw()
        layer = Image.fromarray(np.asarray(self._canvas.buffer_rgba()))
        on = on.copy()
        # The last row or column is absent where inches times pixels per inch round down.
        on.paste(layer, (0, 0), layer)
        return on


def grown(box: Box, shape: float, pad: float) -> Box:
    """The smallest box of this width over height around another, with a margin about it."""
    x0, y0, x1, y1 = box
    height = max(y1 - y0, (x1 - x0) / shape, 1e-6) * (1 + 2 * pad)
    x, y = (x0 + x1) / 2, (y0 + y1) / 2
    return x - height * shape / 2, y - height / 2, x + height * shape / 2, y + height / 2


@cache
def font(size_px: int, bold: bool = False) -> ImageFont.FreeTypeFont:
    """The letters of all figures."""
    named = font_manager.FontProperties(family=FAMILY, weight="bold" if bold else "normal")
    return ImageFont.truetype(font_manager.findfont(named), size_px)
