"""What is cloned into: a network with the scale of what it is told, and how it is trained."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor, nn

from vvipe.errors import VvipeError
from vvipe.robot.points.networks import NETWORKS


@dataclass(frozen=True)
class Cloning:
    """How a policy is trained.

    Attributes:
        network: `mlp`, `transformer` or `pixels`.
        history: Observations seen; 10 in the paper. The push task is cloned better from one: 78 %
            success, where ten have 56 % (`mlp`) and 60 % (`transformer`), over 80 episodes. A past
            tells a clone what it just did rather than what to do.
        chunk: Actions told at a time; 10 in the paper.
        fade: How much less an older chunk weighs at test, a step (`TemporalAverage`).
        width: Of hidden layers; 256 in the paper.
        steps: Of AdamW, its rate falling to 0 along a cosine.
        batch: Histories a step.
        rate: The highest; 1e-4 in the paper, over many more steps.
        weight_decay: As in the paper.
        shake_px: For pixels: greatest random shift of a history's frames.
        seed: Of everything random.
    """

    network: str = "mlp"
    history: int = 10
    chunk: int = 10
    fade: float = 0.5
    width: int = 256
    steps: int = 2000
    batch: int = 128
    rate: float = 1e-3
    weight_decay: float = 1e-4
    shake_px: int = 0
    seed: int = 0

    def __post_init__(self) -> None:
        if self.network not in NETWORKS:
            raise VvipeError(f"unknown network {self.network!r}", expected=" or ".join(NETWORKS))
        if min(self.history, self.chunk, self.width, self.steps, self.batch) < 1:
            raise VvipeError("history, chunk, width, steps and batch are at least 1")


class Cloned(nn.Module):
    """A network with the scale of what it is told: raw (B, H, …) -> (B, C, A)."""

    mean: Tensor
    scale: Tensor

    def __init__(self, shape: tuple[int, ...], actions: int, how: Cloning) -> None:
        super().__init__()
        self.shape, self.actions, self.how = shape, actions, how
        columns = shape if len(shape) == 1 else (1,)
        self.register_buffer("mean", torch.zeros(columns))
        self.register_buffer("scale", torch.ones(columns))
        self.net = NETWORKS[how.network](shape, how.history, (how.chunk, actions), how.width)

    def forward(self, seen: Tensor) -> Tensor:
        """Actions in -1 … 1 for observations as they were told."""
        return self.net((seen.float() - self.mean) / self.scale)
