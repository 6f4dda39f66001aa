"""Points against true states and pixels: pushing a block, under what changes the view."""

from __future__ import annotations

from collections.abc import Generator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from vvipe.robot.points.comparison import (
    Contestant,
    compare,
    contestants,
    demonstrations,
    error_curve,
    kept,
    tested,
    together,
)
from vvipe.robot.points.evaluation import tracking_row
from vvipe.robot.points.kept import Kept
from vvipe.robot.points.lucas_kanade import LucasKanade
from vvipe.robot.points.observers import Points
from vvipe.robot.points.prescribed import PrescribedPoints
from vvipe.robot.points.push import Push
from vvipe.robot.points.push_points import GRIPPER, push_points
from vvipe.robot.points.scene import Scene
from vvipe.robot.points.shifts import SHIFTS
from vvipe.robot.points.state import PointState
from vvipe.robot.side_by_side import side_by_side
from vvipe.robot.tables.result import Part, Row, Table, crossed
from vvipe.robot.told import Told, nobody
from vvipe.view.figures import Panel, curves_figure

MANY, FEW, PLENTY = 35, 10, 200  # demonstrations
PIXELS_PX, TRACKED_PX = 64, 480  # sides of the frames
NOISES_PX = (0.0, 1.0, 2.0, 4.0, 8.0)
MEMORY = 0.9  # of an error that wanders
_DRAWN = "pixels"


def points_table(out: Path, seeds: int, episodes: int, told: Told, jobs: int = 1) -> Table:
    """Cloned policies that are told true states, points or pixels; trackers in the points' place.

    Args:
        out: Folder of policies and their rates; what is there is not made again.
        seeds: Trainings of each, each from demonstrations of its own.
        episodes: A training and shift; half as many where frames have to be drawn.
        told: Given a line at each cell.
        jobs: Seeds at a time.
    """
    every = range(seeds)
    side_by_side(_of_seed, {f"seed {s}": (out, s, episodes) for s in every}, jobs, told)
    with _world() as world:
        cells, noise = _measured(world, out, every, episodes)
        tracker = _tracked(world.points)
        followed = tracking_row(world.push, world.large, tracker, max(1, episodes // 10))
    parts = [
        *(
            Part(f"{n} demonstrations: success, %", crossed(rows, "policy", "shift"))
            for n, rows in cells.items()
        ),
        Part("Success against the error of a tracker", noise),
        Part(f"Lucas-Kanade on the expert's episodes, frames of {TRACKED_PX} pixels", [followed]),
        Part("Every cell", [row for rows in cells.values() for row in rows]),
    ]
    figure = curves_figure([_panel(noise)], "success, %")
    return Table("points", "Points as the state of a cloned policy", parts, {"points": figure})


class _World(NamedTuple):
    """The task, its small and its large frames, and the points on it."""

    push: Push
    small: Scene
    large: Scene
    points: PrescribedPoints


@contextmanager
def _world() -> Generator[_World]:
    push = Push()
    small, large = (Scene(push.xml, (side, side)) for side in (PIXELS_PX, TRACKED_PX))
    try:
        yield _World(push, small, large, push_points(push, small))
    finally:
        for part in (small, large, push):
            part.close()


def _of_seed(out: Path, seed: int, episodes: int, told: Told) -> None:
    with _world() as world:
        _measured(world, out, (seed,), episodes, told)


def _measured(
    world: _World, out: Path, seeds: Sequence[int], episodes: int, told: Told = nobody
) -> tuple[dict[int, list[dict[str, Any]]], list[dict[str, Any]]]:
    """Demonstrations -> a row a policy and shift; a row an error of the tracker.

    Args:
        world: Where they are tested.
        out: As for `points_table`; rates that stand there are read.
        seeds: Of policies.
        episodes: As for `points_table`.
        told: As for `points_table`.
    """
    push, scene, large, points = world
    entries = contestants(points)
    drawn = [entry for entry in entries if entry.name.startswith(_DRAWN)]
    plain = [entry for entry in entries if entry not in drawn]
    half = max(1, episodes // 2)
    cells = {
        MANY: compare(push, scene, plain, MANY, out, seeds, SHIFTS, episodes, told)
        + compare(push, scene, drawn, MANY, out, seeds, SHIFTS, half, told),
        FEW: compare(push, scene, plain, FEW, out, seeds, SHIFTS[:1], episodes, told),
        PLENTY: compare(push, scene, _longer(drawn[:1]), PLENTY, out, seeds, SHIFTS, half, told),
    }
    anchored = next(entry for entry in plain if entry.name == "points, anchored")
    recorded = partial(demonstrations, push)
    policies = {seed: kept(anchored, MANY, seed, recorded, scene, out) for seed in seeds}
    noise = [
        row for memory in (0.0, MEMORY)
        for row in error_curve(push, large, points, policies, NOISES_PX, memory, half, told)
    ]  # fmt: skip
    cells[MANY] += _in_the_loop(push, large, policies, _tracked(points), half, told)
    return cells, noise


def _longer(entries: Sequence[Contestant]) -> list[Contestant]:
    return [replace(e, how=replace(e.how, steps=6000)) for e in entries]


def _in_the_loop(
    push: Push, scene: Scene, policies: Mapping[int, Kept], tracker: Points, episodes: int,
    told: Told,
) -> list[dict[str, Any]]:  # fmt: skip
    """Policies of true places, told what a tracker sees in drawn frames."""
    rows: list[dict[str, Any]] = []
    for shift in SHIFTS:
        rates = [
            tested(push, scene, policy, tracker, shift, episodes, seed, "Lucas-Kanade")
            for seed, policy in policies.items()
        ]
        row = {"policy": "points, anchored, by Lucas-Kanade", "demonstrations": MANY}
        rows.append(row | {"shift": shift.name} | together(rates))
        told(f"{row['policy']}, {shift.name}: {rows[-1]['success']} %")
    return rows


def _tracked(points: PrescribedPoints) -> Points:
    return Points(PointState(points, "anchored", GRIPPER), lambda *_: LucasKanade(), drawn=True)


def _panel(noise: Sequence[Row]) -> Panel:
    lines = {
        name: np.array([[r["success"] for r in noise if r["memory"] == memory]])
        for name, memory in (("errors of each frame", 0.0), ("errors that wander", MEMORY))
    }
    return Panel(
        "points, anchored", f"error of the tracker, pixels of {TRACKED_PX}", lines, NOISES_PX
    )
