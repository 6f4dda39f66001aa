"""Soft nearest neighbours across views, driven by the distance between the poses (ours).

For every pose seen by one camera, the poses seen by another are ranked by a softmax over latent
distances; the target is a softmax over the true pose distances, so that not only the same pose but
every pose that matches it counts, the more the nearer it is.
"""

from __future__ import annotations

import torch
from torch import Tensor


def soft_neighbour_loss(
    squares: Tensor, distances: Tensor, width: float = 0.05, temperature: float = 1.0
) -> Tensor:
    """Cross-entropy between neighbour distributions, both directions, mean over poses.

    Args:
        squares: (B, B) squared distances of the embeddings of B poses in one view, a row each,
            from those in another, same order: Euclidean, or `matching_square`.
        distances: (B, B) pose distances (MPJPE, torso lengths).
        width: Pose distance at which the target weight has fallen to exp(-1/2).
        temperature: Embeddings' distance that plays the same part.
    """
    target = torch.softmax(-0.5 * (distances / width) ** 2, 1)
    logits = -0.5 * squares / temperature**2
    one_way = -(target * torch.log_softmax(logits, 1)).sum(1).mean()
    other_way = -(target * torch.log_softmax(logits.T, 1)).sum(1).mean()
    return (one_way + other_way) / 2
