"""Policies for a goal that keeps still: `policy(observation, goal) -> action`."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from vvipe.robot.planning.trap import EPISODE, Arena, Observation, Trap

StaticPolicy = Callable[[Observation, np.ndarray], np.ndarray]

HOVER = 0.1  # metres above the plane
# Metres aside at which it starts to come down. What follows a rolling ball stays a step behind:
# it succeeds up to the speed at which that step is this long, so this decides how far the naive
# planner gets, and hardly matters to those that look ahead.
ALIGNED = 0.01


@dataclass(frozen=True)
class HoverThenDescend:
    """Goes above the goal, and down once it is there; as fast as it can, and never too far.

    Half-way down it puts up with more than at the top, up to the trap's radius at the bottom; with
    a goal further aside it goes up again.

    Attributes:
        trap: Its radius.
        reach: Metres an action of length 1 moves the gripper in a step.
        action_size: Numbers of an action; those after the third are 0.
        aligned: Metres aside at which it starts to come down.
    """

    trap: Trap
    reach: float
    action_size: int = 3
    aligned: float = ALIGNED

    def __call__(self, observation: Observation, goal: np.ndarray) -> np.ndarray:
        """(..., A) actions; goals (..., 3)."""
        return self.act(observation["achieved_goal"], goal)

    def act(self, gripper: np.ndarray, goal: np.ndarray) -> np.ndarray:
        """(..., A) actions of grippers at (..., 3)."""
        aside = np.linalg.norm((goal - gripper)[..., :2], axis=-1)
        depth = np.clip(1 - (gripper[..., 2] - goal[..., 2]) / HOVER, 0, 1)
        allowed = self.aligned + (self.trap.radius - self.aligned) * depth
        height = np.where(aside <= allowed, 0.0, HOVER)
        offset = (goal - gripper) + height[..., None] * np.array([0.0, 0.0, 1.0])
        length = np.linalg.norm(offset, axis=-1, keepdims=True) / self.reach
        action = offset / self.reach / np.maximum(length, 1.0)
        rest = np.zeros((*action.shape[:-1], self.action_size - 3))
        return np.concatenate([action, rest], axis=-1)


@dataclass(frozen=True)
class Predicting:
    """A learned policy, such as stable-baselines3's, as a static policy.

    Attributes:
        policy: Has `predict(observation, deterministic=True)`, whose first result is the action.
        keys: What of an observation it was trained on.
    """

    policy: Any
    keys: tuple[str, ...] = ("observation", "achieved_goal", "desired_goal")

    def __call__(self, observation: Observation, goal: np.ndarray) -> np.ndarray:
        """(..., A) actions; goals (..., 3)."""
        told = {**observation, "desired_goal": goal}
        return np.asarray(
            self.policy.predict({k: told[k] for k in self.keys}, deterministic=True)[0]
        )


def top_speed(arena: Arena, static: StaticPolicy, episodes: int = 20, seed: int = 0) -> float:
    """Metres a step that the robot moves when it hurries, measured.

    The 95th percentile of all steps on ways from the start to random corners of the table.
    """
    rng, moves = np.random.default_rng(seed), list[np.ndarray]()
    for episode in range(-(-episodes // arena.count)):
        seen = arena.reset(seed=seed + episode)[0]
        corners = rng.choice([0.0, 1.0], (arena.count, 3))
        goal = arena.trap.box.low + corners * arena.trap.box.size
        going = np.ones(arena.count, bool)
        for _ in range(EPISODE):
            before = seen["achieved_goal"]
            seen, _, down, late, _ = arena.step(static(seen, goal))
            moves.append(np.linalg.norm(seen["achieved_goal"] - before, axis=-1)[going])
            going &= ~(down | late)
            if not going.any():
                break
    return float(np.percentile(np.concatenate(moves), 95))
