"""Rows of named values as a table of text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any


def table_of(rows: Sequence[Mapping[str, Any]]) -> str:
    """A column a key, numbers to the right; a column without any value is left out."""
    keys = list(dict.fromkeys(k for row in rows for k in row))
    keys = [k for k in keys if any(row.get(k) is not None for row in rows)]
    lines = [keys, *([_cell(row.get(k)) for k in keys] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    text = [any(isinstance(row.get(k), str) for row in rows) for k in keys]
    return "\n".join(
        "  ".join(
            c.ljust(w) if t else c.rjust(w) for c, w, t in zip(line, widths, text, strict=True)
        ).rstrip()
        for line in lines
    )


def _cell(value: Any) -> str:
    if value is None:
        return "–"
    return f"{value:.1f}" if isinstance(value, float) else str(value)
