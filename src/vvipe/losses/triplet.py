"""The triplet loss of V-VIPE §3.2: 3D distance chooses, latent distance is trained.

The formula in the paper has its sign reversed; here the positive is pulled in.
"""

from __future__ import annotations

import torch
from torch import Tensor


def pairwise_mpjpe(a: Tensor, b: Tensor) -> Tensor:
    """(N, J, 3), (M, J, 3) -> (N, M) mean distance between corresponding joints, float32.

    Squares by matrix products, one joint at a time so that they stay in the cache: distances below
    1e-3 of the coordinates' size drown in rounding.
    """
    total = torch.zeros(len(a), len(b), device=a.device)
    with torch.autocast(a.device.type, enabled=False):
        for x, y in zip(a.float().unbind(1), b.float().unbind(1), strict=True):
            squares = torch.addmm((y**2).sum(1), x, y.T, alpha=-2).add_((x**2).sum(1)[:, None])
            total += squares.clamp_(min=0).sqrt_()
    return total / a.shape[1]


def triplet_loss(
    latents: Tensor, distances: Tensor, margin: float = 1.0, gap: float = 0.1
) -> Tensor:
    """Mean over anchors of max(0, |z - z_positive| - |z - z_negative| + margin).

    Args:
        latents: (B, D).
        distances: (B, B) pose distances (MPJPE, torso lengths).
        margin: 1.0 in the paper.
        gap: The positive is the nearest pose, the negative the nearest of those at least this much
            further away (0.1 in the paper). Anchors without such a negative do not count.
    """
    distances = distances.clone().fill_diagonal_(torch.inf)
    nearest, positive = distances.min(1)
    far_enough = torch.where(distances >= nearest[:, None] + gap, distances, torch.inf)
    furthest, negative = far_enough.fill_diagonal_(torch.inf).min(1)
    to_positive = (latents - latents[positive]).norm(dim=-1)
    to_negative = (latents - latents[negative]).norm(dim=-1)
    counts = torch.isfinite(furthest).float()
    loss = torch.relu(to_positive - to_negative + margin)
    return (loss * counts).sum() / counts.sum().clamp(min=1)
