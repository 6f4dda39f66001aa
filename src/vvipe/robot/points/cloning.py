"""Behaviour cloning with histories and chunks, as P3-PO clones (BAKU, in small)."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import Tensor

from vvipe.errors import VvipeError
from vvipe.robot.points.chunks import windows
from vvipe.robot.points.cloned import Cloned, Cloning
from vvipe.robot.points.policy import ClonedPolicy

STD = 0.1  # of the paper's Gaussian
_STILL = 1e-5  # a column that varies less is left as it is


def gaussian_loss(told: Tensor, wanted: Tensor, exist: Tensor, std: float = STD) -> Tensor:
    """-log density of a Gaussian of fixed spread, but for its constant: squared error / 2 std².

    The paper's is called truncated, at -1 and 1. The normaliser of the truncation is left out
    here: actions and means are within the bounds anyway, and what is left is least squares.

    Args:
        told: (B, C, A) means.
        wanted: (B, C, A) actions.
        exist: (B, C) which actions there are: a chunk can reach beyond its episode.
    """
    error = ((told - wanted) ** 2).mean(-1) / (2 * std**2)
    return (error * exist).sum() / exist.sum()


def clone(
    episodes: Sequence[tuple[np.ndarray, np.ndarray]],
    how: Cloning | None = None,
    progress: Callable[[int, float], None] | None = None,
) -> ClonedPolicy:
    """Trains a policy to do in each observation what the demonstrator did.

    Args:
        episodes: (T, …) observations and (T, A) actions in -1 … 1; P3-PO needs the actions.
        how: Sizes, steps and seed.
        progress: Is told the step and the loss, every hundredth step.

    Raises:
        VvipeError: No episodes, or such as do not fit together.
    """
    how = how or Cloning()
    _check(episodes)
    rng = np.random.default_rng(how.seed)
    seen_rows, told_rows, exist = windows(episodes, how.history, how.chunk)
    observations = torch.from_numpy(np.concatenate([o for o, _ in episodes]))
    actions = torch.from_numpy(np.concatenate([a for _, a in episodes]).astype(np.float32))
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(how.seed)
        network = Cloned(tuple(observations.shape[1:]), actions.shape[1], how)
        _set_scale(network, observations)
        optimiser = torch.optim.AdamW(
            network.parameters(), lr=how.rate, weight_decay=how.weight_decay
        )
        schedule = torch.optim.lr_scheduler.CosineAnnealingLR(optimiser, how.steps)
        for step in range(how.steps):
            pick = rng.integers(len(seen_rows), size=how.batch)
            seen = _shaken(observations[seen_rows[pick]], how.shake_px, rng)
            told = network(seen)
            loss = gaussian_loss(told, actions[told_rows[pick]], torch.from_numpy(exist[pick]))
            optimiser.zero_grad()
            loss.backward()
            optimiser.step()
            schedule.step()
            if progress is not None and step % 100 == 0:
                progress(step, float(loss.detach()))
    return ClonedPolicy(network)


def _set_scale(network: Cloned, observations: Tensor) -> None:
    """Columns get mean 0 and spread 1; pixels go from 0 … 255 to -1 … 1."""
    if observations.ndim > 2:
        network.mean.fill_(127.5)
        network.scale.fill_(127.5)
        return
    spread = observations.float().std(0)
    network.mean.copy_(observations.float().mean(0))
    network.scale.copy_(torch.where(spread > _STILL, spread, torch.ones_like(spread)))


def _shaken(frames: Tensor, most_px: int, rng: np.random.Generator) -> Tensor:
    """(B, H, h, w, 3) moved by up to so many pixels, alike within a history; edges repeat."""
    if not most_px:
        return frames
    h, w = frames.shape[2:4]
    moves = rng.integers(-most_px, most_px + 1, (len(frames), 2))
    rows = torch.from_numpy(np.clip(np.arange(h) + moves[:, :1], 0, h - 1))
    columns = torch.from_numpy(np.clip(np.arange(w) + moves[:, 1:], 0, w - 1))
    batch = torch.arange(len(frames))[:, None, None]
    return frames[batch, :, rows[:, :, None], columns[:, None, :]].permute(0, 3, 1, 2, 4)


def _check(episodes: Sequence[tuple[np.ndarray, np.ndarray]]) -> None:
    if not episodes:
        raise VvipeError("no demonstrations")
    shapes = {(o.shape[1:], a.shape[1:]) for o, a in episodes}
    if len(shapes) > 1:
        raise VvipeError("demonstrations differ in shape", got=sorted(map(str, shapes)))
    for i, (observations, actions) in enumerate(episodes):
        where = f"demonstration {i}"
        if not len(observations) or len(observations) != len(actions) or actions.ndim != 2:
            raise VvipeError(
                "an action (A) for each observation is needed", where=where,
                expected=f"({len(observations)}, A)", got=actions.shape,
            )  # fmt: skip
        if not (np.isfinite(observations).all() and np.isfinite(actions).all()):
            raise VvipeError("has gaps", where=where)
        if np.abs(actions).max() > 1:
            raise VvipeError("actions are beyond -1 … 1", where=where)
