"""Networks for use: batch norms folded into the linear layers before them, dropout gone."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import torch
from torch import Tensor, nn

from vvipe.models.dropout import ByteDropout
from vvipe.models.mirror import MirrorLayer, MirrorLinear


def fold(module: Any) -> Any:
    """The same function in evaluation mode, float32, with fewer operations; weights are copied."""
    return _folded(deepcopy(module).float().cpu().eval().requires_grad_(False))


def _folded(module: nn.Module) -> nn.Module:
    if isinstance(module, nn.Sequential):
        return nn.Sequential(*_folded_layers(list(module)))
    if isinstance(module, MirrorLayer):
        return _FoldedMirrorLayer(module)
    children = list(module.named_children())
    if not children and not isinstance(module, nn.Linear):
        raise TypeError(f"cannot fold {type(module).__name__}")
    for name, child in children:
        setattr(module, name, _folded(child))
    return module


def _folded_layers(layers: list[nn.Module]) -> list[nn.Module]:
    out: list[nn.Module] = []
    for layer in layers:
        if isinstance(layer, nn.BatchNorm1d):
            linear: Any = out[-1]
            scale, shift = _scale_and_shift(layer)
            linear.weight.data = linear.weight.data * scale[:, None]
            linear.bias.data = linear.bias.data * scale + shift
        elif isinstance(layer, nn.ReLU):
            out.append(nn.ReLU(inplace=True))
        elif not isinstance(layer, ByteDropout):
            out.append(_folded(layer))
    return out


def _scale_and_shift(norm: nn.BatchNorm1d) -> tuple[Tensor, Tensor]:
    if norm.running_var is None or norm.running_mean is None:
        raise TypeError("a batch norm without running statistics cannot be folded")
    scale = norm.weight.detach() / torch.sqrt(norm.running_var + norm.eps)
    return scale, norm.bias.detach() - norm.running_mean * scale


class _FoldedMirrorLayer(nn.Module):
    def __init__(self, layer: MirrorLayer) -> None:
        super().__init__()
        self.linear: MirrorLinear = layer.linear
        scale, self.shift = _scale_and_shift(layer.norm)
        for part in (self.linear.even, self.linear.odd):
            part.weight.data = part.weight.data * scale[:, None]

    def forward(self, x: Tensor) -> Tensor:
        even, odd = self.linear(x)
        even += self.shift
        left, right = torch.relu_(even + odd), torch.relu_(even - odd)
        return torch.cat([left + right, left - right], 1).mul_(0.5)
