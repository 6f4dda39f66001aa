"""What views that are made of each other are taught by (Chen et al., CVPR 2019, eq. 1 and 3)."""

from __future__ import annotations

from torch import Tensor


def synthesis_loss(made: Tensor, view: Tensor, seen: Tensor) -> Tensor:
    """Mean squared difference between a view as it was made and as it is.

    Args:
        made: (B, C, ...) maps of C limbs, or C keypoints.
        view: The same, as the other camera sees them.
        seen: (B, C) 1 where the other camera tells a limb or a keypoint; the rest does not count.
    """
    error = (made - view).square().flatten(2).mean(-1)
    return (error * seen).sum() / seen.sum().clamp(min=1)


def consistency_loss(turned: Tensor, other: Tensor) -> Tensor:
    """Mean squared distance between points of one view, turned, and those of the other.

    Args:
        turned: (B, M, 3) from view i, in the axes of camera j.
        other: (B, M, 3) from view j.
    """
    return (turned - other).square().sum(-1).mean()
