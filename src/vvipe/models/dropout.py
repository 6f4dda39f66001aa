"""Dropout from random bytes: the same as torch's, several times faster on a CPU."""

from __future__ import annotations

import torch
from torch import Tensor, nn


class ByteDropout(nn.Module):
    """Zeroes each element with a chance and scales the others so that the mean is kept.

    Torch draws one float for every element, which took a fifth of a training step on a CPU; here
    one draw gives eight bytes. The chance is therefore rounded to a multiple of 1/256.
    """

    def __init__(self, chance: float) -> None:
        super().__init__()
        self.below = round(chance * 256)

    def forward(self, x: Tensor) -> Tensor:
        """Any shape in, the same shape out; in evaluation mode the input itself."""
        if not self.training or self.below == 0:
            return x
        draws = torch.empty(-(-x.numel() // 8), dtype=torch.int64, device=x.device)
        draws.random_(torch.iinfo(torch.int64).min, None)
        bytes_ = draws.view(torch.uint8)[: x.numel()].view(x.shape)
        return x * (bytes_ >= self.below).to(x.dtype).mul_(256 / (256 - self.below))
