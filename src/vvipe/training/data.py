"""The poses that a training sees: clips on h36m17, 30 Hz, and how often each is drawn."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from vvipe.datasets import Clip, catalogue, data_hash, kind_of
from vvipe.datasets.clip import read_clips
from vvipe.errors import VvipeError
from vvipe.models.inputs import H36M17
from vvipe.training.config import TrainConfig
from vvipe.training.targets import pose_targets

CROWD_RADIUS = 0.1  # torso lengths, RMS over joints: poses this near share their turn


@dataclass(frozen=True)
class PoseBank:
    """Recorded poses to draw from.

    Attributes:
        poses: (P, 17, 3) h36m17, world (z up), metres, root at the origin.
        weights: (P,) relative chance of each pose to be drawn.
        hash: SHA-256 of the files.
        clips: Number of clips.
        kind: Of which collection, in two words.
    """

    poses: Tensor
    weights: Tensor
    hash: str
    clips: int
    kind: str = "own mocap"

    @property
    def about(self) -> str:
        """In a line."""
        return f"{self.kind}, {self.clips} clips, {len(self.poses)} poses at 30 Hz"

    def draw(self, count: int) -> Tensor:
        """(count, 17, 3) poses, drawn with replacement from torch's global generator."""
        return self.poses[torch.multinomial(self.weights, count, replacement=True)]


def load_bank(
    data: Path, config: TrainConfig, on_error: Callable[[VvipeError], object] | None = None,
    chosen: Sequence[Clip] | None = None,
) -> PoseBank:  # fmt: skip
    """Reads the training clips of a CMU folder, or one of Human3.6M; or some of them.

    Raises:
        VvipeError: Nothing to train on.
    """
    chosen = training_clips(data, config.share) if chosen is None else chosen
    clips: list[Clip] = []
    read: list[np.ndarray] = []
    for clip, recorded in read_clips(chosen, on_error=on_error):
        clips.append(clip)
        read.append(recorded.to_skeleton(H36M17).positions)
    poses = np.concatenate(read) if read else np.empty((0, len(H36M17), 3), np.float32)
    poses = poses[np.isfinite(poses).all((1, 2))]
    if len(poses) == 0:
        raise VvipeError("no training pose could be read", where=data)
    centred = torch.from_numpy(poses - poses[:, :1]).float()
    weights = _crowding(pose_targets(centred, config).flatten(1)) ** -config.balance
    files = data_hash(dict.fromkeys(c.path for c in clips))
    return PoseBank(centred, weights, files, len(clips), kind_of(data))


def training_clips(data: Path, share: float = 1.0) -> list[Clip]:
    """The clips of a collection's folder that may be trained on, or a share of them."""
    return spread([c for c in catalogue(data) if c.split == "train"], share)


def spread(clips: Sequence[Clip], share: float) -> list[Clip]:
    """A share of clips, taken evenly from the whole list, the first one always."""
    turns = [math.ceil(round(i * share, 9)) for i in range(len(clips) + 1)]
    return [c for c, before, after in zip(clips, turns, turns[1:], strict=False) if after > before]


def _crowding(targets: Tensor) -> Tensor:
    """(P,) soft count of poses around each, itself included, measured on every fifth pose."""
    scale = CROWD_RADIUS * len(H36M17) ** 0.5
    return torch.cat([
        1 + torch.exp(-0.5 * (torch.cdist(part, targets[::5]) / scale).square()).sum(1)
        for part in targets.split(1024)
    ])  # fmt: skip
