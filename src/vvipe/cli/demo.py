"""`vvipe demo`: all of it in under a minute, offline, with a report at the end."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from vvipe.cli.answer import Answer
from vvipe.cli.parsing import File, Json, Model
from vvipe.cli.terminal import note
from vvipe.errors import VvipeError


@dataclass(frozen=True)
class Options:
    """Films people with two cameras, finds their poses across views, lifts them, writes a report.

    The people come from the model's own prototype library, so that no data is needed; with --data
    they are the recorded people whom the model never saw.

    Attributes:
        out: Folder for report.html.
        data: Folder of the real data, such as .data.
        seed: Of the headings in which people stand.
    """

    out: Path = Path("demo")
    data: File = None
    seed: int = 0
    model: Model = "vvipe"
    json: Json = False


def run(options: Options) -> Answer:
    """Writes the report."""
    began = time.perf_counter()
    if options.out.exists() and not options.out.is_dir():
        raise VvipeError("is not a folder", where=options.out, expected="a folder for the report")
    if options.seed < 0:
        raise VvipeError("--seed must not be negative", got=options.seed)
    from vvipe.cli.demo_people import decoded_people, recorded_people
    from vvipe.cli.demo_report import write_demo_report
    from vvipe.evaluation import Keypoints2D, Random, evaluate, rows_to_json
    from vvipe.evaluation.tables import plain_table
    from vvipe.models import load

    model = load(options.model, needs=("lift", "generate", "decode"))
    data, seed = options.data, options.seed
    people = recorded_people(data) if data else decoded_people(model, seed)
    note(f"{len(people.poses)} poses before two cameras")
    methods = (model, Keypoints2D(), Random(seed))
    rows = [row for method in methods for row in evaluate(method, people)]
    result = rows_to_json(people, rows, seed)
    note("drawing")
    page = options.out / "report.html"
    report = write_demo_report(page, model, people, rows, recorded=data is not None)
    seconds = time.perf_counter() - began
    answer = {"report": report, "people": len(people.poses), "seconds": round(seconds, 1)} | result
    return Answer(answer, f"{plain_table([result])}\n\n{report} ({seconds:.0f} s)")
