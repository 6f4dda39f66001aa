"""What the loop asks of a stage, and the bodies that all stages draw."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from torch import Tensor, nn

from vvipe.training.config import TrainConfig
from vvipe.training.data import PoseBank
from vvipe.training.synthesis import synthesise

Losses = dict[str, Tensor]
Batch = tuple[Tensor, ...]  # what the network sees, its mask, the poses that are meant, and more


@dataclass(frozen=True)
class Rival:
    """What learns against a stage's networks, with an optimiser of its own.

    Attributes:
        networks: What learns.
        loss: Batch to what falls, and its parts.
        turns: Steps that it takes, each with a batch of its own, before every step of the stage.
    """

    networks: nn.Module
    loss: Callable[[Sequence[Tensor]], tuple[Tensor, Losses]]
    turns: int


class Stage(ABC):
    """One stage of a training.

    Attributes:
        name: For progress and errors.
        networks: All that the model consists of.
        config: The whole training's.
        trained: The modules that learn in this stage.
        steps: How many steps it takes.
        step: The one under way, which the loop sets.
        rival: What learns against it, if anything.
        clip: The longest that a step's gradient may be; None for any length.
        lr: Peak learning rate; None for that of the configuration.
        count: Poses a step; None for the batch of the configuration.
        betas: Of Adam, for it and its rival; None for the usual ones.
    """

    name: str
    networks: Any
    config: Any
    trained: list[nn.Module]
    steps: int
    step: int = 0
    rival: Rival | None = None
    clip: float | None = None
    lr: float | None = None
    count: int | None = None
    betas: tuple[float, float] | None = None

    @abstractmethod
    def batch(self) -> Batch:
        """What one step learns from; random numbers come from torch's global generator."""

    @abstractmethod
    def loss(self, batch: Sequence[Tensor]) -> tuple[Tensor, Losses]:
        """What falls, and its parts."""

    def check(self, parts: Mapping[str, float]) -> None:  # noqa: B027 - most have nothing to watch
        """Is told the means of the parts over the last steps; raises where nothing is learnt."""


def draw(bank: PoseBank, config: TrainConfig, views: int = 1) -> Tensor:
    """(batch, 17, 3) synthesised poses; with two views, each stands in both halves of the batch."""
    poses = synthesise(bank.draw(config.batch // views), config.synthesis)
    return poses if views == 1 else poses.repeat(views, 1, 1)
