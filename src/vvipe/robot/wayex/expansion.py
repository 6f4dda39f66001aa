"""Knowledge expansion: starts and goals spread while the task succeeds (WayEx, section 3)."""

from __future__ import annotations

from collections import deque

import numpy as np
from stable_baselines3.common.callbacks import BaseCallback


class Expansion(BaseCallback):
    """Raises the spread of start and goal after every so many episodes.

    The environment takes the spread, in metres, by its method `expand(sigma)`, and draws starts and
    goals with that standard deviation about the demonstration's.

    Args:
        step: By how much, in metres.
        episodes: After how many.
        threshold: Share of them that must have succeeded; 0.05 in the paper.

    Attributes:
        sigma: The spread now.
        history: (environment steps, sigma) at every change.
    """

    def __init__(self, step: float = 1e-3, episodes: int = 25, threshold: float = 0.05) -> None:
        super().__init__()
        self.step, self.threshold = step, threshold
        self.sigma = 0.0
        self.history: list[tuple[int, float]] = [(0, 0.0)]
        self._ended: deque[bool] = deque(maxlen=episodes)

    def _on_step(self) -> bool:
        for done, info in zip(self.locals["dones"], self.locals["infos"], strict=True):
            if done:
                self._ended.append(bool(info["is_success"]))
        if len(self._ended) == self._ended.maxlen:
            if np.mean(self._ended) >= self.threshold:
                self.sigma += self.step
                self.history.append((self.num_timesteps, self.sigma))
                self.training_env.env_method("expand", self.sigma)
            self._ended.clear()
        return True
