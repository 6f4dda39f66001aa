"""How the Martinez lifter is trained: the canonical pose, and nothing else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch
from torch import Tensor

from vvipe.models.lifter import LifterArchitecture, LifterNetworks
from vvipe.training.config import TrainConfig
from vvipe.training.data import PoseBank
from vvipe.training.methods.stage import Batch, Losses, Stage, draw
from vvipe.training.synthesis import other_rig
from vvipe.training.targets import pose_targets
from vvipe.training.views import observe


@dataclass(frozen=True)
class LifterConfig(TrainConfig):
    """The lifter's training; what is not listed here stands in `TrainConfig`.

    Attributes:
        steps: Steps.
    """

    representation: str = field(default="lifter", init=False)
    model: str = "lifter"
    steps: int = 15_000
    lr: float = 8e-3
    architecture: LifterArchitecture = field(
        default_factory=lambda: LifterArchitecture(width=768, dropout=0.0)
    )


class Lifting(Stage):
    """Keypoints to the canonical pose, mean squared error."""

    name = "lifting"

    def __init__(self, networks: LifterNetworks, bank: PoseBank, config: LifterConfig) -> None:
        self.networks, self.bank, self.config = networks, bank, config
        self.trained = [networks]
        self.steps = config.steps

    @torch.no_grad()
    def batch(self) -> Batch:
        """Normalised keypoints, mask, and targets."""
        clean = draw(self.bank, self.config)
        seen = other_rig(clean, self.config.synthesis)
        keypoints, mask = observe(seen, self.config.views, self.networks.arch.normaliser)
        return keypoints, mask, pose_targets(clean, self.config)

    def loss(self, batch: Sequence[Tensor]) -> tuple[Tensor, Losses]:
        """MSE."""
        keypoints, mask, target = batch
        error = self.networks(keypoints, mask).float() - target.flatten(1)
        mse = error.square().mean()
        return mse, {"mse": mse}
