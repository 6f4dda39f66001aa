"""What each command asks for: to trap a ball in one corner of a table, or in its middle."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from vvipe.robot.demonstrations import Demonstration
from vvipe.robot.planning.moving_goal import FETCH_TRAP, Single, fetch_trap
from vvipe.robot.planning.settings import FETCH_REACH
from vvipe.robot.planning.static import HoverThenDescend
from vvipe.robot.planning.trap import Trap

SPOTS_M = {
    "far left": (0.12, 0.12), "far right": (0.12, -0.12), "middle": (0.0, 0.0),
    "near left": (-0.12, 0.12), "near right": (-0.12, -0.12),
}  # fmt: skip
"""Where, from the middle of the table: forward and to the left."""
HALF_M = 0.06  # of the square in which a spot's ball rolls
COLUMNS = ("ahead_m", "left_m", "up_m", "speed_ahead", "speed_left", "speed_up")
_SPEED = slice(5, 8)  # of FetchReach's observation: the gripper's


def spot_trap(spot: str) -> Trap:
    """The part of the table in which a spot's ball rolls."""
    low, high = (np.array(FETCH_TRAP.box.low), np.array(FETCH_TRAP.box.high))
    x, y, z = (low + high) / 2
    ahead, left = SPOTS_M[spot]
    return Trap.square((x + ahead, y + left, z), HALF_M)


def spot_arena(spot: str, motion: str = "bounce", speed: float = 0.0) -> Single:
    """FetchReach-v4 with a ball that rolls about a spot, at so many metres a step."""
    return fetch_trap(motion, speed, spot_trap(spot))


def relative(observation: Mapping[str, np.ndarray]) -> np.ndarray:
    """(..., 6) place of the gripper from the ball, metres, and its speed: the demonstration's."""
    apart = observation["achieved_goal"] - observation["desired_goal"]
    return np.concatenate([apart, observation["observation"][..., _SPEED]], -1)


def demonstrate(spot: str, seed: int = 0) -> Demonstration:
    """The states of one success at a spot whose ball keeps still; no action is kept."""
    arena = spot_arena(spot)
    static = HoverThenDescend(arena.trap, FETCH_REACH, 4)
    seen, _ = arena.reset(seed=seed)
    states, over = [relative(seen)[0]], False
    while not over:
        seen, _, down, late, _ = arena.step(static(seen, seen["desired_goal"]))
        states.append(relative(seen)[0])
        over = bool(down[0] or late[0])
    return Demonstration(np.array(states), COLUMNS, task=spot)
