"""Episodes of a planner in an arena: what came of many, and all that happened in one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vvipe.errors import VvipeError
from vvipe.robot.planning.planner import DynamicPlanner, Planner
from vvipe.robot.planning.trap import EPISODE, Arena


@dataclass(frozen=True)
class Outcomes:
    """What came of M episodes.

    Attributes:
        caught: (M,) whether the ball was trapped.
        steps: (M,) until the gripper came down, or time was over.
    """

    caught: np.ndarray
    steps: np.ndarray


def run_episodes(arena: Arena, planner: Planner, episodes: int, seed: int = 0) -> Outcomes:
    """Runs at least so many episodes, as many side by side as the arena holds.

    The same seed gives the same balls to any planner.
    """
    rounds = [
        _one_round(arena, planner, seed + number) for number in range(-(-episodes // arena.count))
    ]
    return Outcomes(*(np.concatenate(parts) for parts in zip(*rounds, strict=True)))


def _one_round(arena: Arena, planner: Planner, seed: int) -> tuple[np.ndarray, np.ndarray]:
    seen = arena.reset(seed=seed)[0]
    planner.reset()
    caught, steps = np.zeros(arena.count, bool), np.full(arena.count, EPISODE)
    going = np.ones(arena.count, bool)
    for step in range(EPISODE):
        seen, _, down, late, info = arena.step(planner(seen))
        ends = going & (down | late)
        caught[ends], steps[ends] = info["is_success"][ends], step + 1
        going &= ~ends
        if not going.any():
            break
    return caught, steps


@dataclass(frozen=True)
class Trace:
    """One episode of T steps, for drawing; metres.

    Attributes:
        gripper: (T + 1, 3) where it was.
        ball: (T + 1, 3) where it was.
        goal: (T, 3) what the static policy was told.
        path: (T, 1 + F, 3) the forecast it was found on, the ball's place then first; where the
            planner makes none, (T, 1, 3) the goal.
        caught: Whether the ball was trapped.
        joints: (T + 1, Q) of the simulator, where they were asked for.
    """

    gripper: np.ndarray
    ball: np.ndarray
    goal: np.ndarray
    path: np.ndarray
    caught: bool
    joints: np.ndarray | None = None


def trace_episode(
    arena: Arena, planner: Planner, seed: int = 0, joints: Callable[[], np.ndarray] | None = None
) -> Trace:
    """Runs one episode and keeps what there was at every step.

    Args:
        arena: Of one episode.
        planner: What acts.
        seed: Of the ball.
        joints: Asked at every moment how the robot stands.

    Raises:
        VvipeError: The arena holds several.
    """
    if arena.count != 1:
        raise VvipeError("a trace is of one episode", got=f"an arena of {arena.count}")
    seen = arena.reset(seed=seed)[0]
    planner.reset()
    gripper, ball = [seen["achieved_goal"][0]], [seen["desired_goal"][0]]
    goal, path, caught = list[np.ndarray](), list[np.ndarray](), False
    stood = [joints()] if joints else []
    for _ in range(EPISODE):
        seen, _, down, late, info = arena.step(planner(seen))
        goal.append(planner.goal[0].copy())
        plans = isinstance(planner, DynamicPlanner)
        path.append(planner.path[0].copy() if plans else planner.goal.copy())
        gripper.append(seen["achieved_goal"][0])
        ball.append(seen["desired_goal"][0])
        if joints:
            stood.append(joints())
        if down[0] or late[0]:
            caught = bool(info["is_success"][0])
            break
    kept = np.array(stood) if joints else None
    return Trace(*(np.array(x) for x in (gripper, ball, goal, path)), caught=caught, joints=kept)
