"""The two stages of V-VIPE: what one step computes (V-VIPE §3.2 and §3.3)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

import torch
from torch import Tensor

from vvipe.geometry.bones import bone_lengths, universal_lengths
from vvipe.losses import gaussian_nll, kl_to_unit_gaussian
from vvipe.models.inputs import H36M17, NEEDED, TORSO, torso_m
from vvipe.models.networks import Networks
from vvipe.training.data import PoseBank
from vvipe.training.methods.space import Gaussians, space_losses
from vvipe.training.methods.stage import Batch, Losses, Stage, draw
from vvipe.training.methods.vvipe import VVipeConfig
from vvipe.training.synthesis import other_rig
from vvipe.training.targets import pose_targets
from vvipe.training.views import kept, observe

_MIRROR = torch.as_tensor(H36M17.mirror)


class PoseVae(Stage):
    """Stage 1: the pose VAE learns the space from canonical 3D poses."""

    name = "vae"

    def __init__(self, networks: Networks, bank: PoseBank, config: VVipeConfig) -> None:
        self.networks, self.bank, self.config = networks, bank, config
        self.objective = config.objective.without_matching()
        self.trained = [networks.encoder_3d, networks.decoder]
        self.steps = config.steps_vae if config.pretrain else 0

    @torch.no_grad()
    def batch(self) -> Batch:
        """Poses as another rig has them, mask, and targets, from torch's global generator."""
        clean = draw(self.bank, self.config, views=self.objective.views)
        seen = other_rig(clean, self.config.synthesis)
        return *_rig(seen, self.config), pose_targets(clean, self.config)

    def loss(self, batch: Sequence[Tensor]) -> tuple[Tensor, Losses]:
        """Weighted sum and its parts."""
        how = self.objective
        rig, mask, target = batch
        posterior = _gaussians(self.networks.encoder_3d(rig, mask))
        parts = _vae_losses(self.networks, posterior, target)
        total = how.reconstruction * parts["mse"] + how.kl * parts["kl"]
        shape, weighted = space_losses(posterior, target, how)
        return total + weighted, parts | shape


class Seen(NamedTuple):
    """What a step of stage 2 learns from.

    Empty are the bones where the 2D encoder tells none, the rig where the pose VAE stays fixed.

    Attributes:
        keypoints: (B, 13, 2) normalised.
        mask: (B, 13).
        target: (B, 17, 3) canonical poses.
        bones: (B, 17) logarithms of the seen rigs' bone lengths over the universal ones.
        rig: (B, 17, 3) the seen rigs' poses, canonical.
        rig_mask: (B, 17).
    """

    keypoints: Tensor
    mask: Tensor
    target: Tensor
    bones: Tensor
    rig: Tensor
    rig_mask: Tensor


class Mapping(Stage):
    """Stage 2: the 2D encoder learns to find a pose's place in the space from one view."""

    name = "map"

    def __init__(self, networks: Networks, bank: PoseBank, config: VVipeConfig) -> None:
        self.networks, self.bank, self.config = networks, bank, config
        self.trained = [networks.encoder_2d]
        if config.joint or not config.pretrain:
            self.trained.append(networks.decoder)
        if config.joint:
            self.trained.append(networks.encoder_3d)
        self.steps = config.steps_map

    @torch.no_grad()
    def batch(self) -> Seen:
        """Views of poses, from torch's global generator."""
        clean = draw(self.bank, self.config, views=self.config.objective.views)
        seen = other_rig(clean, self.config.synthesis)
        keypoints, mask = observe(seen, self.config.views, self.networks.arch.normaliser)
        nothing = seen.new_empty(0)
        bones = _log_bones(seen) if self.networks.arch.bones else nothing
        rig = _rig(seen, self.config) if self.config.joint else (nothing, nothing)
        return Seen(keypoints, mask, pose_targets(clean, self.config), bones, *rig)

    def loss(self, batch: Sequence[Tensor]) -> tuple[Tensor, Losses]:
        """Weighted sum and its parts."""
        how, networks = self.config.objective, self.networks
        seen = Seen(*batch)
        mean, log_variance, *bones = (x.float() for x in networks.encoder_2d(*seen[:2]))
        drawn = networks.decode(mean).float()
        parts: Losses = {"mse": (drawn - seen.target).square().mean()}
        total = how.reconstruction * parts["mse"]
        if bones:
            parts["bones"] = (bones[0] - seen.bones).square().mean()
            total = total + how.bones * parts["bones"]
        known = self._known(seen)
        if known is not None:
            parts["latent"] = (mean - known.mean).square().mean()
            total = total + how.latent * parts["latent"]
            if self.config.joint:
                vae = _vae_losses(networks, known, seen.target)
                total = total + how.reconstruction * vae["mse"] + how.kl * vae["kl"]
                parts |= {f"{name} 3d": loss for name, loss in vae.items()}
            if not networks.arch.matching:
                # Fits the variance alone: its layer reads detached features, the error is detached.
                total = total + gaussian_nll((mean - known.mean).detach(), log_variance)
        shape, weighted = space_losses(Gaussians(mean, log_variance), seen.target, how, known)
        return total + weighted, parts | shape

    def _known(self, seen: Seen) -> Gaussians | None:
        """Where the 3D encoder has the poses; it learns on where the training is joint."""
        encoder, target = self.networks.encoder_3d, seen.target
        if self.config.joint:
            return _gaussians(encoder(seen.rig, seen.rig_mask))
        if not self.config.pretrain:
            return None
        with torch.no_grad():
            return _gaussians(encoder(target, target.new_ones(target.shape[:2])))


def _rig(seen: Tensor, config: VVipeConfig) -> tuple[Tensor, Tensor]:
    """What the 3D encoder is given of posed rigs: canonical poses, and which joints it sees."""
    rig = pose_targets(seen, config)
    mask = kept(len(rig), rig.shape[1], config.views.dropout)
    mask[:, NEEDED] = 1.0
    return rig, mask


def _log_bones(seen: Tensor) -> Tensor:
    """(B, 17) how long bones are for the torso, both sides alike, 0 where as usual."""
    lengths = bone_lengths(seen, H36M17)
    lengths = (lengths + lengths[:, _MIRROR]) / 2
    usual = torch.as_tensor(universal_lengths())
    ratio = lengths / usual.clamp(min=1e-6)
    size = lengths[:, TORSO].sum(1, keepdim=True) / torso_m()
    return torch.where(usual > 0, ratio / size, 1).log()


def _gaussians(encoded: Sequence[Tensor]) -> Gaussians:
    return Gaussians(encoded[0].float(), encoded[1].float())


def _vae_losses(networks: Networks, posterior: Gaussians, target: Tensor) -> Losses:
    mean, log_variance = posterior
    sample = mean + torch.randn_like(mean) * (log_variance / 2).exp()
    return {
        "mse": (networks.decode(sample).float() - target).square().mean(),
        "kl": kl_to_unit_gaussian(mean, log_variance),
    }
