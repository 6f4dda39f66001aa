"""A U-shaped maze with its goal behind the wall, and somebody who knows the way."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import gymnasium
import numpy as np

from vvipe.robot.demonstrations import Demonstration
from vvipe.robot.robotics import PointMazeEnv

START, GOAL = "r", "g"
LEGS = 3  # cells of either leg of the U
_STIFFNESS, _DAMPING, _NEAR_M = 10.0, 2.0, 0.35
SCALE = (1.0, 1.0, 3.0, 3.0)
"""Metres, and metres a second, that count alike: whoever runs at the start is not at the end."""


def episode(legs: int = LEGS) -> int:
    """Steps of an episode: somebody who knows the way needs half of them."""
    return 100 * legs


class UMaze(PointMazeEnv):
    """PointMaze_UMaze with one start and one goal, a metre of wall between.

    Args:
        spread: Standard deviation of start and goal about the middles of their cells, in metres;
            None is the uniform ±0.25 m that the maze is built with.
        legs: Cells of either leg.
        options: PointMaze's own.

    Attributes:
        corners: (row, column) of the cells that a way from start to goal turns in.
    """

    def __init__(self, spread: float | None = None, legs: int = LEGS, **options: Any) -> None:
        self.spread, self.corners = spread, ((1, legs), (3, legs))
        wall, free = [1] * (legs + 2), [0] * (legs - 1)
        rows: Any = [wall, [1, START, *free, 1], [1] * legs + [0, 1], [1, GOAL, *free, 1], wall]
        super().__init__(maze_map=rows, reward_type="sparse", continuing_task=False, **options)

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


def u_maze(spread: float | None = None, legs: int = LEGS) -> gymnasium.Env[Any, Any]:
    """The maze, in episodes that end at the goal, or after `episode(legs)` steps."""
    return gymnasium.wrappers.TimeLimit(UMaze(spread, legs), episode(legs))


def from_the_goal(observation: Mapping[str, np.ndarray]) -> np.ndarray:
    """(..., 4) place relative to the goal, metres, and speed: what demonstrations are made of."""
    place = observation["achieved_goal"] - observation["desired_goal"]
    return np.concatenate([place, observation["observation"][..., 2:]], -1)


def walk(seed: int, pause: int = 0, legs: int = LEGS) -> Demonstration:
    """States of one walk from the start's middle to the goal's, as `from_the_goal`.

    Args:
        seed: Of the way between them.
        pause: For so many steps the walk stands still in the first corner.
        legs: Of the maze.
    """
    maze = UMaze(0.0, legs)
    observation, _ = maze.reset(seed=seed)
    goal = observation["desired_goal"]
    rng = np.random.default_rng(seed)
    corners = [maze.maze.cell_rowcol_to_xy(np.array(c)) for c in maze.corners]
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
