"""A figure at the width of a page's column: what is drawn shrinks, letters stay readable."""

from __future__ import annotations

import numpy as np
from matplotlib.collections import Collection, PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from vvipe.view.palette import LABEL_PT
from vvipe.view.sheet import SheetFigure, points

MM = 25.4  # in an inch
SMALLEST_PT = 6.0


def at_width(figure: Figure, width_mm: float) -> None:
    """Gives the figure this width; proportions stay as far as letters stay readable.

    Args:
        figure: Of this package; letters go no smaller than 6 points, nor larger than they were.
        width_mm: Such as 85 for one column, 170 for both.
    """
    scale = width_mm / MM / figure.get_figwidth()
    smaller = min(scale, 1.0)
    for text in figure.findobj(Text):
        text.set_fontsize(max(SMALLEST_PT, points(text) * smaller))
    _thin(figure, smaller)
    if isinstance(figure, SheetFigure):
        figure.sheet.set_scale(scale, SMALLEST_PT)
    else:
        # A chart is no flatter than its letters allow.
        tall = figure.get_figheight() * max(scale, SMALLEST_PT / LABEL_PT)
        figure.set_size_inches(width_mm / MM, tall)


def _thin(figure: Figure, scale: float) -> None:
    for artist in figure.findobj():
        if isinstance(artist, PathCollection):
            artist.set_sizes(artist.get_sizes() * scale**2)
        if isinstance(artist, Collection):
            artist.set_linewidth((np.asarray(artist.get_linewidth()) * scale).tolist())
        elif isinstance(artist, Patch):
            artist.set_linewidth(artist.get_linewidth() * scale)
        elif isinstance(artist, Line2D):
            artist.set_linewidth(artist.get_linewidth() * scale)
            artist.set_markersize(artist.get_markersize() * scale)
            artist.set_markeredgewidth(artist.get_markeredgewidth() * scale)
