"""gymnasium-robotics, without its notice about Adroit's hands, which nothing here uses."""

import gymnasium
from farama_notifications import notifications

notifications.pop("gymnasium_robotics", None)  # told at its import, on standard error

import gymnasium_robotics  # noqa: E402
from gymnasium_robotics.envs.maze.point_maze import PointMazeEnv  # noqa: E402

__all__ = ["PointMazeEnv", "register"]


def register() -> None:
    """Makes its environments known to gymnasium."""
    gymnasium.register_envs(gymnasium_robotics)
