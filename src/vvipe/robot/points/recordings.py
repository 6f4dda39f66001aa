"""Demonstrations with actions, which P3-PO needs, and what observers make of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from vvipe.errors import VvipeError
from vvipe.robot.points.observers import Observer
from vvipe.robot.points.push import ACTIONS, STEPS, Push, Snapshot, expert
from vvipe.robot.points.scene import Scene
from vvipe.robot.points.shifts import NONE, Shift


@dataclass(frozen=True)
class Recording:
    """One success of the expert.

    Attributes:
        moments: T of them.
        actions: (T, 4) what the expert wanted in each.
    """

    moments: tuple[Snapshot, ...]
    actions: np.ndarray


def record(
    push: Push, count: int, seed: int, noise: float = 0.1, steps: int = STEPS
) -> list[Recording]:
    """Successes of the expert in episodes of their own; failures are thrown away, as in the paper.

    The motion is disturbed while the action that is kept is not (DART; Laskey et al., 2017), so
    that the demonstrations show how to come back.

    Args:
        count: How many.
        seed: Of the first episode; the next have the next numbers.
        noise: Standard deviation of what is added to each moved action.
        steps: Of an episode.

    Raises:
        VvipeError: Too few of the expert's episodes succeed.
    """
    out: list[Recording] = []
    rng = np.random.default_rng(seed)
    for episode in range(seed, seed + 4 * count + 8):
        if len(out) == count:
            return out
        now, moments, actions = push.reset(episode), [], []
        for _ in range(steps):
            wanted = expert(now)
            moments.append(now)
            actions.append(wanted)
            now = push.step(np.clip(wanted + noise * rng.normal(size=ACTIONS), -1, 1))
        if now.success:
            out.append(Recording(tuple(moments), np.array(actions)))
    if len(out) < count:
        raise VvipeError("the expert fails too often", expected=count, got=len(out))
    return out


def observed(
    recordings: Sequence[Recording],
    observer: Observer,
    scene: Scene,
    shift: Shift = NONE,
    looks: int = 1,
    seed: int = 0,
    progress: Callable[[str], None] | None = None,
) -> list[tuple[np.ndarray, np.ndarray]]:
    """What an observer tells of each recording, with its actions.

    Args:
        recordings: Of the expert.
        observer: Truth, points or pixels.
        scene: Is dressed anew for each.
        shift: How they look; `ANY_CAMERA` draws a camera for each.
        looks: How often each is looked at, each time dressed anew.
        seed: Of the dresses.
        progress: Is told what is done.

    Returns:
        (T, …) observations and (T, A) actions, `looks` for each recording.
    """
    out: list[tuple[np.ndarray, np.ndarray]] = []
    for look in range(looks):
        for i, recording in enumerate(recordings):
            scene.dress(recording.moments[0], shift, seed + look * len(recordings) + i)
            observer.reset(scene)
            told: list[np.ndarray] = []
            for moment in recording.moments:
                scene.show(moment)
                told.append(observer(scene))
            out.append((np.stack(told), recording.actions.astype(np.float32)))
        if progress is not None:
            progress(f"look {look + 1} of {looks}")
    return out
