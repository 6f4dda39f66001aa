"""A backbone that knows left from right: a mirrored body gives mirrored features (ours).

Martinez' layers under the symmetry of the body, after Chirality Nets (Yeh et al., NeurIPS 2019):
everything splits into an even half, which a mirror leaves as it is, and an odd half, whose sign it
turns. Linear layers map even to even and odd to odd, so that a layer has half the weights and half
the products of a plain one as wide; batch norm and ReLU act on the sum and the difference of the
halves, which a mirror swaps. Features are (B, width), the even half first.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor, nn

from vvipe.skeletons import Skeleton

# What a mirror does to (x, y) in an image, and to a canonical (x, y, z).
BODY_2D, BODY_3D = (-1.0, 1.0), (1.0, -1.0, 1.0)


class Halves:
    """An orthonormal basis in which a mirror leaves some coordinates and turns the others' sign.

    A pair that a mirror swaps gives its sum and its difference, a number that stays gives itself.

    Args:
        mirror: Each number's place, the place that a mirror takes it to, and its sign there.

    Attributes:
        even: Number of coordinates that a mirror leaves.
        odd: Number of those whose sign it turns.
        basis: (even + odd, even + odd) array, a column each, even ones first.
    """

    def __init__(self, mirror: Sequence[tuple[int, int, float]]) -> None:
        columns: dict[float, list[np.ndarray]] = {1.0: [], -1.0: []}
        done: set[int] = set()
        for place, other, sign in mirror:
            turned = -1 if other in done else 1  # the second of a pair gives the difference
            column = np.zeros(len(mirror))
            column[other], column[place] = turned, 1
            columns[turned * sign].append(column / np.linalg.norm(column))
            done.add(place)
        self.even, self.odd = len(columns[1]), len(columns[-1])
        self.basis = np.stack(columns[1] + columns[-1], 1).astype(np.float32)

    def split(self, x: Tensor) -> Tensor:
        """(B, even + odd) as a network's user orders it -> the even half, then the odd one."""
        return x @ torch.as_tensor(self.basis, device=x.device, dtype=x.dtype)

    def join(self, x: Tensor) -> Tensor:
        """Back from the halves."""
        return x @ torch.as_tensor(self.basis.T, device=x.device, dtype=x.dtype)


def body_halves(skeleton: Skeleton, *flips: float, masks: bool = False) -> Halves:
    """Halves of (J·D,) joint coordinates, joint by joint, with `masks` (J,) masks after them.

    Args:
        skeleton: The joints.
        flips: For each of the D coordinates, -1 where a mirror turns its sign.
        masks: Whether masks follow.
    """
    dims, pairs = len(flips), [(j, int(other)) for j, other in enumerate(skeleton.mirror)]
    mirror = [(a * dims + d, b * dims + d, flip) for d, flip in enumerate(flips) for a, b in pairs]
    first = len(mirror)
    return Halves(mirror + [(first + a, first + b, 1.0) for a, b in pairs if masks])


def sided_halves(count: int) -> Halves:
    """Halves of numbers of which the first half belongs to one side, the second to the other.

    A mirror swaps them, so that a number's variance can differ from side to side, as when an arm is
    hidden; with an odd count the last one belongs to neither side.
    """
    half = count // 2
    pairs = [(i + half, i, 1.0) for i in range(half)] + [(i, i + half, 1.0) for i in range(half)]
    return Halves(pairs + [(i, i, 1.0) for i in range(2 * half, count)])


class MirrorLinear(nn.Module):
    """A linear layer from halves to halves: the even half has the bias."""

    def __init__(
        self, inputs: tuple[int, int], outputs: tuple[int, int], bias: bool = True
    ) -> None:
        super().__init__()
        self.inputs = inputs
        self.even = nn.Linear(inputs[0], outputs[0], bias=bias)
        self.odd = nn.Linear(inputs[1], outputs[1], bias=False)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """(B, even + odd) -> its two halves."""
        even, odd = x.split(self.inputs, 1)
        return self.even(even), self.odd(odd)


class MirrorLayer(nn.Module):
    """Linear, batch norm and ReLU: (B, inputs) -> (B, width)."""

    def __init__(self, inputs: tuple[int, int], width: int) -> None:
        super().__init__()
        half = width // 2
        self.linear = MirrorLinear(inputs, (half, half), bias=False)
        for part in (self.linear.even, self.linear.odd):
            if not part.weight.is_meta:  # as in the plain backbone
                nn.init.normal_(part.weight, std=(2 / sum(inputs)) ** 0.5)
        self.norm = nn.BatchNorm1d(half)

    def forward(self, x: Tensor) -> Tensor:
        """Halves in, halves out; sum and difference are one batch, twice as long, to the norm."""
        even, odd = self.linear(x)
        left, right = torch.relu(self.norm(torch.cat([even + odd, even - odd]))).chunk(2)
        return torch.cat([left + right, left - right], 1) / 2


class MirrorBlock(nn.Module):
    """Two layers, added to the input; width is kept."""

    def __init__(self, width: int) -> None:
        super().__init__()
        halves = (width // 2, width // 2)
        self.layers = nn.Sequential(MirrorLayer(halves, width), MirrorLayer(halves, width))

    def forward(self, x: Tensor) -> Tensor:
        """(B, width) -> (B, width)."""
        return x + self.layers(x)


class MirrorBackbone(nn.Module):
    """As `Backbone`: (B, inputs) -> (B, width) features.

    Args:
        inputs: Halves of the input.
        width: Hidden width, an even number.
        blocks: Residual blocks.
    """

    def __init__(self, inputs: Halves, width: int, blocks: int) -> None:
        super().__init__()
        self.halves = inputs
        self.layers = nn.Sequential(
            MirrorLayer((inputs.even, inputs.odd), width),
            *(MirrorBlock(width) for _ in range(blocks)),
        )

    def forward(self, x: Tensor) -> Tensor:
        """(B, inputs) -> (B, width)."""
        return self.layers(self.halves.split(x))


class MirrorHead(nn.Module):
    """Features to outputs that a mirror turns as their halves say: (B, width) -> (B, outputs).

    Args:
        width: Of the features.
        outputs: Halves of the output.
        hidden: Whether a layer as wide as the features comes before.
    """

    def __init__(self, width: int, outputs: Halves, hidden: bool = False) -> None:
        super().__init__()
        self.halves = outputs
        self.hidden = MirrorLayer((width // 2, width // 2), width) if hidden else None
        self.linear = MirrorLinear((width // 2, width // 2), (outputs.even, outputs.odd))

    def forward(self, x: Tensor) -> Tensor:
        """(B, width) -> (B, outputs)."""
        features = x if self.hidden is None else self.hidden(x)
        return self.halves.join(torch.cat(self.linear(features), 1))


class EvenHead(nn.Module):
    """Features to outputs that a mirror leaves as they are: (B, width) -> (B, outputs)."""

    def __init__(self, width: int, outputs: int) -> None:
        super().__init__()
        self.linear = nn.Linear(width // 2, outputs)

    def forward(self, x: Tensor) -> Tensor:
        """(B, width) -> (B, outputs), read from the even half."""
        return self.linear(x[:, : self.linear.in_features])
