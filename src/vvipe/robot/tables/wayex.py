"""WayEx and what it is compared with, in a maze, from one demonstration a seed."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.robot.tables.result import Part, Table
from vvipe.robot.told import Told
from vvipe.robot.wayex.methods import METHODS
from vvipe.robot.wayex.table import FIRST_SEED, TASKS, Run, all_trained, summary
from vvipe.view.figures import Panel, curves_figure

READERS = ("distance", "wayex", "wayex-target", "wayex-value")
"""What learns from the demonstration."""
LEARN = {
    "u-maze": tuple(METHODS),
    "u-maze-pause": READERS,
    "u-maze-long": ("sparse", "her", "distance", "distance-places", "wayex", "wayex-target"),
    "u-maze-single": ("sparse", "her", "distance", "wayex", "wayex-target", "wayex-target-cold"),
}


def wayex_table(out: Path, seeds: int, steps: int, told: Told, jobs: int = 1) -> Table:
    """Every method in the U-maze; some with a pause, with long legs, or learning by single steps.

    Args:
        out: Folder of the runs; what is in it is not trained again.
        seeds: Trainings of each, each from a demonstration of its own.
        steps: Of the environment, a training.
        told: Given a line at each measurement.
        jobs: Trainings at a time.
    """
    runs = [
        Run(method, task, seed, steps)
        for seed in range(FIRST_SEED, FIRST_SEED + seeds)
        for task, methods in LEARN.items()
        for method in methods
    ]
    rows = all_trained(runs, out, jobs, told)
    of = {task: [row for row in rows if row["task"] == task] for task in LEARN}
    parts = [Part(TASKS[task].title, _without_task(summary(of[task]))) for task in LEARN]
    figure = curves_figure([_panel(TASKS[t].short, of[t]) for t in LEARN], "success, %")
    return Table("wayex", "Learning from one demonstration (WayEx)", parts, {"wayex": figure})


def _without_task(rows: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{k: v for k, v in row.items() if k != "task"} for row in rows]


def _panel(title: str, rows: list[dict[str, Any]]) -> Panel:
    methods = dict.fromkeys(row["method"] for row in rows)
    lines = {
        METHODS[m].title: 100 * np.array([r["success"] for r in rows if r["method"] == m])
        for m in methods
    }
    return Panel(title, "thousand steps", lines, [round(a / 1000, 1) for a in rows[0]["at"]])
