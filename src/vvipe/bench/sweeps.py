"""Tables that are drawn as lines: what over what, and which rows stand where."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vvipe.bench.entries import LABELS
from vvipe.view.figures import Panel


@dataclass(frozen=True)
class Line:
    """One line.

    Attributes:
        rows: Place -> name of the row.
        keypoints: `exact` or `detections`.
    """

    rows: Mapping[int, str]
    keypoints: str = "exact"


@dataclass(frozen=True)
class Sweep:
    """A picture of a table.

    Attributes:
        lines: What each is called.
        figure: Key of a row that it shows.
        y_label: What that is.
        top: Where its axis ends; None for where the figures do.
        log: Whether places stand by their logarithms.
    """

    lines: Mapping[str, Line]
    figure: str = "hit@1"
    y_label: str = "Hit@1, %"
    top: float | None = 100.0
    log: bool = False


def _both(rows: Mapping[int, str]) -> Sweep:
    return Sweep({"exact keypoints": Line(rows), "detections": Line(rows, "detections")})


def _labelled(name: str, head: str = "") -> Line:
    return Line({x: f"{name}{x}% of the labels{head}" for x in LABELS})


_G, _PLAIN, _LINEAR = "geometry-aware, ", "geometry-aware, without G, ", " (linear)"
_VVIPE = {x: f"vvipe, {x}% of the data" for x in LABELS[:-1]} | {100: "vvipe, short"}
_LABELS = {
    "lifter with G": _labelled(_G),
    "two layers on G": _labelled(_G, _LINEAR),
    "lifter": _labelled(_PLAIN),
    "two layers": _labelled(_PLAIN, _LINEAR),
    "vvipe": Line(_VVIPE),
    "vae-gan (no labels)": Line({x: "vae-gan, short" for x in LABELS}),
}

SWEEPS = {
    "latent": _both(
        {8: "vvipe, 8 dimensions", 16: "vvipe, 16 dimensions", 32: "vvipe, short",
         64: "vvipe, 64 dimensions"}
    ),
    "data": _both({x: _VVIPE[x] for x in (10, 25, 50, 100)}),
    "labels": Sweep(_LABELS, "mpjpe_mm", "MPJPE, mm", None, log=True),
}  # fmt: skip


def sweep_panels(found: Mapping[str, Any], sweep: Sweep, x_label: str) -> list[Panel]:
    """A panel for each protocol that has all rows.

    Args:
        found: What `run_accuracy` returned.
        sweep: What to draw.
        x_label: Of the places.
    """
    panels: list[Panel] = []
    for protocol, results in found["results"].items():
        lines = {name: _values(results, line, sweep.figure) for name, line in sweep.lines.items()}
        if any(not len(values) for values in lines.values()):
            continue
        (places, *_) = (line.rows for line in sweep.lines.values())
        panels.append(Panel(protocol, x_label, lines, list(map(float, places)), sweep.log))
    return panels


def _values(results: Sequence[Mapping[str, Any]], line: Line, figure: str) -> np.ndarray:
    """(S, X) of the seeds that have all rows."""
    seeds = [
        {
            row["model"]: row[figure]
            for row in result["rows"]
            if (row["views"], row["keypoints"]) == ("all", line.keypoints)
        }
        for result in results
    ]
    whole = [rows for rows in seeds if set(line.rows.values()) <= set(rows)]
    return np.array([[rows[name] for name in line.rows.values()] for rows in whole])
