"""What a table leaves behind: JSON, Markdown, pictures."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from matplotlib.figure import Figure

from vvipe.formats.atomic import write_text
from vvipe.view import save_figure

Row = Mapping[str, Any]


@dataclass(frozen=True)
class Part:
    """Rows of the same columns, under a heading."""

    title: str
    rows: Sequence[Row]


@dataclass(frozen=True)
class Table:
    """What `vvipe robot eval NAME` found.

    Attributes:
        name: As the command says it.
        title: Heading of the page.
        parts: One after the other.
        pictures: Name -> picture.
    """

    name: str
    title: str
    parts: Sequence[Part]
    pictures: Mapping[str, Figure] = field(default_factory=dict)

    def write(self, out: Path, machine: Mapping[str, Any]) -> list[Path]:
        """Writes `NAME.json`, `NAME.md` and the pictures.

        Args:
            out: Folder.
            machine: Date, machine, commit and the like, printed as they are.
        """
        found = {part.title: list(part.rows) for part in self.parts}
        paths = [out / f"{self.name}.json", out / f"{self.name}.md"]
        write_text(paths[0], json.dumps({**machine, "tables": found}, indent=2) + "\n")
        write_text(paths[1], self.markdown(machine))
        return paths + [save_figure(f, out / f"{name}.png") for name, f in self.pictures.items()]

    def markdown(self, machine: Mapping[str, Any]) -> str:
        """The page."""
        lines = [f"# {self.title}", "", " · ".join(f"{k}: {v}" for k, v in machine.items())]
        for part in self.parts:
            lines += ["", f"## {part.title}", "", *markdown_rows(part.rows)]
        lines += ["", *(f"![{name}]({name}.png)" for name in self.pictures)]
        return "\n".join(lines).rstrip() + "\n"


def crossed(rows: Sequence[Row], down: str, across: str) -> list[dict[str, Any]]:
    """Success with its interval, a row for each value of one column, a column for the other's."""
    found: dict[Any, dict[str, Any]] = {}
    for row in rows:
        cell = f"{row['success']:.0f} ({row['success_low']:.0f}–{row['success_high']:.0f})"
        found.setdefault(row[down], {down: row[down]})[row[across]] = cell
    return list(found.values())


def markdown_rows(rows: Sequence[Row]) -> list[str]:
    """A Markdown table; a column that a row has not is empty there, numbers stand right."""
    if not rows:
        return ["nothing measured"]
    columns = list(dict.fromkeys(name for row in rows for name in row))
    numbers = {c: all(_is_number(row.get(c)) for row in rows) for c in columns}
    heads = ["| " + " | ".join(c.replace("_", " ") for c in columns) + " |"]
    heads += ["|" + "|".join("---:" if numbers[c] else "---" for c in columns) + "|"]
    return heads + ["| " + " | ".join(_cell(row.get(c)) for c in columns) + " |" for row in rows]


def _is_number(value: Any) -> bool:
    return value is None or (isinstance(value, int | float) and not isinstance(value, bool))


def _cell(value: Any) -> str:
    return "" if value is None else f"{value:g}" if isinstance(value, float) else str(value)
