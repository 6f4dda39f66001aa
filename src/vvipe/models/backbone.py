"""The Martinez backbone (Martinez et al., ICCV 2017), as V-VIPE §4.1 sets it."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from vvipe.models.dropout import ByteDropout


class ResidualBlock(nn.Module):
    """Two times [linear, batch norm, ReLU, dropout], added to the input; width is kept."""

    def __init__(self, width: int, dropout: float) -> None:
        super().__init__()
        self.layers = nn.Sequential(*_layer(width, width, dropout), *_layer(width, width, dropout))

    def forward(self, x: Tensor) -> Tensor:
        """(B, width) -> (B, width)."""
        return x + self.layers(x)


def network_input(points: Tensor, mask: Tensor, masks: bool) -> Tensor:
    """(B, J, D) points and (B, J) mask -> (B, J·D) points seen, else 0; with `masks` also mask."""
    x = (points * mask[..., None]).flatten(1)
    return torch.cat([x, mask], 1) if masks else x


class Backbone(nn.Sequential):
    """Linear to `width`, residual blocks: (B, inputs) -> (B, width) features.

    Args:
        inputs: Input width.
        width: Hidden width; 1024 in the paper.
        blocks: Residual blocks; 2 in the paper.
        dropout: 0.1 in the paper.
    """

    def __init__(self, inputs: int, width: int, blocks: int, dropout: float) -> None:
        super().__init__(
            *_layer(inputs, width, dropout), *(ResidualBlock(width, dropout) for _ in range(blocks))
        )


def _layer(inputs: int, outputs: int, dropout: float) -> list[nn.Module]:
    linear = nn.Linear(inputs, outputs)
    if not linear.weight.is_meta:  # drawing for no memory would import sympy and torch's compiler
        nn.init.kaiming_normal_(linear.weight)
    nn.init.zeros_(linear.bias)
    return [linear, nn.BatchNorm1d(outputs), nn.ReLU(), ByteDropout(dropout)]
