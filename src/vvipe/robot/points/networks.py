"""Networks from a history of observations to a chunk of actions."""

from __future__ import annotations

import torch
from torch import Tensor, nn

_SHARP = 8.0  # without it every channel begins as bright everywhere, and learns late what to mark


class MLP(nn.Module):
    """The whole history at once: (B, H, K) -> (B, C, A) in -1 … 1."""

    def __init__(self, shape: tuple[int, ...], history: int, out: tuple[int, int], width: int):
        super().__init__()
        self.out = out
        self.body = nn.Sequential(
            nn.Linear(history * shape[0], width), nn.ReLU(),
            nn.Linear(width, width), nn.ReLU(),
            nn.Linear(width, out[0] * out[1]),
        )  # fmt: skip

    def forward(self, seen: Tensor) -> Tensor:
        """Normalised observations."""
        return torch.tanh(self.body(seen.flatten(1))).unflatten(1, self.out)


class CausalTransformer(nn.Module):
    """One token a step, none seeing a later one, as in BAKU but small: (B, H, K) -> (B, C, A).

    Every step tells a chunk in training too, here only the last one's is asked for: the windows
    overlap, so that each step is the last of one.
    """

    def __init__(
        self, shape: tuple[int, ...], history: int, out: tuple[int, int], width: int,
        layers: int = 2, heads: int = 4,
    ):  # fmt: skip
        super().__init__()
        self.out = out
        self.encode = nn.Sequential(nn.Linear(shape[0], width), nn.ReLU(), nn.Linear(width, width))
        self.place = nn.Parameter(torch.randn(history, width) * 0.02)
        layer = nn.TransformerEncoderLayer(
            width, heads, 4 * width, dropout=0.1, batch_first=True, norm_first=True
        )
        self.body = nn.TransformerEncoder(layer, layers, enable_nested_tensor=False)
        self.tell = nn.Linear(width, out[0] * out[1])
        self.register_buffer("mask", torch.ones(history, history).triu(1).bool(), persistent=False)

    def forward(self, seen: Tensor) -> Tensor:
        """Normalised observations."""
        tokens = self.body(self.encode(seen) + self.place, mask=self.mask)
        return torch.tanh(self.tell(tokens[:, -1])).unflatten(1, self.out)


class PixelNet(nn.Module):
    """Convolutions, then where each channel is brightest: (B, H, h, w, 3) -> (B, C, A).

    The frames of the history are stacked as channels. Spatial soft-argmax (Levine et al., 2016)
    tells places of things directly, which few demonstrations could hardly teach otherwise.
    """

    def __init__(self, shape: tuple[int, ...], history: int, out: tuple[int, int], width: int):
        super().__init__()
        self.out = out
        self.convolve = nn.Sequential(
            nn.Conv2d(3 * history, 32, 5, 2), nn.ReLU(),
            nn.Conv2d(32, 48, 3, 2), nn.ReLU(),
            nn.Conv2d(48, 48, 3, 1),
        )  # fmt: skip
        with torch.no_grad():
            _, _, h, w = self.convolve(torch.zeros(1, 3 * history, *shape[:2])).shape
        y, x = torch.meshgrid(torch.linspace(-1, 1, h), torch.linspace(-1, 1, w), indexing="ij")
        self.register_buffer("grid", torch.stack([x, y], -1).flatten(0, 1), persistent=False)
        self.body = nn.Sequential(
            nn.Linear(2 * 48, width), nn.ReLU(),
            nn.Linear(width, width), nn.ReLU(),
            nn.Linear(width, out[0] * out[1]),
        )  # fmt: skip

    def forward(self, seen: Tensor) -> Tensor:
        """Frames of -1 … 1."""
        stacked = seen.permute(0, 1, 4, 2, 3).flatten(1, 2)  # (B, 3 H, h, w)
        maps = (_SHARP * self.convolve(stacked).flatten(2)).softmax(-1)  # (B, 48, h w)
        return torch.tanh(self.body((maps @ self.grid).flatten(1))).unflatten(1, self.out)


NETWORKS = {"mlp": MLP, "transformer": CausalTransformer, "pixels": PixelNet}
