"""WayEx on the one demonstration of a spot whose ball keeps still."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from gymnasium import ObservationWrapper, spaces

from vvipe.robot.actors import Actor
from vvipe.robot.demonstrations import Demonstration
from vvipe.robot.join.spots import COLUMNS, demonstrate, relative, spot_arena, spot_trap
from vvipe.robot.planning.episodes import run_episodes
from vvipe.robot.planning.motions import Box
from vvipe.robot.planning.planner import Planner
from vvipe.robot.planning.trap import EPISODE, Observation
from vvipe.robot.told import Told, nobody
from vvipe.robot.wayex.methods import METHODS, Setting

STEPS = 16_000  # of the environment
THRESHOLDS = (0.1, 0.1, 0.04, 0.06, 0.06, 0.06)  # metres, and metres a step
GAMMA = 0.95
MISS = 12  # steps that coming down elsewhere costs; at 20 it never dares to come down
TRIES, ENOUGH = 3, 0.8
"""A policy that traps fewer of its still balls is learned anew, so often at most."""
_TRIAL, _TRIAL_SEED = 20, 900  # balls
_UNIT = 0.1  # metres: what the network sees of a table is then about 1


@dataclass(frozen=True)
class Learned:
    """A trained actor as a static policy; it is only told goals of the kind it has learned.

    Attributes:
        actor: Of a command.
        known: Where the goals of its training lay.
    """

    actor: Actor
    known: Box

    def __call__(self, observation: Observation, goal: np.ndarray) -> np.ndarray:
        """(..., A) actions; goals (..., 3), those elsewhere moved to the nearest that is known."""
        goal = np.clip(goal, self.known.low, self.known.high)
        return self.actor(_seen({**observation, "desired_goal": goal}))


def learn_spot(
    spot: str, folder: Path, seed: int = 0, steps: int = STEPS, told: Told = nobody
) -> None:
    """Learns a policy into a folder, with its demonstration; one that fails its trial anew.

    Args:
        spot: Of `SPOTS_M`.
        folder: Of the policy; its `actor.json` says how many `tries` it took, and which share of
            the trial's balls, which keep `still`, it traps.
        seed: Of demonstration and learner.
        steps: Of the environment, a try.
        told: Given a line at each try.
    """
    demo, arena, box = demonstrate(spot, seed), spot_arena(spot), spot_trap(spot).box
    tried: list[tuple[float, Actor]] = []
    share = 0.0
    while share < ENOUGH and len(tried) < TRIES:
        actor = _learned(spot, demo, seed + 1000 * len(tried), steps)
        caught = run_episodes(arena, Planner(Learned(actor, box)), _TRIAL, _TRIAL_SEED).caught
        told(f"{spot}: traps {caught.sum()} of {len(caught)} balls that keep still")
        share = float(caught.mean())
        tried.append((share, actor))
    best, actor = max(tried, key=lambda one: one[0])
    demo.save(folder / "demonstration.npz")
    about = {"spot": spot, "seed": seed, "steps": steps, "tries": len(tried), "still": best}
    actor.save(folder, about)


def _learned(spot: str, demo: Demonstration, seed: int, steps: int) -> Actor:
    """WayEx on one demonstration."""
    setting = Setting(
        _FromTheBall(spot_arena(spot).env), demo, _metres, np.array(THRESHOLDS), EPISODE, seed,
        every=2, miss=MISS, gamma=GAMMA,
    )  # fmt: skip
    learner = METHODS["wayex"].learner(setting)
    learner.learn(steps)
    return Actor.of(learner)


class _FromTheBall(ObservationWrapper[Any, Any, Any]):
    """Tells the gripper's place and speed from the ball alone, in decimetres."""

    def __init__(self, env: Any) -> None:
        super().__init__(env)
        box = spaces.Box(-np.inf, np.inf, (len(COLUMNS),), np.float64)
        self.observation_space = spaces.Dict({"observation": box})

    def observation(self, observation: Any) -> dict[str, np.ndarray]:
        """What the learner sees."""
        return _seen(observation)


def _seen(observation: Mapping[str, np.ndarray]) -> dict[str, np.ndarray]:
    return {"observation": relative(observation) / _UNIT}


def _metres(observation: Mapping[str, np.ndarray]) -> np.ndarray:
    return observation["observation"] * _UNIT
