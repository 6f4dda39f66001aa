"""Figures as PNG, PDF or SVG, in memory or in a file that is either whole or not there."""

from __future__ import annotations

import io
import os
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from vvipe.formats.atomic import replacing
from vvipe.view.page import at_width

DPI, PAGE_DPI = 160, 300
# What would tell the day or the machine is left out.
_METADATA: dict[str, dict[str, Any]] = {
    "png": {"Software": None},
    "pdf": {"Creator": None, "Producer": None, "CreationDate": None},
    "svg": {"Creator": None, "Date": None},
}
# Type 42 embeds the letters as a font that can be searched and edited; journals refuse Type 3.
_STYLE: Any = {"pdf.fonttype": 42, "svg.fonttype": "path", "svg.hashsalt": "vvipe"}


def picture_bytes(fig: Figure, kind: str = "png", dpi: int = DPI) -> bytes:
    """The figure as `png`, `pdf` or `svg`; the same figure gives the same bytes."""
    buffer = io.BytesIO()
    FigureCanvasAgg(fig)
    with mpl.rc_context(_STYLE):
        fig.savefig(buffer, format=kind, dpi=dpi, metadata=_METADATA[kind])
    return buffer.getvalue()


def save_figure(
    fig: Figure, path: str | os.PathLike[str], width_mm: float | None = None, dpi: int | None = None
) -> Path:
    """Writes the figure as its suffix says (.png, .pdf, .svg), atomically; folders are made.

    Args:
        fig: Drawn by this package.
        path: Where to.
        width_mm: Of the page's column, see `at_width`; None: as it was drawn.
        dpi: Pixels per inch of PNG, and of what is a picture inside the others; by default 160, or
            300 for a page.

    Raises:
        VvipeError: The file cannot be written.
    """
    if width_mm is not None:
        at_width(fig, width_mm)
    dpi = dpi or (DPI if width_mm is None else PAGE_DPI)
    return write_atomically(path, picture_bytes(fig, Path(path).suffix[1:].lower(), dpi))


def write_atomically(path: str | os.PathLike[str], content: bytes) -> Path:
    """Writes a file that nobody ever sees half-written.

    Raises:
        VvipeError: The file cannot be written.
    """
    with replacing(path) as partial:
        partial.write_bytes(content)
    return Path(path)
