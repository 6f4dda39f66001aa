"""The value of way-points as the reward of any goal environment."""

from __future__ import annotations

from typing import Any, Literal, get_args

from vvipe.errors import VvipeError
from vvipe.robot.wayex.rewards import Features, Observation, Rewarded
from vvipe.robot.wayex.waypoints import WaypointValue

Mode = Literal["potential", "value", "target"]


def whole(observation: Observation) -> Any:
    """The observation as it is, without the goals."""
    return observation["observation"]


class WayExWrapper(Rewarded):
    """A goal environment that earns what WayEx says; thresholds grow with the states it sees.

    Args:
        goal_env: With observations `observation`, `achieved_goal`, `desired_goal`, and `success` or
            `is_success` in its info.
        value: Of the demonstration's way-points.
        mode: `potential`: the sparse reward plus γΦ(s') - Φ(s), with Φ the value, 0 where the
            episode ends (Ng et al., 1999): no optimal policy is changed, whatever the learner.
            `value`: the value itself at every step, as eq. 3 is printed.
            `target`: the sparse reward alone, for learners that have the value in their target.
        features: What of an observation stands in the demonstration's columns.
        grow: Whether thresholds grow.
        miss: As for `Rewarded`.
    """

    def __init__(
        self,
        goal_env: Any,
        value: WaypointValue,
        mode: Mode = "potential",
        features: Features = whole,
        grow: bool = True,
        miss: float = 0.0,
    ) -> None:
        if mode not in get_args(Mode):
            raise VvipeError(f"no mode {mode!r}", expected=", ".join(get_args(Mode)))
        super().__init__(goal_env, miss)
        self.value, self.mode, self.features, self.grow = value, mode, features, grow
        self._before = 0.0

    def reset(self, **options: Any) -> tuple[Any, dict[str, Any]]:
        """A new episode."""
        observation, info = super().reset(**options)
        state = self.features(observation)
        if state.shape[-1] != len(self.value.demo.names):
            raise VvipeError(
                "features are not the demonstration's columns",
                expected=", ".join(self.value.demo.names), got=f"{state.shape[-1]} numbers",
            )  # fmt: skip
        self._before = float(self.value(state))
        return observation, info

    def reward(self, observation: Observation, ended: bool, info: dict[str, Any]) -> float:
        """What the mode says; the shaping term stands in `info["shaping"]` too."""
        state = self.features(observation)
        if self.grow:
            self.value.observe(state)
        cost = super().reward(observation, ended, info)
        if self.mode == "target":
            return cost
        now = float(self.value(state))
        if self.mode == "value":
            return now
        after = 0.0 if ended else now
        info["shaping"] = self.value.gamma * after - self._before
        self._before = now
        return cost + info["shaping"]
