"""The policy of a command: learned from its one demonstration, carried to a ball that rolls."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from gymnasium import ObservationWrapper, spaces

from vvipe.robot.actors import CONFIG, Actor
from vvipe.robot.join.spots import COLUMNS, demonstrate, relative, spot_arena, spot_trap
from vvipe.robot.planning.arrivals import arrivals
from vvipe.robot.planning.eta import ETANet
from vvipe.robot.planning.motions import Box
from vvipe.robot.planning.planner import DynamicPlanner, Planner
from vvipe.robot.planning.settings import FASTEST, FETCH_REACH
from vvipe.robot.planning.trajectory import TrajectoryNet
from vvipe.robot.planning.trap import EPISODE, Observation
from vvipe.robot.told import Told, nobody
from vvipe.robot.wayex.methods import METHODS, Setting

STEPS = 16_000  # of the environment
THRESHOLDS = (0.1, 0.1, 0.04, 0.06, 0.06, 0.06)  # metres, and metres a step
GAMMA = 0.95
MISS = 12  # steps that coming down elsewhere costs; at 20 it never dares to come down
ROLLOUTS = 400  # that the time of arrival is learned from
_UPDATES = 1500  # of either of the planner's networks
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


@dataclass(frozen=True)
class Skill:
    """What a command calls up.

    Attributes:
        spot: Of `SPOTS_M`.
        policy: For a ball that keeps still.
        eta: When it comes down where.
        trajectory: Where a ball about this spot will be.
    """

    spot: str
    policy: Learned
    eta: ETANet
    trajectory: TrajectoryNet

    def planner(self) -> Planner:
        """The policy led to where the ball will be, planned anew at every step."""
        return DynamicPlanner(self.policy, self.eta, self.trajectory, "full", replan=1)

    def naive(self) -> Planner:
        """The policy told where the ball is."""
        return Planner(self.policy)


def skill(spot: str, folder: Path, seed: int = 0, steps: int = STEPS, told: Told = nobody) -> Skill:
    """WayEx on the one demonstration of a spot, its ball still; then the planner's networks.

    What a folder holds already is not trained again.

    Args:
        spot: Of `SPOTS_M`.
        folder: Of the skill.
        seed: Of demonstration, learner and networks.
        steps: Of the environment.
        told: Given a line before what takes long.
    """
    box = spot_trap(spot).box
    if not (folder / CONFIG).is_file():
        told(f"{spot}: learning from its demonstration, {steps} steps")
        _learn(spot, folder, seed, steps)
    policy = Learned(Actor.load(folder), box)
    eta, trajectory = folder / "eta", folder / "trajectory"
    if not (trajectory / "config.json").is_file():
        told(f"{spot}: learning when it arrives, and where the ball will be")
        examples = arrivals(spot_arena(spot), policy, ROLLOUTS, seed)
        ETANet().fit(examples, _UPDATES, seed).save(eta)
        ahead = TrajectoryNet(box).fit(FASTEST * FETCH_REACH, updates=_UPDATES, seed=seed)
        ahead.save(trajectory)
    return Skill(spot, policy, ETANet.load(eta), TrajectoryNet.load(trajectory, box))


def skills(spots: Iterable[str], out: Path, seed: int = 0, told: Told = nobody) -> dict[str, Skill]:
    """Spot -> its skill, each kept in a folder of its own.

    Args:
        spots: Of `SPOTS_M`.
        out: Folder of their folders.
        seed: As for `skill`.
        told: As for `skill`.
    """
    return {
        spot: skill(spot, out / f"skill-{spot.replace(' ', '-')}-{seed}", seed, told=told)
        for spot in spots
    }


def _learn(spot: str, folder: Path, seed: int, steps: int) -> None:
    demo = demonstrate(spot, seed)
    env = _FromTheBall(spot_arena(spot).env)
    setting = Setting(
        env, demo, _metres, np.array(THRESHOLDS), EPISODE, seed, every=2, miss=MISS,
        gamma=GAMMA,
    )  # fmt: skip
    learner = METHODS["wayex"].learner(setting)
    learner.learn(steps)
    demo.save(folder / "demonstration.npz")
    Actor.of(learner).save(folder, {"spot": spot, "seed": seed, "steps": steps})


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
