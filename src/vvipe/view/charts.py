"""What charts share: axes without a frame, one family of letters, names that fit."""

from __future__ import annotations

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

from vvipe.view.palette import SMALL_PT, SOFT_INK
from vvipe.view.sheet import FAMILY


def unframed(*charts: Axes) -> None:
    """Takes away the frames and ticks of axes; their numbers stay, small and soft."""
    for axes in charts:
        axes.tick_params(labelsize=SMALL_PT, colors=SOFT_INK, length=0)
        for side in axes.spines.values():
            side.set_visible(False)


def in_one_family(figure: Figure) -> Figure:
    """Sets all text of a figure in the letters that come with matplotlib."""
    for text in figure.findobj(Text):
        text.set_fontfamily(FAMILY)
    return figure


def shortened(name: str, letters: int) -> str:
    """The end of a name, where names differ, with a mark for what was left out."""
    return name if len(name) <= letters else f"…{name[1 - letters :]}"
