"""Replay of several steps at once: a critic learns what they earned and what is worth behind them.

stable-baselines3 has the like for plain observations (`NStepReplayBuffer`), not for those of goal
environments, nor for hindsight.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from stable_baselines3 import HerReplayBuffer
from stable_baselines3.common.buffers import DictReplayBuffer
from stable_baselines3.common.type_aliases import DictReplayBufferSamples


class _Several:
    """What both buffers add to their parents: samples over up to `n_steps` steps of one episode.

    Args:
        n_steps: At most; an episode's end cuts them short.
        gamma: Discount of a step.
    """

    buffer_size: int
    pos: int
    observations: dict[str, np.ndarray]
    next_observations: dict[str, np.ndarray]
    actions: np.ndarray
    rewards: np.ndarray
    dones: np.ndarray
    timeouts: np.ndarray
    to_torch: Any
    _normalize_obs: Any
    _normalize_reward: Any

    def __init__(self, *args: Any, n_steps: int, gamma: float, **options: Any) -> None:
        super().__init__(*args, **options)
        self.n_steps, self.gamma = n_steps, gamma

    def _ahead(self, rows: np.ndarray, lanes: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """(B, n_steps) rows from each of the (B,) given ones on, and which are of its episode."""
        ahead = (rows[:, None] + np.arange(self.n_steps)) % self.buffer_size
        last = self.dones[ahead, lanes[:, None]] > 0
        last |= ahead == (self.pos - 1) % self.buffer_size  # nothing newer is stored
        return ahead, np.cumsum(last, 1) - last == 0

    def _samples(
        self,
        ahead: np.ndarray,
        kept: np.ndarray,
        lanes: np.ndarray,
        rewards: np.ndarray,
        env: Any,
        goals: np.ndarray | None = None,
    ) -> DictReplayBufferSamples:
        """What (B, n_steps) rewards of the kept steps sum up to, and what it leads to.

        Args:
            ahead: As from `_ahead`.
            kept: As from `_ahead`.
            lanes: (B,) environments.
            rewards: (B, n_steps).
            env: Normalises, if it does.
            goals: (B, …) in place of those that were desired.
        """
        count = kept.sum(1)
        first, final = ahead[:, 0], ahead[np.arange(len(ahead)), count - 1]
        before = {k: v[first, lanes] for k, v in self.observations.items()}
        behind = {k: v[final, lanes] for k, v in self.next_observations.items()}
        if goals is not None:
            before["desired_goal"] = behind["desired_goal"] = goals
        earned = (rewards * kept * self.gamma ** np.arange(self.n_steps)).sum(1)
        over = self.dones[final, lanes] * (1 - self.timeouts[final, lanes])
        told = self._normalize_reward(earned[:, None].astype(np.float32), env)
        return DictReplayBufferSamples(
            observations={k: self.to_torch(v) for k, v in self._normalize_obs(before, env).items()},
            actions=self.to_torch(self.actions[first, lanes]),
            next_observations={
                k: self.to_torch(v) for k, v in self._normalize_obs(behind, env).items()
            },
            dones=self.to_torch(over[:, None].astype(np.float32)),
            rewards=self.to_torch(told),
            discounts=self.to_torch((self.gamma**count)[:, None].astype(np.float32)),
        )


class SeveralSteps(_Several, DictReplayBuffer):
    """Replay over several steps."""

    def _get_samples(self, batch_inds: np.ndarray, env: Any = None) -> DictReplayBufferSamples:
        lanes = np.random.randint(0, self.n_envs, len(batch_inds))
        ahead, kept = self._ahead(batch_inds, lanes)
        return self._samples(ahead, kept, lanes, self.rewards[ahead, lanes[:, None]], env)


class SeveralStepsHindsight(_Several, HerReplayBuffer):
    """Replay over several steps, of goals that were reached later in the episode."""

    def sample(self, batch_size: int, env: Any = None) -> DictReplayBufferSamples:  # pyright: ignore[reportIncompatibleMethodOverride]
        """Samples of episodes that have ended; `her_ratio` of them with another goal."""
        found = np.random.choice(np.flatnonzero(self.ep_length > 0), batch_size)
        rows, lanes = np.unravel_index(found, self.ep_length.shape)
        ahead, kept = self._ahead(rows, lanes)
        rewards = self.rewards[ahead, lanes[:, None]].copy()
        goals = self.observations["desired_goal"][rows, lanes].copy()
        other = slice(0, int(self.her_ratio * batch_size))
        goals[other] = self._sample_goals(rows[other], lanes[other])
        rewards[other] = self._earned(ahead[other], lanes[other], goals[other])
        return self._samples(ahead, kept, lanes, rewards, env, goals)

    def _earned(self, ahead: np.ndarray, lanes: np.ndarray, goals: np.ndarray) -> np.ndarray:
        """(B, n_steps) rewards of steps, had these (B, …) been their goals."""
        achieved = self.next_observations["achieved_goal"][ahead, lanes[:, None]]
        desired = np.broadcast_to(goals[:, None], achieved.shape)
        flat = (a.reshape(-1, a.shape[-1]) for a in (achieved, desired))
        infos = [{}] * ahead.size
        if self.copy_info_dict:
            infos = list(self.infos[ahead, lanes[:, None]].ravel())
        worlds: Any = self.env
        earned = worlds.env_method("compute_reward", *flat, infos, indices=[0])[0]
        return earned.reshape(ahead.shape)
