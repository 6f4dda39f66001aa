"""The matching probability of PR-VIPE and its losses (Sun et al., ECCV 2020, §3.2 and §3.3)."""

from __future__ import annotations

import math

import torch
from torch import Tensor

RATIO = 2.0  # how many times likelier the positive must be than the negative


def matching_probability(first: Tensor, second: Tensor, slope: Tensor, offset: Tensor) -> Tensor:
    """Chance that two embeddings match, the mean over all pairs of their samples.

    Args:
        first: (B, K, D) samples.
        second: (B, L, D) samples.
        slope: How fast the chance falls with Euclidean distance, positive.
        offset: Logit at distance zero.

    Returns:
        (B,) in 0..1.
    """
    return torch.sigmoid(offset - slope * torch.cdist(first, second)).mean((1, 2))


def smoothed(probability: Tensor, smoothing: float = 0.1) -> Tensor:
    """(1 - s)·p + s/2: neither end is ever sure, so no single pair dominates the logarithms."""
    return (1 - smoothing) * probability + smoothing / 2


def triplet_ratio_loss(positive: Tensor, negative: Tensor, counts: Tensor) -> Tensor:
    """Mean of max(0, log p_negative - log p_positive + log 2) over the triplets that count.

    Args:
        positive: (B,) smoothed matching probabilities of anchors and positives.
        negative: (B,) of anchors and negatives.
        counts: (B,) bool; an anchor without a negative does not count.
    """
    gap = negative.log() - positive.log() + math.log(RATIO)
    return (torch.relu(gap) * counts).sum() / counts.sum().clamp(min=1)


def semi_hard(distances: Tensor, positive: Tensor, matches: Tensor) -> tuple[Tensor, Tensor]:
    """Which candidate each anchor gets as its negative.

    The nearest that does not match and is further away than the positive; where there is none, the
    furthest that does not match.

    Args:
        distances: (B, N) from anchors to candidates.
        positive: (B,) to the positives.
        matches: (B, N) bool; candidates that match are no negatives.

    Returns:
        (B,) indices, and (B,) bool: whether there is a negative at all.
    """
    further = ~matches & (distances > positive[:, None])
    nearest = torch.where(further, distances, torch.inf).argmin(1)
    furthest = torch.where(matches, -torch.inf, distances).argmax(1)
    return torch.where(further.any(1), nearest, furthest), (~matches).any(1)
