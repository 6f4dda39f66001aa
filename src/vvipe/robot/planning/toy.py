"""The trap without physics: a point for a gripper, many episodes at once, numpy alone."""

from __future__ import annotations

from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.robot.planning.motions import Bounce, Motion, sample_motion
from vvipe.robot.planning.trap import EPISODE, Observation, Trap, future, history

TOY_TRAP = Trap.square((0.0, 0.0, 0.0))
TOY_REACH = 0.033  # metres a step, as fast as FetchReach's gripper
START_HEIGHT = 0.1


class PointTrap:
    """Point grippers that go where they are told, at most `reach` metres a step.

    Interface and task are those of `MovingGoal` round FetchReach, with a leading axis for the
    episodes; grippers start anywhere above the table.

    Args:
        motion: `line`, `circle` or `bounce`.
        speed: Of the ball, metres a step.
        count: Episodes side by side.
        trap: Where the ball rolls.
        reach: Metres a step of an action of length 1.
    """

    def __init__(
        self,
        motion: str = "bounce",
        speed: float = 0.0,
        count: int = 1,
        trap: Trap = TOY_TRAP,
        reach: float = TOY_REACH,
    ) -> None:
        self.kind, self.speed, self.count = motion, speed, count
        self.trap, self.reach = trap, reach
        still = np.zeros((count, 3))
        self.gripper, self.steps = still, 0
        self.motion: Motion = Bounce(trap.box, still, still)

    def reset(self, *, seed: int) -> tuple[Observation, dict[str, Any]]:
        """New balls and grippers."""
        rng = np.random.default_rng(seed)
        self.motion = sample_motion(self.kind, self.trap.box, self.speed, self.count, rng)
        self.gripper = self.trap.box.sample(rng, self.count) + np.array([0, 0, START_HEIGHT])
        self.steps = 0
        return self._observation(), {}

    def step(
        self, action: np.ndarray
    ) -> tuple[Observation, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """Moves grippers and balls; an episode that has ended goes on, which means nothing.

        Args:
            action: (N, 3) share of the reach on each axis, -1 to 1.
        """
        if action.shape != self.gripper.shape:
            raise VvipeError("no actions", expected=self.gripper.shape, got=action.shape)
        self.gripper = self.gripper + self.reach * np.clip(action, -1, 1)
        self.steps += 1
        seen = self._observation()
        down = self.trap.is_down(self.gripper)
        caught = down & self.trap.is_over(self.gripper, seen["desired_goal"])
        late = np.full(self.count, self.steps >= EPISODE)
        return seen, caught - 1.0, down, late, {"is_success": caught}

    def future(self, steps: int) -> np.ndarray:
        """(N, steps, 3) where the balls will be."""
        return future(self.motion, self.steps, steps)

    def _observation(self) -> Observation:
        past = history(self.motion, self.steps)
        return {
            "observation": self.gripper,
            "achieved_goal": self.gripper,
            "desired_goal": past[:, -1],
            "history": past,
        }
