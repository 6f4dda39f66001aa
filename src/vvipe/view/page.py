"""A figure at the width of a page's column: what is drawn shrinks, letters stay readable."""

from __future__ import annotations

from matplotlib.collections import Collection, PathCollection
from matplotlib.figure import Figure
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.text import Text

from vvipe.view.sheet import SheetFigure

MM = 25.4  # in an inch
SMALLEST_PT = 6.0


def at_width(figure: Figure, width_mm: float) -> None:
    """Gives the figure this width and keeps its proportions.

    Args:
        figure: Of this package; letters go no smaller than 6 points, lines get thinner.
        width_mm: Such as 85 for one column, 170 for both.
    """
    scale = width_mm / MM / figure.get_figwidth()
    _thin(figure, scale)
    if isinstance(figure, SheetFigure):
        figure.sheet.set_scale(scale, SMALLEST_PT)
        return
    for text in figure.findobj(Text):
        text.set_fontsize(max(SMALLEST_PT, text.get_fontsize() * scale))
    figure.set_size_inches(width_mm / MM, figure.get_figheight() * scale)


def _thin(figure: Figure, scale: float) -> None:
    for artist in figure.findobj():
        if isinstance(artist, PathCollection):
            artist.set_sizes(artist.get_sizes() * scale**2)
        if isinstance(artist, Collection):
            artist.set_linewidth([width * scale for width in artist.get_linewidths()])
        elif isinstance(artist, Patch):
            artist.set_linewidth(artist.get_linewidth() * scale)
        elif isinstance(artist, Line2D):
            artist.set_linewidth(artist.get_linewidth() * scale)
            artist.set_markersize(artist.get_markersize() * scale)
            artist.set_markeredgewidth(artist.get_markeredgewidth() * scale)
