"""What `vvipe bench accuracy` leaves behind: one JSON, one Markdown page, and pictures."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from vvipe.bench.entries import TABLES
from vvipe.bench.sweeps import SWEEPS, sweep_panels
from vvipe.evaluation.tables import aggregate, markdown_table
from vvipe.formats.atomic import write_text
from vvipe.view import save_figure
from vvipe.view.figures import Panel, curves_figure

X_LABELS = {
    "query": "joints missing in the query",
    "missing": "joints missing in both views",
    "noise": "noise, of the pose's size",
    "azimuth": "azimuth between cameras, °",
    "elevation": "elevation between cameras, °",
    "latent": "dimensions of the embedding",
    "data": "share of the training clips, %",
    "labels": "share of the clips with 3D labels, %",
}


def write_report(found: Mapping[str, Any], machine: Mapping[str, Any], out: Path) -> list[Path]:
    """Writes `accuracy.json`, `accuracy.md`, `curves-PROTOCOL.png` and `sweep-TABLE.png`.

    Args:
        found: What `run_accuracy` returned.
        machine: Date, machine, commit and the like, printed as they are.
        out: Folder.
    """
    tables = {
        protocol: [
            {"model": model, "views": views}
            | {k: {"mean": round(v.mean, 3), "deviation": v.deviation} for k, v in row.items()}
            for (model, views), row in aggregate(results).items()
        ]
        for protocol, results in found["results"].items()
    }
    paths = [out / "accuracy.json", out / "accuracy.md"]
    write_text(paths[0], json.dumps({**machine, "tables": tables, **found}, indent=2) + "\n")
    panels = {("methods", f"curves-{p}"): _panels(curves) for p, curves in found["curves"].items()}
    panels |= {
        (table, f"sweep-{table}"): sweep_panels(found, sweep, X_LABELS[table])
        for table, sweep in SWEEPS.items()
    }
    drawn = {key: figure for key, figure in panels.items() if figure}
    write_text(paths[1], markdown(found, machine, drawn))
    for (table, name), figure in drawn.items():
        sweep = SWEEPS.get(table)
        as_drawn = (
            curves_figure(figure, sweep.y_label, zero=False, top=sweep.top)
            if sweep
            else curves_figure(figure)
        )
        paths.append(save_figure(as_drawn, out / f"{name}.png"))
    return paths


def markdown(
    found: Mapping[str, Any], machine: Mapping[str, Any], pictures: Iterable[tuple[str, str]] = ()
) -> str:
    """The page: when and where; for each table its trainings, a part a protocol, and pictures.

    Args:
        found: As for `write_report`.
        machine: As for `write_report`.
        pictures: Table, and name of the file without its ending.
    """
    lines = ["# Accuracy", "", " · ".join(f"{key}: {value}" for key, value in machine.items())]
    for table, title in TABLES.items():
        trainings = [t for t in found["trainings"] if table in t["tables"]]
        entries = {t["model"] for t in trainings} | ({None} if table == "methods" else set())
        if not trainings:
            continue
        lines += ["", f"## {title}", "", *_trainings(trainings)]
        for protocol, results in found["results"].items():
            part = [r | {"rows": _of(r["rows"], entries)} for r in results]
            if not any(r["rows"] for r in part):
                continue
            about = f"`{protocol}`, data {results[0]['data_hash'][:12]}:"
            lines += ["", about, "", markdown_table([r for r in part if r["rows"]])]
        lines += ["", *(f"![{name}]({name}.png)" for place, name in pictures if place == table)]
    return "\n".join(lines) + "\n"


def _of(rows: Sequence[Mapping[str, Any]], entries: Set[str | None]) -> list[Mapping[str, Any]]:
    return [row for row in rows if row.get("entry") in entries]


def _trainings(trainings: Sequence[Mapping[str, Any]]) -> list[str]:
    by_model: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for training in trainings:
        by_model[training["model"]].append(training)
    lines = ["| model | seeds | training, min | poses seen, M |", "|---|---:|---:|---:|"]
    failed = [t for t in trainings if "failed" in t]
    for model, every in by_model.items():
        runs = [run for run in every if "failed" not in run]
        if not runs:
            lines.append(f"| {model} | 0 of {len(every)} | – | – |")
            continue
        seeds = str(len(runs)) if len(runs) == len(every) else f"{len(runs)} of {len(every)}"
        minutes = fmean(run["seconds"] for run in runs) / 60
        millions = runs[0]["poses_seen"] / 1e6
        lines.append(f"| {model} | {seeds} | {minutes:.1f} | {millions:.2f} |")
    said = [f"- {t['model']}, seed {t['seed']}: {t['failed']}" for t in failed]
    return [*lines, "", *said] if said else lines


def _panels(curves: Sequence[Mapping[str, Any]]) -> list[Panel]:
    """A panel for each quantity, the curves of a model's seeds joined."""
    by_what: defaultdict[str, defaultdict[str, list[list[float]]]]
    by_what = defaultdict(lambda: defaultdict(list))
    places: dict[str, list[float]] = {}
    for curve in curves:
        by_what[curve["what"]][curve["model"]].append(curve["hit@1"])
        places[curve["what"]] = curve["x"]
    return [
        Panel(what, X_LABELS[what], {m: np.array(v) for m, v in lines.items()}, places[what])
        for what, lines in by_what.items()
    ]
