"""What planning ahead is worth: success by the ball's speed, and how well is foreseen."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np

from vvipe.robot.planning.episodes import run_episodes
from vvipe.robot.planning.forecasts import ConstantVelocity, Forecaster, ReflectedVelocity
from vvipe.robot.planning.planner import DynamicPlanner, FrozenGoal, Planner, TruePath
from vvipe.robot.planning.search import at_time
from vvipe.robot.planning.settings import Foresight, Setting
from vvipe.robot.planning.trap import Arena
from vvipe.robot.rates import Rate

RATIOS = (0.0, 0.1, 0.2, 0.3, 0.5, 0.8)
FIRST_SEED = 10_000  # episodes reported are not those that anything was tuned on
SPREAD = 1_000  # seeds between the episodes of one training and the next

Progress = Callable[[str], None]


def _dynamic(
    setting: Setting,
    nets: Foresight,
    forecaster: Forecaster,
    search: str,
    replan: str | int = "eta/3",
) -> Planner:
    return DynamicPlanner(setting.static, nets.eta, forecaster, search, replan)


METHODS: dict[str, Callable[[Setting, Foresight, Arena], Planner]] = {
    "frozen": lambda s, n, a: FrozenGoal(s.static),
    "naive": lambda s, n, a: Planner(s.static),
    "corners": lambda s, n, a: _dynamic(s, n, n.trajectory, "corners"),
    "corners, every 5": lambda s, n, a: _dynamic(s, n, n.trajectory, "corners", 5),
    "full": lambda s, n, a: _dynamic(s, n, n.trajectory, "full"),
    "full, straight": lambda s, n, a: _dynamic(s, n, ConstantVelocity(), "full"),
    "full, reflected": lambda s, n, a: _dynamic(s, n, ReflectedVelocity(a.trap.box), "full"),
    "oracle": lambda s, n, a: DynamicPlanner(s.static, s.exact_eta, TruePath(a), replan=1),
}
"""Planners by name; `full` and `corners` are those with both networks.

The four corners do better when plans are kept for longer than ours are, so both are measured.
"""


def planning_table(
    setting: Setting,
    trained: Sequence[Foresight],
    top_speed: float,
    *,
    motion: str = "bounce",
    ratios: Sequence[float] = RATIOS,
    methods: Sequence[str] = tuple(METHODS),
    episodes: int = 300,
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Success by method and speed of the ball; the same balls for every method.

    Args:
        setting: Where.
        trained: Networks of several seeds; each gets its share of the episodes.
        top_speed: Of the robot, metres a step.
        motion: Of the ball.
        ratios: Speeds of the ball, in top speeds of the robot.
        methods: Names of `METHODS`.
        episodes: Of each cell.
        progress: Told what has been measured.

    Returns:
        Rows with `setting`, `motion`, `method`, `ratio`, `success` with its 95 % interval and
        `episodes`; `worst_seed` and `best_seed`, the successes by training, percent; `steps`, the
        mean length of an episode.
    """
    rows, share = list[dict[str, Any]](), -(-episodes // len(trained))
    for ratio in ratios:
        arena = setting.arena(motion, ratio * top_speed, share)
        for method in methods:
            planners = [METHODS[method](setting, nets, arena) for nets in trained]
            runs = [
                run_episodes(arena, planner, share, FIRST_SEED + SPREAD * number)
                for number, planner in enumerate(planners)
            ]
            caught = [run.caught for run in runs]
            by_seed = [round(100 * float(c.mean()), 1) for c in caught]
            pooled = np.concatenate(caught)
            cell = {"setting": setting.name, "motion": motion, "method": method, "ratio": ratio}
            cell |= Rate(int(pooled.sum()), len(pooled)).row()
            cell |= {"worst_seed": min(by_seed), "best_seed": max(by_seed)}
            steps = float(np.concatenate([run.steps for run in runs]).mean())
            rows.append({**cell, "steps": round(steps, 1)})
            if progress:
                progress(f"{setting.name} {motion} {ratio} {method}: {cell['success']} %")
    return rows


def eta_rows(setting: Setting, trained: Sequence[Foresight]) -> list[dict[str, Any]]:
    """How well each training tells times of arrival on rollouts it has not seen."""
    return [
        {"setting": setting.name, "training": number, **nets.eta.quality(nets.held_out)}
        for number, nets in enumerate(trained)
    ]


def forecast_rows(
    setting: Setting,
    trained: Sequence[Foresight],
    top_speed: float,
    *,
    motion: str = "bounce",
    ratios: Sequence[float] = RATIOS,
    balls: int = 300,
) -> list[dict[str, Any]]:
    """How far off forecasts are when the robot would arrive where the ball is at the start.

    Returns:
        Rows with `setting`, `motion`, `forecast`, `ratio`, `within_radius` (percent of balls whose
        forecast is off by the trap's radius at most, with its interval), `median_cm`.
    """
    rows, share = list[dict[str, Any]](), -(-balls // len(trained))
    for ratio in ratios:
        arena = setting.arena(motion, ratio * top_speed, share)
        fixed = {"straight": ConstantVelocity(), "reflected": ReflectedVelocity(arena.trap.box)}
        errors = {name: list[np.ndarray]() for name in ("network", *fixed)}
        for number, nets in enumerate(trained):
            forecasts: dict[str, Forecaster] = {"network": nets.trajectory, **fixed}
            for round_ in range(-(-share // arena.count)):
                seen = arena.reset(seed=FIRST_SEED + SPREAD * number + round_)[0]
                time = nets.eta(seen["achieved_goal"], seen["desired_goal"])
                for name, forecast in forecasts.items():
                    errors[name].append(_error_at(arena, seen["history"], forecast, time))
        for name, parts in errors.items():
            off = np.concatenate(parts)
            within = Rate(int((off <= arena.trap.radius).sum()), len(off)).row("within_radius")
            median = round(100 * float(np.median(off)), 2)
            cell = {"setting": setting.name, "motion": motion, "forecast": name, "ratio": ratio}
            rows.append({**cell, **within, "median_cm": median})
    return rows


def _error_at(arena: Arena, past: np.ndarray, forecast: Forecaster, time: np.ndarray) -> np.ndarray:
    """(N,) metres between forecast and truth at (N,) steps."""
    now, ahead = past[:, -1:], forecast(past)
    paths = (np.concatenate([now, p], 1) for p in (ahead, arena.future(ahead.shape[1])))
    foreseen, true = (at_time(path, time[:, None])[:, 0] for path in paths)
    return np.linalg.norm(foreseen - true, axis=-1)
