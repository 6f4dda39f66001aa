"""The table of WayEx: every method in the same maze, from the same demonstrations."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.atomic import write_text
from vvipe.robot.actors import Actor
from vvipe.robot.rates import Rate, kept_rate
from vvipe.robot.side_by_side import side_by_side
from vvipe.robot.told import Told, nobody
from vvipe.robot.wayex.expansion import Expansion
from vvipe.robot.wayex.learning import Curve, learn, measured
from vvipe.robot.wayex.maze import LEGS, episode, from_the_goal, u_maze, walk
from vvipe.robot.wayex.methods import METHODS, RETURNS, Setting

THRESHOLDS = (0.6, 0.6, 3.0, 3.0)  # metres, and metres a second; the paper does not say
EVALUATIONS = 6
FIRST_SEED = 200  # of the tables: nothing was tuned on theirs
EXPANSION_M = 0.02  # a change; the paper's 0.001 is of tasks on a table, with more episodes
ROW = "row.json"


@dataclass(frozen=True)
class Task:
    """The maze as it is set.

    Attributes:
        title: Heading of its table.
        short: Heading of its curves.
        pause: For so many steps the demonstration stands still in the first corner.
        legs: Of the maze.
        returns: As for `Setting`.
    """

    title: str
    short: str
    pause: int = 0
    legs: int = LEGS
    returns: int = RETURNS


TASKS = {
    "u-maze": Task("U-maze, from one demonstration without actions", "U-maze"),
    "u-maze-pause": Task(
        "The U-maze, where the demonstration stands still on the way", "with a pause", pause=40
    ),
    "u-maze-long": Task("Legs twice as long, episodes of 600 steps", "legs twice as long", legs=6),
    "u-maze-single": Task(
        "The U-maze, where critics learn from single steps", "single steps", returns=1
    ),
}


@dataclass(frozen=True)
class Run:
    """One training of the table.

    Attributes:
        method: Of `METHODS`.
        task: Of `TASKS`.
        seed: Of the demonstration and of the learner.
        steps: Of the environment.
        expand: Starts and goals begin in the middle of their cells and spread while the task
            succeeds; False leaves them there; None is the maze's own jitter.
    """

    method: str = "wayex"
    task: str = "u-maze"
    seed: int = 0
    steps: int = 90_000
    expand: bool | None = None

    def __post_init__(self) -> None:
        for name, word, known in (("method", self.method, METHODS), ("task", self.task, TASKS)):
            if word not in known:
                raise VvipeError(f"no {name} {word!r}", expected=", ".join(known))

    @property
    def slug(self) -> str:
        """Name of its folder."""
        spread = {None: "", False: "-still", True: "-expanding"}[self.expand]
        return f"{self.task}-{self.method}{spread}-{self.seed}"


def trained(run: Run, folder: Path, told: Told = nobody) -> dict[str, Any]:
    """Trains a policy into a folder and returns its row; one that is there is read.

    Raises:
        VvipeError: The folder holds another run.
    """
    about = {
        "method": run.method, "task": run.task, "seed": run.seed, "steps": run.steps,
        "expand": run.expand,
    }  # fmt: skip
    path = folder / ROW
    if path.is_file():
        row = json.loads(path.read_text())
        if {k: row.get(k) for k in about} != about:
            raise VvipeError("holds another run", where=path, hint="take another folder")
        return row
    begun = time.monotonic()
    task, spread = TASKS[run.task], None if run.expand is None else 0.0
    demo = walk(run.seed, task.pause, task.legs)
    setting = Setting(
        u_maze(spread, task.legs), demo, from_the_goal, np.array(THRESHOLDS), episode(task.legs),
        run.seed, returns=task.returns,
    )  # fmt: skip
    learner = METHODS[run.method].learner(setting)
    expansion = Expansion(EXPANSION_M)
    curve = learn(
        learner, u_maze(spread, task.legs), run.steps, max(1, run.steps // EVALUATIONS), run.seed,
        (expansion,) if run.expand else (), lambda curve: told(_line(curve)),
    )  # fmt: skip
    row = about | {
        "at": [steps for steps, *_ in curve.points],
        "success": [rate.share for _, rate, _ in curve.points],
        "length": [None if np.isnan(n) else n for *_, n in curve.points],
        "demonstration": len(demo) - 1,
        "sigma": expansion.history if run.expand else None,
        "seconds": round(time.monotonic() - begun),
    }
    demo.save(folder / "demonstration.npz")
    Actor.of(learner).save(folder, about)
    write_text(path, json.dumps(row) + "\n")
    return row


def all_trained(
    runs: Sequence[Run], out: Path, jobs: int = 1, told: Told = nobody
) -> list[dict[str, Any]]:
    """Their rows; so many of those that are not there yet are trained at a time.

    Args:
        runs: Each in a folder of its own.
        out: Folder of the folders.
        jobs: Processes.
        told: Given a line at each measurement.

    Raises:
        VvipeError: As for `trained`.
    """
    missing = [run for run in runs if not (out / run.slug / ROW).is_file()]
    side_by_side(trained, {run.slug: (run, out / run.slug) for run in missing}, jobs, told)
    return [trained(run, out / run.slug) for run in runs]


def spread_success(folder: Path, sigma: float, episodes: int = 100) -> Rate:
    """Success of a trained policy where starts and goals have this spread, in metres.

    It is kept in the folder, and read when it is there.
    """
    return kept_rate(
        folder,
        f"spread by {sigma:.3f} m, {episodes} episodes",
        lambda: measured(Actor.load(folder), u_maze(sigma), episodes, seed=20_000)[0],
    )


def summary(rows: Iterable[dict[str, Any]], last: int = 2) -> list[dict[str, Any]]:
    """A row a method and task: success of the last evaluations, mean and deviation over seeds.

    `on_the_way` is the mean of all evaluations: what learns sooner has more of it.

    Args:
        rows: As from `trained`.
        last: How many evaluations.
    """
    groups: dict[tuple[str, str], list[dict[str, Any]]] = {}
    for row in rows:
        groups.setdefault((row["task"], row["method"]), []).append(row)
    return [
        {
            "task": task, "method": METHODS[method].title, "seeds": len(group),
            **_spread(100 * np.array([np.mean(r["success"][-last:]) for r in group])),
            "on_the_way": round(100 * float(np.mean([r["success"] for r in group])), 1),
            "length": _mean([x for r in group for x in r["length"][-last:] if x is not None]),
            "minutes": round(float(np.mean([r["seconds"] for r in group])) / 60, 1),
        }
        for (task, method), group in groups.items()
    ]  # fmt: skip


def _spread(values: np.ndarray) -> dict[str, float]:
    deviation = float(values.std(ddof=1)) if len(values) > 1 else 0.0
    return {"success": round(float(values.mean()), 1), "deviation": round(deviation, 1)}


def _mean(values: Sequence[float]) -> float | None:
    return round(float(np.mean(values))) if values else None


def _line(curve: Curve) -> str:
    steps, rate, _ = curve.points[-1]
    return f"{steps} steps, {rate.successes} of {rate.trials}"
