"""Where a ball will be, from where it was, without learning.

A forecaster takes (N, H, D) positions, the present one last, and gives (N, F, D): the positions of
the next F steps, metres.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vvipe.robot.planning.motions import Box
from vvipe.robot.planning.trap import FORECAST

Forecaster = Callable[[np.ndarray], np.ndarray]


@dataclass(frozen=True)
class ConstantVelocity:
    """Straight on as in the last step, through walls.

    Attributes:
        steps: F.
    """

    steps: int = FORECAST

    def __call__(self, past: np.ndarray) -> np.ndarray:
        """(N, F, D)."""
        return _straight(past[:, -1], past[:, -1] - past[:, -2], self.steps)


@dataclass(frozen=True)
class ReflectedVelocity:
    """Straight on, thrown back by walls that are known; exact for `Bounce`.

    Attributes:
        box: The walls.
        steps: F.
    """

    box: Box
    steps: int = FORECAST

    def __call__(self, past: np.ndarray) -> np.ndarray:
        """(N, F, D)."""
        last, before = past[:, -1] - past[:, -2], past[:, -2] - past[:, -3]
        # A step that met the wall is shorter than the one before, and has turned round.
        met = np.abs(last) < (1 - 1e-9) * np.abs(before)
        velocity = np.where(met, -before, last)
        return self.box.reflect(_straight(past[:, -1], velocity, self.steps))


def _straight(now: np.ndarray, velocity: np.ndarray, steps: int) -> np.ndarray:
    return now[:, None] + velocity[:, None] * np.arange(1, steps + 1)[:, None]
