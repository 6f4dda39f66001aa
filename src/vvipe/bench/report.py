"""What `vvipe bench accuracy` leaves behind: one JSON, one Markdown page, a picture a protocol."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path
from statistics import fmean
from typing import Any

import numpy as np

from vvipe.evaluation.tables import aggregate, markdown_table
from vvipe.formats.atomic import write_text
from vvipe.view import save_png
from vvipe.view.figures import Panel, curves_figure

X_LABELS = {
    "missing": "joints missing",
    "noise": "noise, of the pose's size",
    "azimuth": "azimuth between cameras, °",
    "elevation": "elevation between cameras, °",
}


def write_report(found: Mapping[str, Any], machine: Mapping[str, Any], out: Path) -> list[Path]:
    """Writes `accuracy.json`, `accuracy.md` and `curves-PROTOCOL.png`.

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
    write_text(paths[1], markdown(found, machine))
    for protocol, curves in found["curves"].items():
        if panels := _panels(curves):
            paths.append(save_png(curves_figure(panels), out / f"curves-{protocol}.png"))
    return paths


def markdown(found: Mapping[str, Any], machine: Mapping[str, Any]) -> str:
    """The page: when and where, the trainings, a table a protocol."""
    about = " · ".join(f"{key}: {value}" for key, value in machine.items())
    lines = ["# Accuracy", "", about, "", "## Trainings", "", *_trainings(found["trainings"])]
    for protocol, results in found["results"].items():
        lines += ["", f"## `{protocol}`", "", f"Data {results[0]['data_hash'][:12]}.", ""]
        lines += [markdown_table(results), "", f"![Robustness](curves-{protocol}.png)"]
    return "\n".join(lines) + "\n"


def _trainings(trainings: Sequence[Mapping[str, Any]]) -> list[str]:
    by_model: defaultdict[str, list[Mapping[str, Any]]] = defaultdict(list)
    for training in trainings:
        by_model[training["model"]].append(training)
    lines = ["| model | seeds | training, min | poses seen, M |", "|---|---:|---:|---:|"]
    for model, runs in by_model.items():
        minutes = fmean(run["seconds"] for run in runs) / 60
        millions = runs[0]["poses_seen"] / 1e6
        lines.append(f"| {model} | {len(runs)} | {minutes:.1f} | {millions:.2f} |")
    return lines


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
