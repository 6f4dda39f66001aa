"""A U-shaped maze with its goal behind the wall, and somebody who knows the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium
import numpy as np

from vvipe.robot.demonstrations import Demonstration
from vvipe.robot.robotics import PointMazeEnv

START, GOAL = "r", "g"
U_MAZE = (
    (1, 1, 1, 1, 1),
    (1, START, 0, 0, 1),
    (1, 1, 1, 0, 1),
    (1, GOAL, 0, 0, 1),
    (1, 1, 1, 1, 1),
)
STEPS = 300
_CORNERS = ((1, 3), (3, 3))
_STIFFNESS, _DAMPING, _NEAR_M = 10.0, 2.0, 0.35
SCALE = (1.0, 1.0, 3.0, 3.0)
"""Metres, and metres a second, that count alike: whoever runs at the start is not at the end."""


class UMaze(PointMazeEnv):
    """PointMaze_UMaze with one start and one goal, a metre of wall between.

    Args:
        spread: Standard deviation of start and goal about the middles of their cells, in metres;
            None is the uniform ±0.25 m that the maze is built with.
        options: PointMaze's own.
    """

    def __init__(self, spread: float | None = None, **options: Any) -> None:
        self.spread = spread
        super().__init__(
            maze_map=[list(row) for row in U_MAZE], reward_type="sparse", continuing_task=False,
            **options,
        )  # fmt: skip

    def expand(self, sigma: float) -> None:
        """Sets the spread of starts and goals, in metres."""
        self.spread = sigma

    def add_xy_position_noise(self, xy_pos: np.ndarray) -> np.ndarray:
        """A place about the (2,) given one, not in a wall."""
        if self.spread is None:
            return super().add_xy_position_noise(xy_pos)
        while True:
            place = xy_pos + self.np_random.normal(0, self.spread, 2)
            row, column = self.maze.cell_xy_to_rowcol(place)
            inside = 0 <= row < self.maze.map_length and 0 <= column < self.maze.map_width
            if inside and self.maze.maze_map[row][column] != 1:
                return place


def u_maze(spread: float | None = None) -> gymnasium.Env[Any, Any]:
    """The maze, in episodes of 300 steps that end at the goal."""
    return gymnasium.wrappers.TimeLimit(UMaze(spread), STEPS)


def from_the_goal(observation: Mapping[str, np.ndarray]) -> np.ndarray:
    """(..., 4) place relative to the goal, metres, and speed: what demonstrations are made of."""
    place = observation["achieved_goal"] - observation["desired_goal"]
    return np.concatenate([place, observation["observation"][..., 2:]], -1)


def walk(seed: int, pause: int = 0) -> Demonstration:
    """States of one walk from the start's middle to the goal's, as `from_the_goal`.

    Args:
        seed: Of the way between them.
        pause: For so many steps the walk stands still in the first corner.
    """
    maze = UMaze(spread=0.0)
    observation, _ = maze.reset(seed=seed)
    goal = observation["desired_goal"]
    rng = np.random.default_rng(seed)
    corners = [maze.maze.cell_rowcol_to_xy(np.array(c)) for c in _CORNERS]
    targets = [c + rng.uniform(-0.15, 0.15, 2) for c in corners] + [goal]
    states, seen, reached = [from_the_goal(observation)], observation["observation"], False
    left = pause
    while not reached:
        place, speed = seen[:2], seen[2:]
        near = np.linalg.norm(targets[0] - place) < _NEAR_M
        if near and len(targets) == len(corners) + 1 and left:
            left -= bool(np.linalg.norm(speed) < 0.05)
        elif near and len(targets) > 1:
            targets.pop(0)
        push = _STIFFNESS * (targets[0] - place) - _DAMPING * speed
        observation, _, reached, _, _ = maze.step(np.clip(push, -1, 1))
        seen = observation["observation"]
        states.append(from_the_goal(observation))
    maze.close()
    names = ("x_m", "y_m", "speed_x", "speed_y")
    return Demonstration(np.array(states), names, np.array(SCALE), task="u-maze")
