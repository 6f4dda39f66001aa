"""Figures as PNG, in memory or in a file that is either whole or not there."""

from __future__ import annotations

import io
import os
from pathlib import Path

from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from vvipe.formats.atomic import replacing

DPI = 160


def png_bytes(fig: Figure, dpi: int = DPI) -> bytes:
    """The figure as PNG; the same figure gives the same bytes."""
    buffer = io.BytesIO()
    FigureCanvasAgg(fig)
    fig.savefig(buffer, format="png", dpi=dpi, metadata={"Software": None})
    return buffer.getvalue()


def save_png(fig: Figure, path: str | os.PathLike[str], dpi: int = DPI) -> Path:
    """Writes the figure as PNG, atomically; missing folders are made.

    Raises:
        VvipeError: The file cannot be written.
    """
    return write_atomically(path, png_bytes(fig, dpi))


def write_atomically(path: str | os.PathLike[str], content: bytes) -> Path:
    """Writes a file that nobody ever sees half-written.

    Raises:
        VvipeError: The file cannot be written.
    """
    with replacing(path) as partial:
        partial.write_bytes(content)
    return Path(path)
