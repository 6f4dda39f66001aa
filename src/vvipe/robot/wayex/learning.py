"""One training of a policy, and how often it succeeds on the way."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from stable_baselines3.common.base_class import BaseAlgorithm
from stable_baselines3.common.callbacks import BaseCallback

from vvipe.robot.actors import Actor
from vvipe.robot.rates import Rate
from vvipe.robot.wayex.rewards import Rewarded

EPISODES = 10


@dataclass
class Curve:
    """Success on the way: (environment steps, successes of the trials, their mean length)."""

    points: list[tuple[int, Rate, float]] = field(default_factory=list)

    def last(self, count: int = 2) -> Rate:
        """Of the last so many evaluations together."""
        return Rate.pooled(rate for _, rate, _ in self.points[-count:])


def measured(
    policy: Callable[[Any], np.ndarray], env: Any, episodes: int = EPISODES, seed: int = 0
) -> tuple[Rate, float]:
    """Success of a deterministic policy, and the mean length of its successes, NaN for none.

    Args:
        policy: Observation -> action.
        env: A goal environment with a limit of steps.
        episodes: How many.
        seed: Of the first; the others follow from it.
    """
    env = Rewarded(env)
    lengths: list[int] = []
    for episode in range(episodes):
        observation, _ = env.reset(seed=seed if not episode else None)
        steps, over, info = 0, False, {"is_success": False}
        while not over:
            observation, _, terminated, truncated, info = env.step(policy(observation))
            steps, over = steps + 1, terminated or truncated
        if info["is_success"]:
            lengths.append(steps)
    return Rate(len(lengths), episodes), float(np.mean(lengths)) if lengths else float("nan")


class Measuring(BaseCallback):
    """Measures the policy every so many steps, in an environment of its own."""

    def __init__(self, env: Any, every: int, seed: int, told: Callable[[Curve], None]) -> None:
        super().__init__()
        self.env, self.every, self.seed, self.told = env, every, seed, told
        self.curve = Curve()

    def _on_step(self) -> bool:
        if self.num_timesteps % self.every == 0:
            rate, length = measured(Actor.of(self.model), self.env, seed=self.seed)
            self.curve.points.append((self.num_timesteps, rate, length))
            self.told(self.curve)
        return True


def learn(
    learner: BaseAlgorithm,
    env: Any,
    steps: int,
    every: int,
    seed: int,
    callbacks: tuple[BaseCallback, ...] = (),
    told: Callable[[Curve], None] = lambda curve: None,
) -> Curve:
    """Trains for so many environment steps, and measures on the way.

    Args:
        learner: With its training environment.
        env: Where it is measured.
        steps: Of the environment.
        every: Steps from one measurement to the next.
        seed: Of the measurements; the same episodes each time.
        callbacks: More that are called at each step.
        told: Called after each measurement.
    """
    measuring = Measuring(env, every, 10_000 + seed, told)
    learner.learn(steps, callback=[measuring, *callbacks])
    return measuring.curve
