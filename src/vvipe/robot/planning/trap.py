"""The task: a gripper comes down over a ball that rolls on a table, once.

Where it first reaches the plane of the ball it has committed itself: the ball is within the trap's
radius or has escaped, and the episode is over. Coming down takes time, so a ball that rolls has to
be met where it will be.

Times follow the paper's proportions at a fifth of its length: 100 bins over 100 steps instead of
500, 60 steps of forecast instead of 300.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np

from vvipe.robot.planning.motions import Box, Motion

EPISODE = 50  # steps, FetchReach's own
HORIZON = 100  # steps that times of arrival may take
FORECAST = 60  # steps foreseen
HISTORY = 24  # positions of the ball that are known, the present one last

Observation = dict[str, np.ndarray]


@dataclass(frozen=True)
class Trap:
    """Where the ball rolls, and what counts as caught; metres.

    Attributes:
        box: Of the ball's centre; flat in height.
        radius: Of the trap.
        touch: The gripper has come down when it is this near to the plane.
    """

    box: Box
    radius: float = 0.04
    touch: float = 0.01

    @classmethod
    def square(cls, middle: tuple[float, float, float], half: float = 0.2) -> Trap:
        """A trap round a place on the plane."""
        x, y, z = middle
        return cls(Box((x - half, y - half, z), (x + half, y + half, z)))

    @property
    def plane(self) -> float:
        """Height of the ball."""
        return self.box.low[2]

    def is_down(self, gripper: np.ndarray) -> np.ndarray:
        """(...) whether a gripper at (..., 3) has come down to the plane."""
        return np.asarray(gripper[..., 2] <= self.plane + self.touch)

    def is_over(self, gripper: np.ndarray, ball: np.ndarray) -> np.ndarray:
        """(...) whether the ball (..., 3) is within the trap's radius, seen from above."""
        aside = np.linalg.norm(gripper[..., :2] - ball[..., :2], axis=-1)
        return np.asarray(aside <= self.radius)


class Arena(Protocol):
    """N episodes side by side; the arrays of gymnasium's `reset` and `step` lead with N.

    Observations hold `observation`, `achieved_goal` (N, 3) the gripper, `desired_goal` (N, 3) the
    ball now and `history` (N, 24, 3) where it was, now last.
    """

    trap: Trap
    count: int

    def reset(self, *, seed: int) -> tuple[Observation, dict[str, Any]]:
        """New episodes."""
        ...

    def step(
        self, action: np.ndarray
    ) -> tuple[Observation, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Observation, reward, terminated, truncated, and `is_success` among what is known."""
        ...

    def future(self, steps: int) -> np.ndarray:
        """(N, steps, 3) where the ball will truly be; only for oracles and for measuring."""
        ...


def history(motion: Motion, step: int) -> np.ndarray:
    """(N, 24, 3) positions up to now; those before the start are what would have been."""
    return motion.positions(np.arange(step - HISTORY + 1, step + 1))


def future(motion: Motion, step: int, steps: int) -> np.ndarray:
    """(N, steps, 3) positions from the next step on."""
    return motion.positions(np.arange(step + 1, step + steps + 1))
