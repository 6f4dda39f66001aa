"""What a command calls up: a policy for a still ball, carried to one that rolls."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from vvipe.robot.actors import CONFIG, Actor
from vvipe.robot.join.spots import spot_arena, spot_trap
from vvipe.robot.join.still import STEPS, Learned, learn_spot
from vvipe.robot.planning.arrivals import arrivals
from vvipe.robot.planning.eta import ETANet
from vvipe.robot.planning.planner import DynamicPlanner, Planner
from vvipe.robot.planning.settings import FASTEST, FETCH_REACH
from vvipe.robot.planning.trajectory import TrajectoryNet
from vvipe.robot.side_by_side import side_by_side
from vvipe.robot.told import Told, nobody

ROLLOUTS = 400  # that the time of arrival is learned from
_UPDATES = 1500  # of either of the planner's networks


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

    What a folder holds already is not trained again. A policy that fails its trial is learned anew,
    from the same demonstration.

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
        learn_spot(spot, folder, seed, steps, told)
    policy = Learned(Actor.load(folder), box)
    eta, trajectory = folder / "eta", folder / "trajectory"
    if not _is_whole(folder):
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
    return {spot: skill(spot, _folder(out, spot, seed), seed, told=told) for spot in spots}


def learned_skills(
    spots: Iterable[str], out: Path, seeds: Sequence[int], jobs: int = 1, told: Told = nobody
) -> list[dict[str, Skill]]:
    """As from `skills`, for each seed; so many of those that are not there are learned at a time.

    Args:
        spots: Of `SPOTS_M`.
        out: Folder of their folders.
        seeds: As for `skill`, each.
        jobs: Processes.
        told: As for `skill`.
    """
    spots = list(spots)
    works = [(spot, _folder(out, spot, seed), seed) for seed in seeds for spot in spots]
    missing = {work[1].name: work for work in works if not _is_whole(work[1])}
    side_by_side(_learn, missing, jobs, told)
    return [skills(spots, out, seed, told) for seed in seeds]


def _learn(spot: str, folder: Path, seed: int, told: Told) -> None:
    skill(spot, folder, seed, told=told)


def _folder(out: Path, spot: str, seed: int) -> Path:
    return out / f"skill-{spot.replace(' ', '-')}-{seed}"


def _is_whole(folder: Path) -> bool:
    return (folder / "trajectory" / "config.json").is_file()
