"""Losses on diagonal Gaussians over the latent space."""

from __future__ import annotations

from torch import Tensor


def kl_to_unit_gaussian(mean: Tensor, log_variance: Tensor) -> Tensor:
    """KL divergence to N(0, I), summed over dimensions, mean over the batch; (B, D) each."""
    return 0.5 * (mean**2 + log_variance.exp() - 1 - log_variance).sum(-1).mean()


def gaussian_nll(error: Tensor, log_variance: Tensor) -> Tensor:
    """Negative log-likelihood of (B, D) errors under variances, mean over all, constant dropped."""
    return 0.5 * (error**2 * (-log_variance).exp() + log_variance).mean()
