"""What a step earns: the rules that learners are compared under."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gymnasium
import numpy as np

from vvipe.robot.demonstrations import Demonstration

Observation = Mapping[str, np.ndarray]
Features = Callable[[Observation], np.ndarray]


def succeeded(info: Mapping[str, Any]) -> bool:
    """Whether a goal environment says that the goal is reached."""
    return bool(info["success"] if "success" in info else info["is_success"])


class Rewarded(gymnasium.Wrapper[Any, Any, Any, Any]):
    """A goal environment whose episodes end at success; a step costs 1, the last nothing.

    Args:
        env: With `success` or `is_success` in its info.
        miss: What an episode costs that the environment ends without success: as many steps as
            would otherwise have been spent on it, or failing soon would be better than late.
    """

    def __init__(self, env: Any, miss: float = 0.0) -> None:
        super().__init__(env)
        self.miss = miss

    def step(self, action: Any) -> tuple[Any, float, bool, bool, dict[str, Any]]:
        """One step, with the reward of this rule."""
        observation, _, terminated, truncated, info = self.env.step(action)
        success = succeeded(info)
        info["is_success"] = success
        ended = terminated or success
        reward = self.reward(observation, ended, info)
        if ended and not success:
            reward -= self.miss
        return observation, reward, ended, truncated, info

    def reward(self, observation: Observation, ended: bool, info: dict[str, Any]) -> float:
        """What arriving at an observation earns; whether it is a success stands in `info`."""
        return 0.0 if info["is_success"] else -1.0

    def compute_reward(
        self, achieved: np.ndarray, desired: np.ndarray, info: Mapping[str, Any] | Sequence[Any]
    ) -> Any:
        """What steps would have earned with other goals, for hindsight.

        A shaping term that was added to a step's reward is added again: it belongs to the states.
        """
        sparse: Any = self.env.unwrapped
        best = sparse.compute_reward(desired, desired, {})
        cost = sparse.compute_reward(achieved, desired, info) - best
        if isinstance(info, Mapping):
            return cost + info.get("shaping", 0.0)
        return cost + np.array([i.get("shaping", 0.0) for i in info], np.float32)


class Dense(Rewarded):
    """Earns minus the distance to the goal."""

    def reward(self, observation: Observation, ended: bool, info: dict[str, Any]) -> float:
        """Minus the distance between what is achieved and what is desired."""
        return -float(np.linalg.norm(observation["achieved_goal"] - observation["desired_goal"]))


class DistanceToDemonstration(Rewarded):
    """Earns minus the distance to the nearest state of a demonstration.

    Args:
        env: A goal environment.
        demo: The demonstration.
        features: What of an observation stands in its columns.
        columns: The names of those that count; all by default.
    """

    def __init__(
        self, env: Any, demo: Demonstration, features: Features, columns: Sequence[str] = ()
    ) -> None:
        super().__init__(env)
        counts = np.isin(demo.names, columns or demo.names)
        self.demo, self.features = demo, features
        self._weights = counts / np.asarray(demo.scale)

    def reward(self, observation: Observation, ended: bool, info: dict[str, Any]) -> float:
        """Minus the distance, in units of the demonstration's scale; success earns nothing more."""
        apart = self.demo.difference(self.features(observation), self.demo.states)
        return -float(np.sqrt((((apart * self._weights) ** 2).sum(-1)).min()))
