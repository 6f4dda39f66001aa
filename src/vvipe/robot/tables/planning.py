"""Still policies in a moving world: success by the ball's speed, and how well it is foreseen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.robot.planning.evaluation import eta_rows, forecast_rows, planning_table
from vvipe.robot.planning.settings import (
    Setting,
    fetch_setting,
    toy_setting,
    train_foresight,
)
from vvipe.robot.planning.static import top_speed
from vvipe.robot.tables.result import Part, Row, Table, crossed
from vvipe.robot.told import Told
from vvipe.view.figures import Panel, curves_figure

MOTIONS = ("bounce", "line", "circle")
PRECISION_M = (0.005, 0.01, 0.02, 0.03)
"""How near to its goal the still policy waits before it comes down; 1 cm elsewhere."""


def planning_table_of(out: Path, seeds: int, episodes: int, told: Told) -> Table:
    """Planners on FetchReach and on a point gripper, and what their networks foresee.

    Args:
        out: Not used: networks are trained anew, in minutes.
        seeds: Trainings of the networks.
        episodes: Of each cell, spread over the trainings.
        told: Given a line at each cell.
    """
    fetch, toy = fetch_setting(), toy_setting()
    speed = {s.name: top_speed(s.arena("bounce", 0.0, 20), s.static) for s in (fetch, toy)}
    nets = {s.name: [train_foresight(s, speed[s.name], i) for i in range(seeds)]
            for s in (fetch, toy)}  # fmt: skip

    def cells(setting: Setting, **options: Any) -> list[dict[str, Any]]:
        name = setting.name
        return planning_table(
            setting, nets[name], speed[name], episodes=episodes, progress=told, **options
        )

    on_fetch = cells(fetch)
    on_toy = {motion: cells(toy, motion=motion) for motion in MOTIONS}
    precise = [
        {"waits_within_cm": 100 * near} | _by_ratio(cells(_waiting(near), ratios=(0.3, 0.5, 0.8),
         methods=(method,)))[0]
        for near in PRECISION_M for method in ("naive", "full")
    ]  # fmt: skip
    ahead = [row for s in (fetch, toy) for row in forecast_rows(s, nets[s.name], speed[s.name])]
    parts = [
        Part("FetchReach, a ball that bounces: success, %, by ball's speed over robot's",
             _by_ratio(on_fetch)),
        *(Part(f"Point gripper, {m}: success, %", _by_ratio(rows)) for m, rows in on_toy.items()),
        Part("Point gripper: how near a policy waits decides how far naive replanning gets",
             precise),
        Part("Times of arrival, on rollouts not trained on",
             [row for s in (fetch, toy) for row in eta_rows(s, nets[s.name])]),
        Part("Forecasts within the trap's radius at the time of arrival", ahead),
        Part("Every cell", [*on_fetch, *(row for rows in on_toy.values() for row in rows)]),
    ]  # fmt: skip
    panels = [_panel("FetchReach, bounce", on_fetch)]
    panels += [_panel(f"point gripper, {m}", rows) for m, rows in on_toy.items()]
    picture = curves_figure(panels, "success, %")
    return Table("planning", "A still policy in a moving world", parts, {"planning": picture})


def _waiting(near_m: float) -> Setting:
    toy = toy_setting()
    return replace(toy, static=replace(toy.static, aligned=near_m))


def _by_ratio(rows: Sequence[Row]) -> list[dict[str, Any]]:
    return crossed([{**row, "ratio": f"{row['ratio']:g}"} for row in rows], "method", "ratio")


def _panel(title: str, rows: Sequence[Row]) -> Panel:
    ratios = list(dict.fromkeys(row["ratio"] for row in rows))
    lines = {
        m: np.array([[r["success"] for r in rows if r["method"] == m]])
        for m in dict.fromkeys(row["method"] for row in rows)
    }
    return Panel(title, "ball's speed over robot's", lines, ratios)
