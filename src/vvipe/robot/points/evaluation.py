"""How often a policy succeeds, and how far a tracker strays."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from vvipe.robot.points.observers import Observer, Points
from vvipe.robot.points.policy import ClonedPolicy
from vvipe.robot.points.push import STEPS, Push, Snapshot, expert
from vvipe.robot.points.scene import Scene
from vvipe.robot.points.shifts import NONE, Shift
from vvipe.robot.rates import Rate

TEST_SEED = 1_000_000
"""Where the episodes that are tested on begin, beyond all that are trained on."""


@dataclass
class Trace:
    """What happened in one episode.

    Attributes:
        success: Whether the block came within 5 cm of the target in time; the episode ends there.
        steps: Taken.
        frames: (H, W, 3) uint8 each, where asked for.
        pixels: (N, 2) each: where the policy took its points to be.
        true_px: (N, 2) each: where they were.
        visible: (N,) each.
    """

    success: bool = False
    steps: int = 0
    frames: list[np.ndarray] = field(default_factory=list[np.ndarray])
    pixels: list[np.ndarray] = field(default_factory=list[np.ndarray])
    true_px: list[np.ndarray] = field(default_factory=list[np.ndarray])
    visible: list[np.ndarray] = field(default_factory=list[np.ndarray])

    @property
    def errors_px(self) -> np.ndarray:
        """(F, N) how far the points were from where they should have been."""
        return np.linalg.norm(np.array(self.pixels) - np.array(self.true_px), axis=-1)


def run_episode(
    push: Push,
    scene: Scene,
    policy: ClonedPolicy | Callable[[Snapshot], np.ndarray],
    observer: Observer,
    shift: Shift = NONE,
    seed: int = TEST_SEED,
    frames: bool = False,
    stop: bool = True,
) -> Trace:
    """One episode from its seed, which also draws how it looks.

    Args:
        push: The task.
        scene: How it is shown; its size is that of the frames.
        policy: A cloned one, or any function of the moment, such as `expert`.
        observer: What the policy is told.
        shift: How the episode looks.
        seed: Of the episode.
        frames: Whether the frames are kept, for a film.
        stop: Whether the episode ends at success; else it goes on to the last step.
    """
    now = push.reset(seed)
    scene.dress(now, shift, seed)
    observer.reset(scene)
    if isinstance(policy, ClonedPolicy):
        policy.reset()
    trace = Trace()
    for _ in range(STEPS):
        scene.show(now)
        told = observer(scene)
        _keep(trace, scene, observer, frames)
        action = policy.act(told) if isinstance(policy, ClonedPolicy) else policy(now)
        now = push.step(np.clip(action, -1, 1))
        trace.steps += 1
        trace.success |= now.success
        if stop and trace.success:
            break
    return trace


def evaluate(
    push: Push,
    scene: Scene,
    policy: ClonedPolicy | Callable[[Snapshot], np.ndarray],
    observer: Observer,
    shift: Shift = NONE,
    episodes: int = 50,
    seed: int = TEST_SEED,
) -> Rate:
    """Successes in episodes of consecutive seeds."""
    wins = sum(
        run_episode(push, scene, policy, observer, shift, seed + i).success for i in range(episodes)
    )
    return Rate(wins, episodes)


def tracking_row(
    push: Push, scene: Scene, observer: Points, episodes: int, seed: int = TEST_SEED
) -> dict[str, float | int]:
    """How well a tracker follows the points of the expert's episodes, over all their 50 frames.

    Anchors, and points whose true place is outside of the image, are left out. What hides behind
    the arm counts: the true place is then where it would be seen.
    """
    errors: list[np.ndarray] = []
    hidden: list[np.ndarray] = []
    for i in range(episodes):
        trace = run_episode(push, scene, expert, observer, seed=seed + i, stop=False)
        inside = scene.camera.inside(np.array(trace.true_px)) & ~observer.state.points.anchors
        errors.append(trace.errors_px[inside])
        hidden.append(~np.array(trace.visible)[inside])
    all_errors, lost = np.concatenate(errors), np.concatenate(hidden)
    return {
        "width": scene.size[0],
        "median_px": round(float(np.median(all_errors)), 2),
        "p90_px": round(float(np.percentile(all_errors, 90)), 2),
        "median_seen_px": round(float(np.median(all_errors[~lost])), 2),
        "lost": round(100 * float(lost.mean()), 1),
        "episodes": episodes,
    }


def _keep(trace: Trace, scene: Scene, observer: Observer, frames: bool) -> None:
    if frames:
        trace.frames.append(scene.frame().copy())
    if isinstance(observer, Points):
        places = observer.state.points.places(scene.model, scene.data)
        trace.true_px.append(scene.camera.project(places)[:, :2])
        trace.pixels.append(observer.pixels.copy())
        trace.visible.append(observer.visible.copy())
