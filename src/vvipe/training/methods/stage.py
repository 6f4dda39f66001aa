"""What the loop asks of a stage, and the bodies that all stages draw."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from torch import Tensor, nn

from vvipe.training.config import TrainConfig
from vvipe.training.data import PoseBank
from vvipe.training.synthesis import synthesise

Losses = dict[str, Tensor]
Batch = tuple[Tensor, ...]  # what the network sees, its mask, the poses that are meant, and more


class Stage(Protocol):
    """One stage of a training.

    Attributes:
        name: For progress and errors.
        networks: All that the model consists of.
        trained: The modules that learn in this stage.
        steps: How many steps it takes.
    """

    name: str
    networks: Any
    config: Any
    trained: list[nn.Module]
    steps: int

    def batch(self) -> Batch:
        """What one step learns from; random numbers come from torch's global generator."""
        ...

    def loss(self, batch: Sequence[Tensor]) -> tuple[Tensor, Losses]:
        """What falls, and its parts."""
        ...


def draw(bank: PoseBank, config: TrainConfig, views: int = 1) -> Tensor:
    """(batch, 17, 3) synthesised poses; with two views, each stands in both halves of the batch."""
    poses = synthesise(bank.draw(config.batch // views), config.synthesis)
    return poses if views == 1 else poses.repeat(views, 1, 1)
