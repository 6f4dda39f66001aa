"""`vvipe bench`: whole tables by one command."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.machine import machine
from vvipe.cli.parsing import File, Json, Several, Whole
from vvipe.cli.terminal import note
from vvipe.errors import VvipeError


@dataclass(frozen=True)
class Options:
    """Trains all models with several seeds, measures them, and writes tables and curves.

    What is done already is kept: the same command goes on where it was stopped. A training in full
    takes about half an hour, a short one a tenth of that; --only and --seeds make it shorter.

    Example: vvipe bench accuracy --data .data --out results/

    Attributes:
        what: accuracy.
        out: Folder of runs, accuracy.json, accuracy.md and pictures.
        data: Folder that holds cmu and bandai_namco_2; by default VVIPE_DATA, else .data.
        only: Tables (methods, cameras, detections, ablations, latent, data, unsupervised, geometry,
            view, labels), or a model such as pr-vipe.
        seeds: How many trainings of each.
        steps: The most steps of any stage, for a trial.
    """

    what: Annotated[Literal["accuracy"], tyro.conf.Positional]
    out: Path
    data: File = None
    only: Several = ()
    seeds: int = 3
    steps: Whole = None
    json: Json = False


def run(options: Options) -> Answer:
    """Runs the benchmark to its end."""
    if options.seeds < 1:
        raise VvipeError("--seeds must be at least 1", got=options.seeds)
    if options.steps is not None and options.steps < 1:
        raise VvipeError("--steps must be at least 1", got=options.steps)
    if options.out.exists() and not options.out.is_dir():
        raise VvipeError("is not a folder", where=options.out, expected="a folder for results")
    from vvipe.bench import Plan, entries_named, run_accuracy
    from vvipe.bench.report import write_report
    from vvipe.cli.progress import training_progress
    from vvipe.datasets import data_root
    from vvipe.evaluation.tables import plain_table

    entries = entries_named(options.only)
    plan = Plan(entries, options.seeds, options.data or data_root(), options.out, options.steps)
    with training_progress() as progress:
        found = run_accuracy(plan, note, progress)
    paths = write_report(found, machine(), options.out)
    tables = [f"{name}\n{plain_table(results)}" for name, results in found["results"].items()]
    return Answer(found | {"files": paths}, "\n\n".join([*tables, *map(str, paths)]))
