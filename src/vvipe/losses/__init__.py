"""Losses, one concept a file."""

from vvipe.losses.gaussian import gaussian_nll, kl_to_unit_gaussian
from vvipe.losses.matching import (
    matching_probability,
    semi_hard,
    smoothed,
    triplet_ratio_loss,
)
from vvipe.losses.neighbours import soft_neighbour_loss
from vvipe.losses.triplet import pairwise_mpjpe, triplet_loss

__all__ = [
    "gaussian_nll",
    "kl_to_unit_gaussian",
    "matching_probability",
    "pairwise_mpjpe",
    "semi_hard",
    "smoothed",
    "soft_neighbour_loss",
    "triplet_loss",
    "triplet_ratio_loss",
]
