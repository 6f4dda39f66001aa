"""Losses, one concept a file."""

from vvipe.losses.gaussian import gaussian_nll, kl_to_unit_gaussian
from vvipe.losses.neighbours import soft_neighbour_loss
from vvipe.losses.triplet import pairwise_mpjpe, triplet_loss

__all__ = [
    "gaussian_nll",
    "kl_to_unit_gaussian",
    "pairwise_mpjpe",
    "soft_neighbour_loss",
    "triplet_loss",
]
