"""How long a static policy takes to arrive: examples from rollouts, and exactly by simulation."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from vvipe.robot.planning.static import HoverThenDescend, StaticPolicy
from vvipe.robot.planning.trap import HORIZON, Arena

ETA = Callable[[np.ndarray, np.ndarray], np.ndarray]
"""(N, 3) grippers, (N, 3) goals -> (N,) steps until the gripper comes down there."""


@dataclass(frozen=True)
class Arrivals:
    """Where the robot was, where it went, and how many steps later it came down there.

    Attributes:
        gripper: (M, 3) metres.
        goal: (M, 3) metres.
        steps: (M,) whole steps.
        episode: (M,) of which rollout.
    """

    gripper: np.ndarray
    goal: np.ndarray
    steps: np.ndarray
    episode: np.ndarray

    def __len__(self) -> int:
        return len(self.steps)

    def of(self, chosen: np.ndarray) -> Arrivals:
        """Those of (M,) that are chosen."""
        return Arrivals(
            self.gripper[chosen], self.goal[chosen], self.steps[chosen], self.episode[chosen]
        )


def arrivals(arena: Arena, static: StaticPolicy, episodes: int, seed: int = 0) -> Arrivals:
    """Rolls a static policy out to random goals that keep still.

    On the way to a first goal the robot is told another one, near or far, so that it is met
    at all places, heights and headings a planner will lead it through. What never arrives within
    the horizon is left out.

    Args:
        arena: Where; its balls do not matter.
        static: The policy.
        episodes: Rollouts.
        seed: Decides everything.
    """
    rng, found = np.random.default_rng(seed), list[Arrivals]()
    rounds = -(-episodes // arena.count)
    for number, arena_seed in enumerate(rng.integers(2**31, size=rounds)):
        found.append(_one_round(arena, static, rng, int(arena_seed), number * arena.count))
    fields = ("gripper", "goal", "steps", "episode")
    return Arrivals(*(np.concatenate([getattr(f, name) for f in found]) for name in fields))


def _one_round(
    arena: Arena, static: StaticPolicy, rng: np.random.Generator, seed: int, first: int
) -> Arrivals:
    box, count = arena.trap.box, arena.count
    decoy, far = box.sample(rng, count), box.sample(rng, count)
    aside = rng.normal(0, arena.trap.radius, (count, 3)) * (box.size > 0)
    near = np.clip(decoy + aside, box.low, box.high)
    goal = np.where(rng.random((count, 1)) < 0.5, near, far)
    told = rng.integers(0, 16, count)  # the step at which the true goal is told
    seen, down = arena.reset(seed=seed)[0], np.full(count, -1)
    grippers = [seen["achieved_goal"]]
    for step in range(HORIZON):
        now = np.where((step >= told)[:, None], goal, decoy)
        seen, _, ended, late, _ = arena.step(static(seen, now))
        grippers.append(seen["achieved_goal"])
        down[ended & (down < 0)] = step + 1
        if (late | (down >= 0)).all():
            break
    left = down[:, None] - np.arange(len(grippers))
    rows, steps = np.nonzero((left > 0) & (np.arange(len(grippers)) >= told[:, None]))
    places = np.stack(grippers, 1)[rows, steps]
    return Arrivals(places, goal[rows], left[rows, steps], first + rows)


@dataclass(frozen=True)
class SimulatedETA:
    """The exact time of arrival where the gripper goes as it is told, such as in the toy.

    Attributes:
        static: The policy that is simulated.
        horizon: Steps after which it is given up.
    """

    static: HoverThenDescend
    horizon: int = HORIZON

    def __call__(self, gripper: np.ndarray, goal: np.ndarray) -> np.ndarray:
        """(N,) steps; grippers and goals (N, 3)."""
        place, steps = gripper.copy(), np.zeros(len(gripper))
        for _ in range(self.horizon):
            going = ~self.static.trap.is_down(place)
            if not going.any():
                break
            steps[going] += 1
            action = self.static.act(place[going], goal[going])[..., :3]
            place[going] += self.static.reach * action
        return steps
