"""What stands between the layers of actors and critics."""

from __future__ import annotations

from torch import Tensor, nn
from torch.nn import functional


class NormalisedReLU(nn.Module):
    """ReLU of the layer's numbers brought to mean 0 and deviation 1; nothing in it is learned.

    It keeps critics from running away and actors from ending at the limits of their actions.
    """

    normalises = True

    def forward(self, x: Tensor) -> Tensor:
        """(..., N) -> (..., N)."""
        return functional.relu(functional.layer_norm(x, x.shape[-1:]))
