"""The discriminator: real 2D poses from reprojected ones (Budaraju §4.1.2)."""

from __future__ import annotations

from torch import Tensor, nn


class Critic(nn.Module):
    """A pose to a number, the higher the more real; the sigmoid of it is the thesis' output.

    As wide and deep as the lifter's halves, without batch norm: gradient penalties ask for rows
    that do not know of each other.
    """

    def __init__(self, size: int, width: int, blocks: int) -> None:
        super().__init__()
        self.first = nn.Linear(size, width)
        self.blocks = nn.ModuleList(
            nn.Sequential(
                nn.Linear(width, width), nn.LeakyReLU(0.2),
                nn.Linear(width, width), nn.LeakyReLU(0.2),
            )
            for _ in range(blocks)
        )  # fmt: skip
        self.last = nn.Linear(width, 1)
        self.bend = nn.LeakyReLU(0.2)

    def forward(self, x: Tensor) -> Tensor:
        """(B, size) -> (B,)."""
        x = self.bend(self.first(x))
        for block in self.blocks:
            x = x + block(x)
        return self.last(x).squeeze(1).float()
