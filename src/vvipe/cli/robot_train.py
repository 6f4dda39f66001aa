"""`vvipe robot train`: a policy from one demonstration without actions."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.parsing import Flag, Json
from vvipe.cli.terminal import note
from vvipe.errors import VvipeError


@dataclass(frozen=True)
class Options:
    """Trains a policy in a maze whose goal lies behind the wall, from one demonstration.

    The folder holds the policy (actor.safetensors, actor.json), the demonstration and row.json with
    its success on the way. 90,000 steps take two to three minutes.

    Example: vvipe robot train wayex --out runs/maze

    Attributes:
        method: wayex, as a potential (ours); wayex-target, as published; wayex-target-cold, without
            warm-up; wayex-value, the value at every step; or what they are compared with: sparse,
            her, dense, distance, distance-places.
        out: Folder of the run.
        task: u-maze; u-maze-pause, where the demonstration stands still on the way; u-maze-long,
            with legs twice as long; u-maze-single, where critics learn from single steps.
        seed: Of demonstration and learner.
        steps: Of the environment.
        expand: Spread starts and goals while the task succeeds (knowledge expansion).
    """

    method: Annotated[str, tyro.conf.Positional]
    out: Path
    task: str = "u-maze"
    seed: int = 0
    steps: int = 90_000
    expand: Flag = False
    json: Json = False


def run(options: Options) -> Answer:
    """Trains, and tells how it went."""
    if options.steps < 1:
        raise VvipeError("--steps must be at least 1", got=options.steps)
    if options.seed < 0:
        raise VvipeError("--seed must not be negative", got=options.seed)
    if options.out.exists() and not options.out.is_dir():
        raise VvipeError("is not a folder", where=options.out, expected="a folder for the run")
    from vvipe.robot.names import load_from

    wayex = "vvipe.robot.wayex.table"
    what = load_from(wayex, "Run")(
        options.method, options.task, options.seed, options.steps, options.expand or None
    )
    row = load_from(wayex, "trained")(what, options.out, note)
    curve = ", ".join(
        f"{steps}: {100 * share:.0f} %"
        for steps, share in zip(row["at"], row["success"], strict=True)
    )
    text = f"{options.out}: success after so many steps: {curve} ({row['seconds']} s)"
    return Answer(row | {"out": options.out}, text)
