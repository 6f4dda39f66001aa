"""The task: FetchPush of gymnasium-robotics, and an expert that gets behind the block."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import gymnasium
import numpy as np

from vvipe.robot.robotics import register

TASK = "FetchPush-v4"
STEPS = 50  # of an episode, 0.04 s each
ACTIONS = 4  # the gripper's motion in x, y, z of the world, 1 = 5 cm; and its fingers, shut here
_GRIPPER, _BLOCK = slice(0, 3), slice(3, 6)  # of the environment's `observation`
_BEHIND_M = 0.075  # from the block's middle to where a push begins
_HOVER_M = 0.09  # above the block's middle, on the way over it
_GAIN = 8.0  # action for a metre of way


@dataclass(frozen=True)
class Snapshot:
    """One moment of an episode: all that is needed to draw it again.

    Attributes:
        qpos: (nq,) MuJoCo's joint positions.
        gripper: (3,) between its fingers, metres, world.
        block: (3,) its middle.
        target: (3,) where the block should go.
        success: Whether the block's middle is within 5 cm of the target.
    """

    qpos: np.ndarray
    gripper: np.ndarray
    block: np.ndarray
    target: np.ndarray
    success: bool


class Push:
    """FetchPush-v4, reset by seed alone."""

    def __init__(self) -> None:
        register()
        self._env: Any = gymnasium.make(TASK, max_episode_steps=STEPS).unwrapped

    @property
    def xml(self) -> str:
        """The file that describes the scene."""
        return self._env.fullpath

    def reset(self, seed: int) -> Snapshot:
        """The first moment of the episode of a seed."""
        observation, _ = self._env.reset(seed=seed)
        return self._snapshot(observation, success=False)

    def step(self, action: np.ndarray) -> Snapshot:
        """The moment after (4,) an action in -1 … 1."""
        observation, _, _, _, info = self._env.step(np.asarray(action, np.float32))
        return self._snapshot(observation, bool(info["is_success"]))

    def close(self) -> None:
        """Frees the simulator."""
        self._env.close()

    def _snapshot(self, observation: dict[str, np.ndarray], success: bool) -> Snapshot:
        told, target = observation["observation"], observation["desired_goal"]
        qpos = self._env.data.qpos.copy()
        return Snapshot(qpos, told[_GRIPPER], told[_BLOCK], target.copy(), success)


def expert(snapshot: Snapshot) -> np.ndarray:
    """(4,) the action of a P-controller: over the block, down behind it, and push.

    It looks at this moment alone, so that what it would do can be asked in any state; and nothing
    in it switches, so that it can be learned from few demonstrations.
    """
    gripper, block = snapshot.gripper, snapshot.block
    way = (snapshot.target - block) * (1, 1, 0)
    left = float(np.linalg.norm(way))
    ahead = way / max(left, 1e-6)
    apart = (gripper - block) * (1, 1, 0)
    along, above = float(apart @ ahead), float(gripper[2] - block[2])
    aside = apart - along * ahead
    # How far from the lane behind the block; higher up it begins further back, clear of the block.
    astray = float(np.linalg.norm(aside)) + max(0.0, along + 0.03 + 0.025 * _ramp(above, 0, 0.05))
    lift = _ramp(astray, 0.02, 0.07)
    push = (1 - lift) * (1 - _ramp(above, 0.01, 0.04))
    forward = push * (_BEHIND_M - 0.045 + min(left, 0.06))
    wanted = block + (forward - _BEHIND_M) * ahead - push * aside + (0, 0, _HOVER_M * lift)
    move = wanted - gripper
    move[:2] *= max(1 - lift, _ramp(above, 0.03, 0.06))  # up first, not through the block
    calm = _ramp(left, 0.01, 0.03)
    return np.clip(np.append(_GAIN * calm * move, 0), -1, 1)


def _ramp(x: float, low: float, high: float) -> float:
    """From 0 at `low` to 1 at `high`."""
    return min(max((x - low) / (high - low), 0.0), 1.0)
