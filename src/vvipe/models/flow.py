"""A normalising flow: how likely a vector is among those that it was fitted to.

Affine couplings (Dinh et al., Real NVP, 2017) with fixed random rotations between them.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn

SCALE = 2.0  # the most that the logarithm of a coupling's factor can be


class Coupling(nn.Module):
    """One half of the vector moves and stretches the other."""

    def __init__(self, size: int, width: int) -> None:
        super().__init__()
        self.kept = size // 2
        self.changed = size - self.kept
        self.layers = nn.Sequential(
            nn.Linear(self.kept, width), nn.ReLU(),
            nn.Linear(width, width), nn.ReLU(),
            nn.Linear(width, 2 * self.changed),
        )  # fmt: skip
        last: nn.Linear = self.layers[-1]  # type: ignore[assignment]
        nn.init.zeros_(last.weight)
        nn.init.zeros_(last.bias)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(B, size) -> (B, size), and (B,) logarithm of the Jacobian's determinant."""
        kept, changed = x.split([self.kept, self.changed], 1)
        stretch, shift = self.layers(kept).float().chunk(2, 1)
        stretch = SCALE * torch.tanh(stretch / SCALE)
        return torch.cat([kept, changed * stretch.exp() + shift], 1), stretch.sum(1)


class Flow(nn.Module):
    """Vectors to a unit Gaussian and back to their density.

    Args:
        size: Length of the vectors.
        width: Hidden width of each coupling.
        couplings: How many.
    """

    rotations: Tensor

    def __init__(self, size: int, width: int, couplings: int = 8) -> None:
        super().__init__()
        self.couplings = nn.ModuleList(Coupling(size, width) for _ in range(couplings))
        self.register_buffer("rotations", _rotations(couplings, size))

    def forward(self, x: Tensor) -> Tensor:
        """(B, size) -> (B,) negative logarithm of the density, a dimension, less a constant."""
        log_jacobian = x.new_zeros(len(x))
        for coupling, rotation in zip(self.couplings, self.rotations, strict=True):
            with torch.autocast(x.device.type, enabled=False):
                x = x @ rotation
            x, more = coupling(x)
            log_jacobian = log_jacobian + more
        return (0.5 * x.square().sum(1) - log_jacobian) / x.shape[1]


def _rotations(count: int, size: int) -> Tensor:
    """(count, size, size), the same for every model."""
    if torch.get_default_device().type == "meta":
        return torch.empty(count, size, size)
    generator = torch.Generator().manual_seed(0)
    return torch.linalg.qr(torch.randn(count, size, size, generator=generator))[0]
