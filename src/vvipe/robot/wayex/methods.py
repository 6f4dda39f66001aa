"""What learns from the demonstration, and what it is compared with."""

from __future__ import annotations

import copy
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np
from stable_baselines3 import TD3, HerReplayBuffer
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.noise import OrnsteinUhlenbeckActionNoise

from vvipe.robot.demonstrations import Demonstration
from vvipe.robot.wayex.learners import WayExTD3
from vvipe.robot.wayex.rewards import Dense, DistanceToDemonstration, Rewarded
from vvipe.robot.wayex.waypoints import WaypointValue
from vvipe.robot.wayex.wrapper import WayExWrapper, whole

GAMMA = 0.99
WARM_UP = 3000
_LEARNER: dict[str, Any] = {
    "learning_rate": 1e-3,
    "batch_size": 256,
    "buffer_size": 100_000,
    "learning_starts": 1000,
    "train_freq": 4,
    "gradient_steps": 1,
    "policy_kwargs": {"net_arch": [128, 128]},
}
PUSH, FORGET = 0.15, 0.05
"""Of the noise on actions in training: it lasts some twenty steps, as a mass has to be pushed."""


@dataclass(frozen=True)
class Setting:
    """What a method gets.

    Attributes:
        env: A sparse goal environment.
        demo: One demonstration.
        thresholds: (K,) to begin with, in units of its columns.
        horizon: Steps of an episode.
        seed: Of the learner.
    """

    env: Any
    demo: Demonstration
    thresholds: np.ndarray
    horizon: int
    seed: int

    def value(self) -> WaypointValue:
        """Of the demonstration's way-points, new."""
        return WaypointValue(self.demo, GAMMA, self.horizon, self.thresholds)


@dataclass(frozen=True)
class Method:
    """A way to learn; `learner` makes it for a setting."""

    title: str
    learner: Callable[[Setting], BaseAlgorithm]


def _td3(setting: Setting, env: Any, kind: type[TD3] = TD3, **more: Any) -> BaseAlgorithm:
    actions = env.action_space.shape
    noise = OrnsteinUhlenbeckActionNoise(
        np.zeros(actions), np.full(actions, PUSH), theta=FORGET, dt=1.0
    )
    if kind is TD3:
        more = {"gamma": GAMMA, **more}
    return kind(
        "MultiInputPolicy", env, seed=setting.seed, action_noise=noise, device="cpu",
        **copy.deepcopy(_LEARNER), **more,  # learners write into what they are given
    )  # fmt: skip


def _sparse(s: Setting) -> BaseAlgorithm:
    return _td3(s, Rewarded(s.env))


def _her(s: Setting) -> BaseAlgorithm:
    hindsight = {"n_sampled_goal": 4, "goal_selection_strategy": "future"}
    return _td3(
        s, Rewarded(s.env), replay_buffer_class=HerReplayBuffer, replay_buffer_kwargs=hindsight
    )


def _dense(s: Setting) -> BaseAlgorithm:
    return _td3(s, Dense(s.env))


def _distance(s: Setting) -> BaseAlgorithm:
    return _td3(s, DistanceToDemonstration(s.env, s.demo, whole))


def _distance_in_place(s: Setting) -> BaseAlgorithm:
    places = tuple(n for n in s.demo.names if not n.startswith("speed"))
    return _td3(s, DistanceToDemonstration(s.env, s.demo, whole, places))


def _potential(s: Setting) -> BaseAlgorithm:
    return _td3(s, WayExWrapper(s.env, s.value()))


def _every_step(s: Setting) -> BaseAlgorithm:
    return _td3(s, WayExWrapper(s.env, s.value(), "value"))


def _target(s: Setting, warmup: int = WARM_UP) -> BaseAlgorithm:
    value = s.value()
    env = WayExWrapper(s.env, value, "target")
    return _td3(s, env, WayExTD3, value=value, warmup=warmup)


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
