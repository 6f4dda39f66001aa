"""What gives V-VIPE's space its shape: which embeddings lie near each other, and how near."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations
from typing import NamedTuple

import torch
from torch import Tensor

from vvipe.embeddings import matching_square
from vvipe.losses import pairwise_mpjpe, soft_neighbour_loss, triplet_loss
from vvipe.training.methods.stage import Losses
from vvipe.training.methods.vvipe import Objective

GROUP = 512  # poses whose distances are compared among each other


class Gaussians(NamedTuple):
    """(B, D) means and log-variances, float32."""

    mean: Tensor
    log_variance: Tensor

    def halves(self) -> tuple[Gaussians, Gaussians]:
        """Those of the first view and those of the second."""
        first, second = zip(*(x.chunk(2) for x in self), strict=True)
        return Gaussians(*first), Gaussians(*second)


def space_losses(
    seen: Gaussians, target: Tensor, how: Objective, known: Gaussians | None = None
) -> tuple[Losses, Tensor]:
    """Triplet, neighbours and matching: the parts, and their weighted sum.

    Args:
        seen: Where the objective needs two views, pose i stands at i and at i + B / 2.
        target: (B, 17, 3) poses whose distances count.
        how: Weights and widths.
        known: The same poses from the 3D encoder, one more view of each.
    """
    views = list(seen.halves()) if how.views == 2 else [seen]
    count = len(views[0].mean)
    distances = [pairwise_mpjpe(x, x) for x in target[:count].split(GROUP)]
    parts: Losses = {}
    if how.triplet:
        parts["triplet"] = _mean(
            triplet_loss(z, d, how.margin, how.gap)
            for view in views
            for z, d in zip(view.mean.split(GROUP), distances, strict=True)
        )
    if known is not None:
        views.append(Gaussians(*(x[:count] for x in known)))
    near = {"neighbours": _euclidean_square, "matching": _matching_square}
    for name, square in near.items():
        if getattr(how, name):
            parts[name] = _mean(
                soft_neighbour_loss(square(a, b), d, how.neighbour_width, how.neighbour_temperature)
                for first, second in combinations(views, 2)
                for a, b, d in zip(_groups(first), _groups(second), distances, strict=True)
            )
    weighted = [getattr(how, name) * part for name, part in parts.items()]
    return parts, torch.stack([*weighted, target.new_zeros(())]).sum()


def _groups(view: Gaussians) -> list[Gaussians]:
    return [Gaussians(*x) for x in zip(*(x.split(GROUP) for x in view), strict=True)]


def _euclidean_square(a: Gaussians, b: Gaussians) -> Tensor:
    return torch.cdist(a.mean, b.mean).square()


def _matching_square(a: Gaussians, b: Gaussians) -> Tensor:
    with torch.autocast(a.mean.device.type, enabled=False):
        return matching_square(a.mean, a.log_variance.exp(), b.mean, b.log_variance.exp())


def _mean(losses: Iterable[Tensor]) -> Tensor:
    return torch.stack(list(losses)).mean()
