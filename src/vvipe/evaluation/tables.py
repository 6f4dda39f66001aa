"""Results as tables: terminal, plain text, Markdown; several seeds as mean ± deviation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from statistics import fmean, stdev
from typing import TYPE_CHECKING, Any

from vvipe.errors import VvipeError

if TYPE_CHECKING:
    from rich.table import Table

Result = Mapping[str, Any]  # the object of `rows_to_json`

_HEADINGS = {
    "mpjpe_mm": "MPJPE",
    "pa_mpjpe_mm": "PA-MPJPE",
    "n_mpjpe_mm": "N-MPJPE",
    "mpjpe_canonical_mm": "MPJPE canonical",
    "pa_mpjpe_canonical_mm": "PA-MPJPE canonical",
    "pck_150mm": "PCK@150",
    "auc": "AUC",
    "lifted": "lifted %",
    "flipped": "flipped %",
}


@dataclass(frozen=True)
class Statistic:
    """Mean and sample deviation over seeds; `deviation` is None for one seed."""

    mean: float
    deviation: float | None = None

    def __str__(self) -> str:
        tail = "" if self.deviation is None else f" ± {self.deviation:.1f}"
        return f"{self.mean:.1f}{tail}"


def aggregate(results: Sequence[Result]) -> dict[tuple[str, str], dict[str, Statistic]]:
    """(model, views) -> column -> statistic over the results, one result a seed.

    Views of other keypoints than exact ones say so, such as `all, detections`.

    Raises:
        VvipeError: The results are not of one protocol on the same data.
    """
    for key in ("protocol", "data_hash"):
        found = {str(result[key]) for result in results}
        if len(found) > 1:
            raise VvipeError(
                f"results that cannot be averaged: their {key} differs",
                got=", ".join(sorted(found)),
            )
    values: dict[tuple[str, str], dict[str, list[float]]] = {}
    for row in (row for result in results for row in result["rows"]):
        columns = values.setdefault((row["model"], _views(row)), {})
        for column, value in row.items():
            if not isinstance(value, str | None):
                columns.setdefault(column, []).append(value)
    return {
        row: {column: _statistic(numbers) for column, numbers in columns.items()}
        for row, columns in values.items()
    }


def cells(results: Sequence[Result]) -> list[list[str]]:
    """Heading and lines of the table as text; columns without any value are left out."""
    rows = aggregate(results)
    named: list[str] = [c for result in results for row in result["rows"] for c in row]
    columns = [c for c in dict.fromkeys(named) if any(c in values for values in rows.values())]
    head = ["model", "views", *(_HEADINGS.get(c, c.capitalize()) for c in columns)]
    lines = [[*row, *(_cell(values.get(c)) for c in columns)] for row, values in rows.items()]
    return [head, *lines]


def plain_table(results: Sequence[Result]) -> str:
    """Columns padded with spaces, numbers to the right."""
    lines = cells(results)
    widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
    return "\n".join("  ".join(_padded(line, widths)).rstrip() for line in lines)


def markdown_table(results: Sequence[Result]) -> str:
    """A Markdown table."""
    head, *lines = cells(results)
    rule = ["---", "---", *["---:"] * (len(head) - 2)]
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, rule, *lines))


def rich_table(results: Sequence[Result]) -> Table:
    """A table for the terminal, titled with the protocol and the number of seeds."""
    from rich.table import Table

    head, *lines = cells(results)
    seeds = f", {len(results)} seeds, mean ± deviation" if len(results) > 1 else ""
    table = Table(title=f"{results[0]['protocol']}{seeds}" if results else None)
    for i, heading in enumerate(head):
        table.add_column(heading, justify="left" if i < 2 else "right")
    for line in lines:
        table.add_row(*line)
    return table


def _views(row: Mapping[str, Any]) -> str:
    keypoints = row.get("keypoints", "exact")
    return row["views"] if keypoints == "exact" else f"{row['views']}, {keypoints}"


def _statistic(numbers: Sequence[float]) -> Statistic:
    return Statistic(fmean(numbers), stdev(numbers) if len(numbers) > 1 else None)


def _cell(statistic: Statistic | None) -> str:
    return "–" if statistic is None else str(statistic)


def _padded(line: Sequence[str], widths: Sequence[int]) -> list[str]:
    pads = (str.ljust if i < 2 else str.rjust for i in range(len(line)))
    return [pad(text, width) for pad, text, width in zip(pads, line, widths, strict=True)]
