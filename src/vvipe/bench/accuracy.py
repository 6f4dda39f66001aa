"""Trains and measures every entry with every seed; what is done already is not done again."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from vvipe.bench.curves import curves_of
from vvipe.bench.entries import entries_named
from vvipe.bench.entry import Entry
from vvipe.errors import VvipeError
from vvipe.evaluation import (
    BASELINE_NAMES,
    Keypoints2D,
    Lifter,
    Protocol,
    Representation,
    baselines,
    detections_view,
    evaluate,
    evaluate_3d_queries,
    load_protocol,
    project,
    rankings,
    rows_to_json,
)
from vvipe.evaluation.protocols import check_protocol
from vvipe.formats.atomic import write_text
from vvipe.models import load
from vvipe.models.storage import read_config
from vvipe.training import Progress, TrainingFailedError, config_from_toml, train
from vvipe.training.checkpoint import FILE as CHECKPOINT
from vvipe.training.data import training_clips

PROTOCOLS = ("cmu-seen", "cmu-cross")
BASELINES = "baselines"
FAILED = "failed.txt"  # in the run's folder: how a training ended that came to nothing

Say = Callable[[str], None]
Show = Callable[[Progress], None]


@dataclass(frozen=True)
class Plan:
    """What to train and to measure, and where.

    Attributes:
        entries: The rows.
        seeds: How many of each.
        data: The folder that holds `cmu` and `bandai_namco_2`.
        out: Folder of runs and results.
        steps: The most steps of any stage, for trials; None for whole trainings.
        protocols: What they are measured on, but for entries that say something else.
    """

    entries: Sequence[Entry]
    seeds: int
    data: Path
    out: Path
    steps: int | None = None
    protocols: Sequence[str] = PROTOCOLS

    def measured_on(self, entry: Entry) -> Sequence[str]:
        """What an entry is measured on."""
        return self.protocols if entry.protocols is None else entry.protocols


def run_accuracy(plan: Plan, say: Say, show: Show | None = None) -> dict[str, Any]:
    """Does what the plan says and is not done yet, a seed at a time.

    Args:
        plan: The plan.
        say: Is told in a line what is under way.
        show: Is told of the progress of trainings.

    Returns:
        `results`: protocol -> one result of `rows_to_json` a seed, each row with the `entry` that
        it belongs to (none for baselines); `trainings`: one mapping for each run, with `failed` and
        no rows where it diverged or collapsed; `curves`: protocol -> those of `curves_of`, for
        trainings in full.

    Raises:
        VvipeError: No data, or a folder with runs of another configuration.
    """
    training_clips(plan.data / "cmu")
    names = [*dict.fromkeys(name for entry in plan.entries for name in plan.measured_on(entry))]
    for name in names:
        check_protocol(name, plan.data)
    protocol_of = cache(lambda name: load_protocol(name, plan.data))
    trainings: list[dict[str, Any]] = []
    results: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    curves: dict[str, list[dict[str, Any]]] = {name: [] for name in names}
    for seed in range(plan.seeds):
        runs = [_trained(plan, entry, seed, say, show) for entry in plan.entries]
        trainings += map(_about, runs, plan.entries, [seed] * len(runs))
        for name in names:
            parts = [
                _measured(plan, name, protocol_of, run, say, entry)
                for run, entry in zip(runs, plan.entries, strict=True)
                if name in plan.measured_on(entry) and not (run / FAILED).is_file()
            ]
            if seed == 0:
                parts.append(_measured(plan, name, protocol_of, None, say))
            if not parts:
                continue
            rows = [row for part in parts for row in part["rows"]]
            results[name].append(parts[0] | {"seed": seed, "rows": rows})
            curves[name] += [curve for part in parts for curve in part.get("curves", ())]
    return {"results": results, "trainings": trainings, "curves": curves}


def _trained(plan: Plan, entry: Entry, seed: int, say: Say, show: Show | None) -> Path:
    """The folder of the entry's run, trained to its end, be it a failure."""
    start = ""
    if entry.start:
        (before,) = entries_named([entry.start])
        start = str(_trained(plan, before, seed, say, show))
    config = entry.config(seed, plan.steps, start)
    folder = plan.out / "runs" / f"{entry.slug}-{seed}"
    told = folder / "train.toml"
    if told.is_file() and config_from_toml(told) != config:
        raise VvipeError(
            "was trained with another configuration", where=folder,
            hint="remove it, or choose another --out",
        )  # fmt: skip
    if not any((folder / end).is_file() for end in ("config.json", FAILED)):
        say(f"{entry.name}, seed {seed}: training")
        try:
            train(
                config, plan.data / "cmu", folder, resume=(folder / CHECKPOINT).is_file(),
                progress=show, on_error=lambda error: say(f"left out: {error}"),
            )  # fmt: skip
        except TrainingFailedError as error:  # one row less; the others go on
            say(f"{entry.name}, seed {seed}: {error}")
            write_text(folder / FAILED, f"{error}\n")
    return folder


def _about(run: Path, entry: Entry, seed: int) -> dict[str, Any]:
    about = {"model": entry.name, "tables": entry.tables, "seed": seed, "run": str(run)}
    if (run / FAILED).is_file():
        return about | {"failed": (run / FAILED).read_text().strip()}
    training = read_config(run)["training"]
    return about | {key: training[key] for key in ("seconds", "poses_seen")}


def _measured(
    plan: Plan, name: str, protocol_of: Callable[[str], Protocol], run: Path | None, say: Say,
    entry: Entry | None = None,
) -> dict[str, Any]:  # fmt: skip
    """Rows and curves of an entry's run on a protocol, or of the baselines, where none is given.

    Trainings in full are measured under each of their rankings, most short ones under the first.
    Rows come from their file where that is of the same weights, or of the same baselines.
    """
    called = run.name if run else BASELINES
    sha256 = read_config(run)["sha256"] if run else None
    path = plan.out / "rows" / f"{name}-{called}.json"
    if path.is_file():
        known = json.loads(path.read_text())
        names = {row["model"] for row in known["rows"]}
        if known.get("sha256") == sha256 and (run or names == {*BASELINE_NAMES}):
            return known
    say(f"{called}: measuring on {name}")
    protocol = protocol_of(name)
    if run is None:
        models, drawn = baselines(protocol), (Keypoints2D(),)
    else:
        models = drawn = rankings(load(run))
    if not protocol.groups:
        drawn = ()
    if entry and "methods" not in entry.tables:
        models, drawn = models if entry.rankings else models[:1], ()
    result = _rows(models, protocol, entry) | {"sha256": sha256}
    result["curves"] = [curve for model in drawn for curve in curves_of(model, protocol)]
    write_text(path, json.dumps(result, indent=2) + "\n")
    return result


def _rows(
    models: Sequence[Representation | Lifter], protocol: Protocol, entry: Entry | None
) -> dict[str, Any]:
    """With exact keypoints, and with the errors of real detectors where the entry asks for them."""
    belongs = {"entry": entry.name} if entry else {}
    views = {"exact": project}
    if entry is None or entry.detections:
        views["detections"] = detections_view
    parts: list[dict[str, Any]] = []
    for name, view in views.items():
        rows = [
            row
            for model in models
            for measure in (evaluate, evaluate_3d_queries)
            for row in measure(model, protocol, view=view)
        ]
        parts.append(rows_to_json(protocol, rows, keypoints=name))
    return parts[0] | {"rows": [row | belongs for part in parts for row in part["rows"]]}
