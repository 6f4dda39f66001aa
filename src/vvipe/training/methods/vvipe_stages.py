"""The two stages of V-VIPE: what one step computes (V-VIPE §3.2 and §3.3)."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import combinations

import torch
from torch import Tensor, nn

from vvipe.losses import (
    gaussian_nll,
    kl_to_unit_gaussian,
    pairwise_mpjpe,
    soft_neighbour_loss,
    triplet_loss,
)
from vvipe.models.inputs import NEEDED
from vvipe.models.networks import Networks
from vvipe.training.data import PoseBank
from vvipe.training.methods.stage import Batch, Losses, draw
from vvipe.training.methods.vvipe import VVipeConfig
from vvipe.training.synthesis import other_rig
from vvipe.training.targets import pose_targets
from vvipe.training.views import kept, observe

GROUP = 512  # anchors whose distances are compared among each other


class PoseVae:
    """Stage 1: the pose VAE learns the space from canonical 3D poses."""

    name = "vae"

    def __init__(self, networks: Networks, bank: PoseBank, config: VVipeConfig) -> None:
        self.networks, self.bank, self.config = networks, bank, config
        self.trained: list[nn.Module] = [networks.encoder_3d, networks.decoder]
        self.steps = config.steps_vae if config.pretrain else 0

    @torch.no_grad()
    def batch(self) -> Batch:
        """Poses as another rig has them, mask, and targets, from torch's global generator."""
        clean = draw(self.bank, self.config, views=2 if self.config.objective.neighbours else 1)
        seen = pose_targets(other_rig(clean, self.config.synthesis), self.config)
        mask = kept(len(seen), seen.shape[1], self.config.views.dropout)
        mask[:, NEEDED] = 1.0
        return seen, mask, pose_targets(clean, self.config)

    def loss(self, batch: Batch) -> tuple[Tensor, Losses]:
        """Weighted sum and its parts."""
        how, networks = self.config.objective, self.networks
        seen, mask, target = batch
        mean, log_variance = networks.encoder_3d(seen, mask)
        mean, log_variance = mean.float(), log_variance.float()
        sample = mean + torch.randn_like(mean) * (log_variance / 2).exp()
        drawn = networks.decode(sample).float()
        parts: Losses = {
            "mse": (drawn - target).square().mean(),
            "kl": kl_to_unit_gaussian(mean, log_variance),
        }
        total = how.reconstruction * parts["mse"] + how.kl * parts["kl"]
        metric, weighted = _metric_losses(mean, target, self.config)
        return total + weighted, parts | metric


class Mapping:
    """Stage 2: the 2D encoder learns to find a pose's place in the space from one view."""

    name = "map"

    def __init__(self, networks: Networks, bank: PoseBank, config: VVipeConfig) -> None:
        self.networks, self.bank, self.config = networks, bank, config
        self.trained: list[nn.Module] = [networks.encoder_2d]
        if not config.pretrain:
            self.trained.append(networks.decoder)
        self.steps = config.steps_map

    @torch.no_grad()
    def batch(self) -> Batch:
        """Normalised keypoints, mask, and targets, from torch's global generator."""
        clean = draw(self.bank, self.config, views=2 if self.config.objective.neighbours else 1)
        seen = other_rig(clean, self.config.synthesis)
        keypoints, mask = observe(seen, self.config.views, self.networks.arch.normaliser)
        return keypoints, mask, pose_targets(clean, self.config)

    def loss(self, batch: Batch) -> tuple[Tensor, Losses]:
        """Weighted sum and its parts."""
        how, networks, config = self.config.objective, self.networks, self.config
        keypoints, mask, target = batch
        mean, log_variance = networks.encoder_2d(keypoints, mask)
        mean, log_variance = mean.float(), log_variance.float()
        drawn = networks.decode(mean).float()
        parts: Losses = {"mse": (drawn - target).square().mean()}
        total = how.reconstruction * parts["mse"]
        latent = None
        if config.pretrain:
            with torch.no_grad():
                latent = networks.encoder_3d(target, target.new_ones(target.shape[:2]))[0].float()
            parts["latent"] = (mean - latent).square().mean()
            total = total + how.latent * parts["latent"]
            # Fits the variance alone: its layer reads detached features, the error is detached.
            total = total + gaussian_nll((mean - latent).detach(), log_variance)
        metric, weighted = _metric_losses(mean, target, config, latent)
        return total + weighted, parts | metric


def _metric_losses(
    mean: Tensor, target: Tensor, config: VVipeConfig, latent: Tensor | None = None
) -> tuple[Losses, Tensor]:
    """Triplet and neighbour losses on latent means, and their weighted sum.

    Args:
        mean: (B, D); with neighbours, pose i stands at i and at i + B / 2.
        target: (B, 17, 3) poses whose distances count.
        config: Weights and widths.
        latent: (B, D) of the same poses from the 3D encoder, one more view of each.
    """
    how, parts = config.objective, dict[str, Tensor]()
    views = [*mean.chunk(2)] if how.neighbours else [mean]
    poses = target[: len(views[0])]
    distances = [pairwise_mpjpe(x, x) for x in poses.split(GROUP)]
    if how.triplet:
        parts["triplet"] = _mean(
            triplet_loss(z, d, how.margin, how.gap)
            for view in views
            for z, d in zip(view.split(GROUP), distances, strict=True)
        )
    if how.neighbours:
        if latent is not None:
            views.append(latent[: len(poses)])
        parts["neighbours"] = _mean(
            soft_neighbour_loss(a, b, d, how.neighbour_width, how.neighbour_temperature)
            for first, second in combinations(views, 2)
            for a, b, d in zip(first.split(GROUP), second.split(GROUP), distances, strict=True)
        )
    weights = {"triplet": how.triplet, "neighbours": how.neighbours}
    weighted = [weights[name] * part for name, part in parts.items()]
    return parts, torch.stack([*weighted, mean.new_zeros(())]).sum()


def _mean(losses: Iterable[Tensor]) -> Tensor:
    return torch.stack(list(losses)).mean()
