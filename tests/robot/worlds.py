"""Small worlds with goals: a line, and a grid."""

import gymnasium
import numpy as np
from gymnasium.spaces import Box, Dict, Discrete


class Line(gymnasium.Env):
    """A point on a line of 0 … 1 that moves by at most 0.1 a step; the goal is the far end."""

    def __init__(self, steps=30):
        self.steps = steps
        self.action_space = Box(-1, 1, (1,), np.float32)
        place = Box(-1, 2, (1,), np.float64)
        self.observation_space = Dict(observation=place, achieved_goal=place, desired_goal=place)
        self.sigma = 0.0

    def expand(self, sigma):
        self.sigma = sigma

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        self.place, self.count = np.zeros(1), 0
        self.goal = (
            np.ones(1) - abs(self.np_random.normal(0, self.sigma, 1)) if self.sigma else np.ones(1)
        )
        return self._seen(), {}

    def step(self, action):
        self.place = np.clip(self.place + 0.1 * np.clip(np.asarray(action, float), -1, 1), 0, 1)
        self.count += 1
        near = float(self.compute_reward(self.place, self.goal, {}))
        info = {"is_success": near == 0.0}
        return self._seen(), near, False, self.count >= self.steps, info

    def compute_reward(self, achieved, desired, info):
        return -(np.linalg.norm(achieved - desired, axis=-1) > 0.05).astype(np.float32)

    def _seen(self):
        return {"observation": self.place.copy(), "achieved_goal": self.place.copy(),
                "desired_goal": self.goal.copy()}  # fmt: skip


class Grid(gymnasium.Env):
    """Five by five fields; four moves; the goal is the corner opposite."""

    SIZE, MOVES = 5, ((0, 1), (0, -1), (1, 0), (-1, 0))

    def __init__(self):
        self.action_space = Discrete(4)
        place = Box(0, self.SIZE - 1, (2,), np.float64)
        self.observation_space = Dict(observation=place, achieved_goal=place, desired_goal=place)
        self.place = np.zeros(2)

    def at(self, place):
        """The observation there, from where the next step goes."""
        self.place = np.asarray(place, float)
        goal = np.full(2, self.SIZE - 1.0)
        return {"observation": self.place, "achieved_goal": self.place, "desired_goal": goal}

    def reset(self, *, seed=None, options=None):
        super().reset(seed=seed)
        return self.at((options or {}).get("at", (0, 0))), {}

    def step(self, action):
        seen = self.at(np.clip(self.place + self.MOVES[action], 0, self.SIZE - 1))
        reached = bool((self.place == self.SIZE - 1).all())
        return seen, float(reached), False, False, {"success": reached}

    def compute_reward(self, achieved, desired, info):
        return (np.abs(achieved - desired).sum(-1) == 0).astype(float)
