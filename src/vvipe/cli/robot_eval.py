"""`vvipe robot eval`: a whole table by one command."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.machine import machine
from vvipe.cli.parsing import File, Json, Whole
from vvipe.cli.terminal import note
from vvipe.errors import VvipeError

Name = Literal["wayex", "expansion", "planning", "points", "join"]


@dataclass(frozen=True)
class Options:
    """Trains what a table needs, measures it, and writes JSON, Markdown and pictures.

    wayex: every method in a maze, from one demonstration a seed (25 trainings a seed, two to
    three minutes each). expansion: starts and goals that were not demonstrated. planning: a still
    policy and a rolling ball. points: cloned policies that are told true states, points or pixels,
    ten minutes a seed; it draws frames. join: from a person before a camera to a trapped ball.
    What is trained is kept in the folder, but for planning's networks.

    Example: vvipe robot eval planning --out results/robot

    Attributes:
        table: wayex, expansion, planning, points or join.
        out: Folder of runs and results.
        seeds: Trainings of each.
        jobs: Trainings at a time, all but planning's, one thread each; by default as many as there
            are cores.
        data: join: folder that holds bandai_namco_2; by default VVIPE_DATA, else .data.
        steps: Of the environment, a training of wayex or expansion.
        episodes: Of each cell of planning (300), of each training and shift of points (40), or of
            each skill of join (100).
    """

    table: Annotated[Name, tyro.conf.Positional]
    out: Path
    data: File = None
    seeds: int = 3
    jobs: Whole = None
    steps: Whole = None
    episodes: Whole = None
    json: Json = False


def run(options: Options) -> Answer:
    """Measures, and writes the files."""
    for name in ("seeds", "jobs", "steps", "episodes"):
        number = getattr(options, name)
        if number is not None and number < 1:
            raise VvipeError(f"--{name} must be at least 1", got=number)
    if options.out.exists() and not options.out.is_dir():
        raise VvipeError("is not a folder", where=options.out, expected="a folder for results")
    from vvipe.datasets import data_root
    from vvipe.robot.drawing import without_screen
    from vvipe.robot.names import load_from

    without_screen()
    build, count, usual = _TABLES[options.table]
    number = getattr(options, count) or usual
    given = (options.data or data_root(),) if options.table == "join" else ()
    jobs = {} if options.table == "planning" else {"jobs": options.jobs or os.cpu_count() or 1}
    make: Any = load_from(*build)
    table = make(*given, options.out / "runs", options.seeds, number, note, **jobs)
    paths = table.write(options.out, machine())
    found = {part.title: part.rows for part in table.parts}
    return Answer({"tables": found, "files": paths}, "\n".join(map(str, paths)))


_TABLES = {
    "wayex": (("vvipe.robot.tables.wayex", "wayex_table"), "steps", 90_000),
    "expansion": (("vvipe.robot.tables.expansion", "expansion_table"), "steps", 90_000),
    "planning": (("vvipe.robot.tables.planning", "planning_table_of"), "episodes", 300),
    "points": (("vvipe.robot.tables.points", "points_table"), "episodes", 40),
    "join": (("vvipe.robot.tables.join", "join_table"), "episodes", 100),
}
