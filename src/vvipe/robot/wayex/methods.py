"""What learns from the demonstration, and what it is compared with."""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from stable_baselines3 import TD3
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.noise import ActionNoise, OrnsteinUhlenbeckActionNoise

from vvipe.robot.demonstrations import Demonstration
from vvipe.robot.wayex.learners import WayExTD3
from vvipe.robot.wayex.networks import NormalisedReLU
from vvipe.robot.wayex.replay import SeveralSteps, SeveralStepsHindsight
from vvipe.robot.wayex.rewards import Dense, DistanceToDemonstration, Features, Rewarded
from vvipe.robot.wayex.waypoints import WaypointValue
from vvipe.robot.wayex.wrapper import WayExWrapper

GAMMA = 0.99  # of a step of the environment
RETURNS = 5  # steps: one step's worth is too little to be seen at a maze's rate of control
WARM_UP = 3000
_LEARNER: dict[str, Any] = {
    "batch_size": 256,
    "buffer_size": 100_000,
    "gradient_steps": 1,
    "learning_starts": 1000,
    "tau": 0.02,
    "policy_kwargs": {"net_arch": [128, 128], "activation_fn": NormalisedReLU},
}
_RATE = 1e-3  # of learning, at the start; it falls to nothing
_NOISE, _FORGET = 0.48, 0.05
"""Deviation of the noise on actions in training, and what it forgets in a step: it lasts some
twenty, as a mass has to be pushed."""


@dataclass(frozen=True)
class Setting:
    """What a method gets.

    Attributes:
        env: A sparse goal environment.
        demo: One demonstration.
        features: What of an observation stands in its columns.
        thresholds: (K,) to begin with, in units of its columns.
        horizon: Actions of an episode.
        seed: Of the learner.
        every: Steps from one update to the next.
        miss: What an episode costs that ends without success.
        gamma: Discount.
        returns: Steps whose rewards a critic's target sums up before it asks what is worth behind
            them.
    """

    env: Any
    demo: Demonstration
    features: Features
    thresholds: np.ndarray
    horizon: int
    seed: int
    every: int = 4
    miss: float = 0.0
    gamma: float = GAMMA
    returns: int = RETURNS

    def value(self) -> WaypointValue:
        """Of the demonstration's way-points, new."""
        return WaypointValue(self.demo, self.gamma, self.horizon, self.thresholds)


@dataclass(frozen=True)
class Method:
    """A way to learn; `learner` makes it for a setting."""

    title: str
    learner: Callable[[Setting], BaseAlgorithm]


def _td3(
    setting: Setting, env: Any, kind: type[TD3] = TD3,
    replay: type[SeveralSteps | SeveralStepsHindsight] = SeveralSteps,
    replayed: Mapping[str, Any] | None = None, **more: Any,
) -> BaseAlgorithm:  # fmt: skip
    if kind is TD3:
        more = {"gamma": setting.gamma, **more}
    several = {"n_steps": setting.returns, "gamma": setting.gamma}
    return kind(
        "MultiInputPolicy", env, seed=setting.seed, action_noise=_noise(setting), device="cpu",
        learning_rate=lambda left: _RATE * left, train_freq=setting.every,
        replay_buffer_class=replay, replay_buffer_kwargs={**several, **(replayed or {})},
        **copy.deepcopy(_LEARNER), **more,  # learners write into what they are given
    )  # fmt: skip


def _noise(setting: Setting) -> ActionNoise:
    actions = setting.env.action_space.shape
    push = _NOISE * np.sqrt(1 - (1 - _FORGET) ** 2)
    return OrnsteinUhlenbeckActionNoise(
        np.zeros(actions), np.full(actions, push), theta=_FORGET, dt=1.0
    )


def _sparse(s: Setting) -> BaseAlgorithm:
    return _td3(s, Rewarded(s.env))


def _her(s: Setting) -> BaseAlgorithm:
    hindsight = {"n_sampled_goal": 4, "goal_selection_strategy": "future"}
    return _td3(s, Rewarded(s.env), replay=SeveralStepsHindsight, replayed=hindsight)


def _dense(s: Setting) -> BaseAlgorithm:
    return _td3(s, Dense(s.env))


def _distance(s: Setting) -> BaseAlgorithm:
    return _td3(s, DistanceToDemonstration(s.env, s.demo, s.features))


def _distance_in_place(s: Setting) -> BaseAlgorithm:
    places = tuple(n for n in s.demo.names if not n.startswith("speed"))
    return _td3(s, DistanceToDemonstration(s.env, s.demo, s.features, places))


def _potential(s: Setting) -> BaseAlgorithm:
    return _td3(s, WayExWrapper(s.env, s.value(), features=s.features, miss=s.miss))


def _every_step(s: Setting) -> BaseAlgorithm:
    return _td3(s, WayExWrapper(s.env, s.value(), "value", s.features))


def _target(s: Setting, warmup: int = WARM_UP) -> BaseAlgorithm:
    value = s.value()
    env = WayExWrapper(s.env, value, "target", s.features)
    return _td3(s, env, WayExTD3, value=value, features=s.features, warmup=warmup)


def _target_cold(s: Setting) -> BaseAlgorithm:
    return _target(s, warmup=0)


METHODS: dict[str, Method] = {
    "sparse": Method("sparse reward", _sparse),
    "her": Method("hindsight (HER)", _her),
    "dense": Method("distance to the goal", _dense),
    "distance": Method("distance to the demonstration", _distance),
    "distance-places": Method("distance to the demonstration, without speeds", _distance_in_place),
    "wayex": Method("WayEx as potential (ours)", _potential),
    "wayex-target": Method("WayEx in the target", _target),
    "wayex-target-cold": Method("WayEx in the target, no warm-up", _target_cold),
    "wayex-value": Method("WayEx's value at every step", _every_step),
}
"""What `vvipe robot train` takes. The published form is the target's."""
