"""WayEx in the paper's form: the way-points' value bounds the critic's target from below."""

from __future__ import annotations

from typing import Any

import torch
from stable_baselines3 import SAC, TD3
from torch import Tensor, nn

from vvipe.robot.wayex.rewards import Features
from vvipe.robot.wayex.waypoints import WaypointValue
from vvipe.robot.wayex.wrapper import whole


class BoundedCritic(nn.Module):
    """A target critic that tells no less than the value of the state's way-point.

    The least of bounded critics is the bounded least, so a learner that takes the least of several
    needs no other change: y = r + γ max(V(s'), min Q(s', a')). With SAC, the entropy is subtracted
    outside the bound.

    Args:
        critic: (observations, actions) -> a tuple of (N, 1).
        value: Of way-points.
        features: What of an observation stands in the demonstration's columns.
        warmup: For so many calls, one a gradient step, the value alone is told: a critic that
            begins near 0, above every bound, would not feel it.
    """

    def __init__(
        self, critic: nn.Module, value: WaypointValue, features: Features, warmup: int
    ) -> None:
        super().__init__()
        self.critic, self.value, self.features, self.left = critic, value, features, warmup

    def forward(self, observations: dict[str, Tensor], actions: Tensor) -> tuple[Tensor, ...]:
        """The critics' values (N, 1), bounded."""
        told = self.critic(observations, actions)
        states = self.features({k: v.cpu().numpy() for k, v in observations.items()})
        bound = torch.as_tensor(self.value(states), dtype=told[0].dtype, device=told[0].device)
        if self.left > 0:
            self.left -= 1
            return tuple(bound[:, None].expand_as(q) for q in told)
        return tuple(torch.maximum(q, bound[:, None]) for q in told)


class _WayEx:
    """What both learners add to their parents: the bounded target.

    Args:
        value: Of way-points; its discount is the learner's.
        features: What of an observation stands in the demonstration's columns.
        warmup: Gradient steps on the value alone; 1,000 in the paper.
    """

    critic_target: Any

    def __init__(
        self,
        policy: Any,
        env: Any,
        value: WaypointValue,
        features: Features = whole,
        warmup: int = 1000,
        **options: Any,
    ) -> None:
        self._bound = value, features, warmup
        super().__init__(policy, env, gamma=value.gamma, **options)  # pyright: ignore[reportCallIssue]

    def _create_aliases(self) -> None:
        super()._create_aliases()  # pyright: ignore[reportAttributeAccessIssue, reportUnknownVariableType]
        self.critic_target = BoundedCritic(self.critic_target, *self._bound)


class WayExSAC(_WayEx, SAC):
    """Soft actor-critic whose target is bounded by the way-points' value (WayEx, algorithm 1)."""


class WayExTD3(_WayEx, TD3):
    """TD3 whose target is bounded by the way-points' value."""
