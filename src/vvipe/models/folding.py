"""Networks for use: batch norms folded into the linear layers before them, dropout gone."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

from vvipe.models.backbone import Backbone, ResidualBlock, network_input
from vvipe.models.dropout import ByteDropout
from vvipe.models.networks import Encoder


def fold(module: Any) -> Any:
    """The same function in evaluation mode, float32, with fewer operations; weights are copied."""
    if isinstance(module, Encoder):
        return _FoldedEncoder(module)
    if isinstance(module, ResidualBlock):
        return _Residual(fold(module.layers))
    if isinstance(module, nn.Sequential):
        return nn.Sequential(*_fold_layers(list(module)))
    raise TypeError(f"cannot fold {type(module).__name__}")


def _fold_layers(layers: list[nn.Module]) -> list[nn.Module]:
    out: list[nn.Module] = []
    for layer in layers:
        if isinstance(layer, nn.BatchNorm1d):
            out[-1] = _folded(out[-1], layer)
        elif isinstance(layer, nn.Linear):
            out.append(_copied(layer))
        elif isinstance(layer, nn.ReLU):
            out.append(nn.ReLU(inplace=True))
        elif isinstance(layer, ResidualBlock | Backbone):
            out.append(fold(layer))
        elif not isinstance(layer, ByteDropout):
            raise TypeError(f"cannot fold {type(layer).__name__}")
    return out


def _copied(linear: nn.Linear) -> nn.Linear:
    copy = nn.Linear(linear.in_features, linear.out_features)
    copy.weight.data = linear.weight.detach().float().cpu().clone()
    copy.bias.data = linear.bias.detach().float().cpu().clone()
    return copy.requires_grad_(False)


def _folded(linear: Any, norm: nn.BatchNorm1d) -> nn.Linear:
    if norm.running_var is None or norm.running_mean is None:
        raise TypeError("a batch norm without running statistics cannot be folded")
    mean, variance = norm.running_mean.float().cpu(), norm.running_var.float().cpu()
    scale = norm.weight.detach().float().cpu() / torch.sqrt(variance + norm.eps)
    linear.weight.data = linear.weight.data * scale[:, None]
    linear.bias.data = (linear.bias.data - mean) * scale + norm.bias.detach().float().cpu()
    return linear


class _Residual(nn.Module):
    def __init__(self, layers: nn.Module) -> None:
        super().__init__()
        self.layers = layers

    def forward(self, x: Tensor) -> Tensor:
        # The first layer makes a new tensor, so the in-place ReLUs never touch x.
        return x + self.layers(x)


class _FoldedEncoder(nn.Module):
    def __init__(self, encoder: Encoder) -> None:
        super().__init__()
        self.masks, self.features = encoder.masks, fold(encoder.features)
        self.mean, self.log_variance = _copied(encoder.mean), _copied(encoder.log_variance)

    def forward(self, points: Tensor, mask: Tensor) -> tuple[Tensor, Tensor]:
        features = self.features(network_input(points, mask, self.masks))
        return self.mean(features), self.log_variance(features).clamp(-10, 6)
