"""Where to meet the ball: a place on its foreseen path where the robot comes when the ball does.

A path is (N, 1 + F, 3): where the ball is, and where it will be after 1 to F steps.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vvipe.robot.planning.arrivals import ETA

Search = Callable[[np.ndarray, np.ndarray, ETA], tuple[np.ndarray, np.ndarray]]
"""(N, 3) grippers, paths, ETA -> (N, 3) intermediate goals, (N,) steps until they are met."""

CORNERS = np.array([[1, 1, 0], [1, -1, 0], [-1, 1, 0], [-1, -1, 0]], float)


def at_time(path: np.ndarray, time: np.ndarray) -> np.ndarray:
    """(N, K, 3) places on paths at (N, K) steps, whole or broken; the last one after the end."""
    time = np.clip(time, 0, path.shape[1] - 1)
    before = np.minimum(time.astype(int), path.shape[1] - 2)
    share = (time - before)[..., None]
    rows = np.arange(len(path))[:, None]
    return path[rows, before] * (1 - share) + path[rows, before + 1] * share


def corner_search(gripper: np.ndarray, path: np.ndarray, eta: ETA) -> tuple[np.ndarray, np.ndarray]:
    """The paper's four interest points.

    How far the ball comes while the robot goes to where it is now is half the side of a square
    round it; of the corners' times of arrival, that is taken after which the ball is nearest to
    its corner. The goal is where the ball then is.
    """
    now = path[:, :1]
    first = eta(gripper, now[:, 0])
    reach = np.linalg.norm(at_time(path, first[:, None]) - now, axis=-1, keepdims=True)
    corners = now + reach * CORNERS
    times = _to_each(eta, gripper, corners)
    met = at_time(path, times)
    best = np.linalg.norm(corners - met, axis=-1).argmin(1)
    rows = np.arange(len(path))
    return met[rows, best], times[rows, best]


def full_search(gripper: np.ndarray, path: np.ndarray, eta: ETA) -> tuple[np.ndarray, np.ndarray]:
    """The first time at which the robot can be where the ball is (ours).

    Between the last step at which it would be late and the first at which it would not, the time
    is interpolated. Where it is late all along the path, the goal is where it is least so.
    """
    late = _to_each(eta, gripper, path) - np.arange(path.shape[1])
    in_time = late <= 0
    first = np.where(in_time.any(1), in_time.argmax(1), late.argmin(1))
    rows, before = np.arange(len(path)), np.maximum(first - 1, 0)
    left, crosses = late[rows, first], in_time.any(1) & (first > 0)
    gained = np.where(crosses, late[rows, before] - left, 1.0)
    time = first + np.where(crosses, left / gained, 0.0)
    return at_time(path, time[:, None])[:, 0], time + np.maximum(left, 0.0)


def _to_each(eta: ETA, gripper: np.ndarray, places: np.ndarray) -> np.ndarray:
    """(N, K) steps of (N, 3) grippers to (N, K, 3) places."""
    many = np.broadcast_to(gripper[:, None], places.shape)
    return eta(many.reshape(-1, 3), places.reshape(-1, 3)).reshape(places.shape[:2])


SEARCHES: dict[str, Search] = {"corners": corner_search, "full": full_search}
