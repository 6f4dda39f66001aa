"""Policies that are told different things, trained on the same demonstrations, side by side."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path
from typing import Any

from vvipe.robot.points.cloned import Cloning
from vvipe.robot.points.cloning import clone
from vvipe.robot.points.evaluation import TEST_SEED, evaluate
from vvipe.robot.points.kept import Kept
from vvipe.robot.points.observers import Observer, Pixels, Points, Truth, exact
from vvipe.robot.points.policy import ClonedPolicy
from vvipe.robot.points.prescribed import PrescribedPoints
from vvipe.robot.points.push import Push
from vvipe.robot.points.push_points import GRIPPER
from vvipe.robot.points.recordings import Recording, observed, record
from vvipe.robot.points.scene import Scene
from vvipe.robot.points.shifts import ANY_CAMERA, NONE, SHIFTS, Shift
from vvipe.robot.points.state import PointState
from vvipe.robot.points.tracking import Disturbed
from vvipe.robot.rates import Rate

Progress = Callable[[str], None]
Recorded = Callable[[int, int], Sequence[Recording]]
"""Number and seed to demonstrations."""


@dataclass(frozen=True)
class Contestant:
    """What a policy is told and how it is trained.

    Attributes:
        name: In tables.
        observer: Makes what tells it.
        how: Its training; the seed is replaced.
        seen_as: How the demonstrations look.
        looks: How often each is looked at, each time dressed anew.
    """

    name: str
    observer: Callable[[], Observer]
    how: Cloning
    seen_as: Shift = NONE
    looks: int = 1

    @property
    def slug(self) -> str:
        """Of the names of its folders."""
        return self.name.replace(", ", "-").replace(" ", "-")


def contestants(points: PrescribedPoints) -> list[Contestant]:
    """True state; points in three forms; pixels of one camera and of many."""
    flat = Cloning(history=1)
    drawn = Cloning(network="pixels", history=1, steps=2500, batch=32, shake_px=1)

    def told(kind: str) -> Callable[[], Observer]:
        return lambda: Points(PointState(points, kind, GRIPPER))

    return [
        Contestant("true state", Truth, flat),
        Contestant("points, anchored", told("anchored"), flat),
        Contestant("points, scaled", told("scaled"), flat),
        Contestant("points, scaled, many cameras", told("scaled"), flat, ANY_CAMERA, looks=8),
        Contestant("pixels", Pixels, drawn),
        Contestant("pixels, many cameras", Pixels, drawn, ANY_CAMERA, looks=8),
    ]


def demonstrations(push: Push, count: int, seed: int) -> list[Recording]:
    """So many of the expert's successes, other ones for each seed."""
    return record(push, count, 10_000 * (seed + 1))


def train(
    contestant: Contestant, recordings: Sequence[Recording], scene: Scene, seed: int
) -> ClonedPolicy:
    """A contestant's policy from a set of demonstrations."""
    episodes = observed(
        recordings, contestant.observer(), scene, contestant.seen_as, contestant.looks, seed
    )
    return clone(episodes, replace(contestant.how, seed=seed))


def kept(
    contestant: Contestant, count: int, seed: int, recorded: Recorded, scene: Scene, folder: Path
) -> Kept:
    """A contestant's policy from so many demonstrations of a seed, in a folder below this one."""
    return Kept(
        folder / f"{contestant.slug}-{count}-{seed}",
        replace(contestant.how, seed=seed),
        lambda: train(contestant, recorded(count, seed), scene, seed),
    )


def tested(
    push: Push, scene: Scene, policy: Kept, observer: Observer, shift: Shift, episodes: int,
    seed: int, followed: str = "told truly",
) -> Rate:  # fmt: skip
    """A policy's successes in the episodes that all policies of its seed are tested on.

    Args:
        push: The task.
        scene: Its size is that of the frames.
        policy: Tested, where it has not been.
        observer: What it is told.
        shift: How the episodes look.
        episodes: How many.
        seed: Of the policy.
        followed: How the observer follows its points.
    """
    return policy.rate(
        f"{followed}, {shift.name}, {episodes} episodes",
        lambda p: evaluate(push, scene, p, observer, shift, episodes, TEST_SEED + 1000 * seed),
    )


def compare(
    push: Push,
    scene: Scene,
    entries: Sequence[Contestant],
    count: int,
    folder: Path,
    seeds: Sequence[int] = (0, 1, 2),
    shifts: Sequence[Shift] = SHIFTS,
    episodes: int = 50,
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Success of each policy under each shift.

    Args:
        push: The task.
        scene: Its size is that of the pixel policies' pictures.
        entries: The policies.
        count: Demonstrations.
        folder: Where policies and rates are kept.
        seeds: Each draws demonstrations, first weights and tested episodes of its own; in one seed
            all policies have the same demonstrations and the same episodes.
        shifts: How the tested episodes look.
        episodes: A seed and shift.
        progress: Is told what is done.

    Returns:
        Rows with `policy`, `demonstrations`, `shift`, `success` with its 95 % interval in percent
        over the episodes of all seeds, `worst_seed` and `best_seed`.
    """
    rates: dict[tuple[str, str], list[Rate]] = {}
    recorded = cache(partial(demonstrations, push))
    for seed in seeds:
        for entry in entries:
            policy, observer = kept(entry, count, seed, recorded, scene, folder), entry.observer()
            for shift in shifts:
                rate = tested(push, scene, policy, observer, shift, episodes, seed)
                rates.setdefault((entry.name, shift.name), []).append(rate)
                if progress is not None:
                    progress(f"{entry.name}, {shift.name}, seed {seed}: {100 * rate.share:.0f} %")
    return [
        {"policy": policy, "demonstrations": count, "shift": shift, **together(found)}
        for (policy, shift), found in rates.items()
    ]


def error_curve(
    push: Push,
    scene: Scene,
    points: PrescribedPoints,
    policies: Mapping[int, Kept],
    noises_px: Sequence[float],
    memory: float = 0.0,
    episodes: int = 50,
    progress: Progress | None = None,
) -> list[dict[str, Any]]:
    """Success of policies on anchored points against the error of what tracks them.

    Args:
        push: The task.
        scene: Its size says how large a pixel is.
        points: Prescribed.
        policies: Seed -> policy, trained without noise.
        noises_px: Standard deviations in each direction.
        memory: How much of an error stays from frame to frame.
        episodes: A policy and noise.
        progress: Is told what is done.
    """
    rows: list[dict[str, Any]] = []
    for noise in noises_px:
        found: list[Rate] = []
        for seed, policy in policies.items():
            observer = disturbed(points, noise, memory, seed)
            followed = f"errors of {noise:g} px, {memory:g} of them stay"
            found.append(tested(push, scene, policy, observer, NONE, episodes, seed, followed))
        rows.append({"noise_px": noise, "memory": memory, "width": scene.size[0]} | together(found))
        if progress is not None:
            progress(f"noise {noise:g} px: {rows[-1]['success']} %")
    return rows


def disturbed(points: PrescribedPoints, noise_px: float, memory: float, seed: int) -> Points:
    """Anchored points told with noise."""
    return Points(
        PointState(points, "anchored", GRIPPER),
        lambda scene, p: Disturbed(exact(scene, p), noise_px, memory=memory, seed=seed),
    )


def together(rates: Sequence[Rate]) -> dict[str, Any]:
    """Percent over all episodes of all seeds, and of the worst and the best seed."""
    shares = [round(100 * r.share, 1) for r in rates]
    return {**Rate.pooled(rates).row(), "worst_seed": min(shares), "best_seed": max(shares)}
