"""Any goal environment of gymnasium, with a goal that moves and is trapped or lost."""

from __future__ import annotations

from typing import Any

import gymnasium
import numpy as np
from gymnasium import spaces

from vvipe.errors import VvipeError
from vvipe.robot.planning.motions import Motion, sample_motion
from vvipe.robot.planning.trap import EPISODE, HISTORY, Observation, Trap, future, history

FETCH_TRAP = Trap.square((1.34, 0.75, 0.45))
"""Round the place where FetchReach's gripper starts, where the arm is not yet near its limits."""


class MovingGoal(gymnasium.Wrapper[Any, Any, Any, Any]):
    """The goal rolls; the episode ends when what is to reach it first comes down to its plane.

    It is a success only if the goal then is within the trap's radius: reward 0, else -1, a step.
    Observations get `history`, (24, 3) the goal's positions up to now, also from before the start.

    Args:
        env: Its observations hold `observation`, `achieved_goal` (3,) and `desired_goal` (3,).
        motion: `line`, `circle` or `bounce`.
        speed: Metres a step.
        trap: Where the goal rolls and what counts as caught.

    Raises:
        VvipeError: Not a goal environment.
    """

    def __init__(
        self, env: Any, motion: str = "bounce", speed: float = 0.0, trap: Trap = FETCH_TRAP
    ) -> None:
        super().__init__(env)
        space = env.observation_space
        told = space.spaces if isinstance(space, spaces.Dict) else {}
        shapes = {key: told[key].shape for key in ("achieved_goal", "desired_goal") if key in told}
        if "observation" not in told or list(shapes.values()) != [(3,), (3,)]:
            raise VvipeError(
                "no environment with a goal in space",
                expected="observation, achieved_goal (3,), desired_goal (3,)",
                got=shapes or space,
            )
        past = spaces.Box(-np.inf, np.inf, (HISTORY, 3), np.float64)
        self.observation_space = spaces.Dict({**space.spaces, "history": past})
        self.kind, self.speed, self.trap = motion, speed, trap
        self.steps = 0
        self.motion: Motion = sample_motion(motion, trap.box, speed, 1, np.random.default_rng(0))

    def reset(
        self, *, seed: int | None = None, options: dict[str, Any] | None = None
    ) -> tuple[Observation, dict[str, Any]]:
        """A new motion; the same one for the same seed."""
        seen, info = self.env.reset(seed=seed, options=options)
        rng = self.np_random if seed is None else np.random.default_rng(seed)
        self.motion = sample_motion(self.kind, self.trap.box, self.speed, 1, rng)
        self.steps = 0
        return self._with_goal(seen), info

    def step(self, action: Any) -> tuple[Observation, float, bool, bool, dict[str, Any]]:
        """One step of the robot and of the goal."""
        seen, _, _, truncated, info = self.env.step(action)
        self.steps += 1
        seen = self._with_goal(seen)
        down = bool(self.trap.is_down(seen["achieved_goal"]))
        caught = down and bool(self.trap.is_over(seen["achieved_goal"], seen["desired_goal"]))
        return seen, float(caught) - 1, down, truncated, {**info, "is_success": caught}

    @property
    def inner(self) -> Any:
        """The robot's environment, without wrappers."""
        return self.env.unwrapped

    def future(self, steps: int) -> np.ndarray:
        """(steps, 3) where the goal will be."""
        return future(self.motion, self.steps, steps)[0]

    def _with_goal(self, seen: Observation) -> Observation:
        past = history(self.motion, self.steps)[0]
        if hasattr(self.inner, "goal"):
            self.inner.goal = past[-1].copy()  # where the target's mark is drawn
        return {**seen, "desired_goal": past[-1], "history": past}


class Single:
    """One gymnasium environment as an arena of one episode."""

    count = 1

    def __init__(self, env: MovingGoal) -> None:
        self.env, self.trap = env, env.trap

    def reset(self, *, seed: int) -> tuple[Observation, dict[str, Any]]:
        """A new episode."""
        seen, info = self.env.reset(seed=seed)
        return _batched(seen), info

    def step(
        self, action: np.ndarray
    ) -> tuple[Observation, np.ndarray, np.ndarray, np.ndarray, dict[str, Any]]:
        """(1, A) actions."""
        seen, reward, ended, late, info = self.env.step(action[0].astype(np.float32))
        known = {"is_success": np.array([info["is_success"]])}
        return _batched(seen), np.array([reward]), np.array([ended]), np.array([late]), known

    @property
    def model(self) -> Any:
        """The simulator's, of a MuJoCo robot."""
        return self.env.inner.model

    def joints(self) -> np.ndarray:
        """(Q,) as a MuJoCo robot stands."""
        return self.env.inner.data.qpos.copy()

    def future(self, steps: int) -> np.ndarray:
        """(1, steps, 3) where the goal will be."""
        return self.env.future(steps)[None]


def fetch_trap(motion: str = "bounce", speed: float = 0.0, trap: Trap = FETCH_TRAP) -> Single:
    """FetchReach-v4 whose goal rolls on a square table, 40 cm wide unasked."""
    from vvipe.robot.robotics import register

    register()
    env = gymnasium.make("FetchReach-v4", max_episode_steps=EPISODE)
    return Single(MovingGoal(env, motion, speed, trap))


def _batched(seen: Observation) -> Observation:
    return {name: value[None] for name, value in seen.items()}
