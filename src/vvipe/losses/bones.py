"""What is known of bones without having seen one: usual proportions, two like sides, one length."""

from __future__ import annotations

import torch
from torch import Tensor

from vvipe.skeletons import Skeleton


def relative_lengths(body: Tensor, skeleton: Skeleton) -> Tensor:
    """(B, J, 3) -> (B, bones) lengths over their mean in each body, in the order of its bones."""
    parent, child = (torch.tensor(side) for side in zip(*skeleton.bones, strict=True))
    lengths = (body[:, child] - body[:, parent]).square().sum(-1).add(1e-12).sqrt()
    return lengths / lengths.mean(1, keepdim=True)


def usual_proportions(lengths: Tensor, usual: Tensor) -> Tensor:
    """Mean squared distance of (B, bones) relative lengths from the usual (bones) ones."""
    return (lengths - (usual / usual.mean()).to(lengths)).square().mean()


def two_like_sides(lengths: Tensor, skeleton: Skeleton) -> Tensor:
    """Mean squared difference between the (B, bones) relative lengths of left and right."""
    order = [child for _, child in skeleton.bones]
    other = torch.tensor([order.index(int(skeleton.mirror[child])) for child in order])
    return (lengths - lengths[:, other]).square().mean()


def one_build(lengths: Tensor) -> Tensor:
    """Variance of the (B, bones) relative lengths over the bodies of a batch."""
    return lengths.var(0).mean()
