"""Where the public names of the robot stage live."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from vvipe.errors import VvipeError

HOME = {
    "ClonedPolicy": "vvipe.robot.points.policy",
    "Demonstration": "vvipe.robot.demonstrations",
    "DynamicPlanner": "vvipe.robot.planning.planner",
    "ETANet": "vvipe.robot.planning.eta",
    "Expansion": "vvipe.robot.wayex.expansion",
    "LucasKanade": "vvipe.robot.points.lucas_kanade",
    "MovingGoal": "vvipe.robot.planning.moving_goal",
    "PointState": "vvipe.robot.points.state",
    "PrescribedPoints": "vvipe.robot.points.prescribed",
    "TrajectoryNet": "vvipe.robot.planning.trajectory",
    "WayExSAC": "vvipe.robot.wayex.learners",
    "WayExTD3": "vvipe.robot.wayex.learners",
    "WayExWrapper": "vvipe.robot.wayex.wrapper",
    "WaypointValue": "vvipe.robot.wayex.waypoints",
    "project": "vvipe.robot.points.projection",
}
LIBRARIES = {"cv2", "gymnasium", "gymnasium_robotics", "mujoco", "stable_baselines3"}


def load_name(name: str) -> Any:
    """A public name.

    Raises:
        VvipeError: A library of the extra `robot` is not installed.
    """
    return load_from(HOME[name], name)


def load_from(module: str, name: str) -> Any:
    """What a module of the robot stage holds.

    Raises:
        VvipeError: A library of the extra `robot` is not installed.
    """
    try:
        return getattr(import_module(module), name)
    except ModuleNotFoundError as error:
        library = (error.name or "").partition(".")[0]
        if library not in LIBRARIES:
            raise
        raise VvipeError(
            f"vvipe.robot needs {library}, which is not installed",
            hint="pip install 'vvipe[robot]'",
        ) from None
