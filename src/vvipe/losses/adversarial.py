"""What a critic and the one who is to convince it learn from: GAN, WGAN and WGAN-GP."""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor
from torch.nn.functional import softplus

GAN, WGAN, WGAN_GP = "gan", "wgan", "wgan-gp"
KINDS = (GAN, WGAN, WGAN_GP)


def critic_loss(real: Tensor, fake: Tensor, kind: str) -> Tensor:
    """Falls as a critic tells real from fake.

    Args:
        real: (N,) its opinion of real ones, the higher the more real.
        fake: (M,) that of the others.
        kind: `gan`, cross entropy of the opinions' sigmoid (Goodfellow et al. 2014); `wgan` and
            `wgan-gp`, difference of the means (Arjovsky et al. 2017), which bounds nothing by
            itself: weights are to be clipped, or `gradient_penalty` added.
    """
    if kind == GAN:
        return softplus(-real).mean() + softplus(fake).mean()
    return fake.mean() - real.mean()


def convincing_loss(fake: Tensor, kind: str) -> Tensor:
    """Falls as the critic takes the fake ones, (M,) opinions, for real."""
    return softplus(-fake).mean() if kind == GAN else -fake.mean()


def gradient_penalty(
    critic: Callable[[Tensor], Tensor], real: Tensor, fake: Tensor, slope: float = 1.0
) -> Tensor:
    """Mean of (|gradient| - slope)² between real and fake (Gulrajani et al. 2017).

    Args:
        critic: (N, ...) to (N,), rows independent of each other.
        real: (N, ...).
        fake: (N, ...).
        slope: What the gradient's length is to be; 0 flattens the critic (Thanh-Tung et al. 2019).
    """
    share = torch.rand(len(real), *[1] * (real.ndim - 1), device=real.device)
    between = (share * real + (1 - share) * fake).requires_grad_(True)
    (gradient,) = torch.autograd.grad(critic(between).sum(), between, create_graph=True)
    return (gradient.flatten(1).square().sum(1).add(1e-12).sqrt() - slope).square().mean()


@torch.no_grad()
def balance(real: Tensor, fake: Tensor, kind: str) -> Tensor:
    """Share that the critic judges right, 0.5 where it cannot tell, 1 where it tells all."""
    between = real.new_zeros(()) if kind == GAN else (real.mean() + fake.mean()) / 2
    return ((real > between).float().mean() + (fake <= between).float().mean()) / 2
