"""Stages of the unsupervised lifter, small, and what their losses make of a batch."""

from dataclasses import replace

import torch

from vvipe.models.vae_gan_networks import VaeGanArchitecture, VaeGanNetworks
from vvipe.training import VaeGanConfig
from vvipe.training.config import Views
from vvipe.training.data import PoseBank
from vvipe.training.methods.vae_gan import Cycles, VaeGanObjective
from vvipe.training.methods.vae_gan_stages import (
    Lifting2D,
    PriorFitting,
)
from vvipe.training.whole_views import WholeViews

SMALL = VaeGanArchitecture(latent=6, width=16, blocks=1, prior_width=8)
WEIGHTS = {
    "reprojection": 1.1, "prior": 0.9, "kl": 0.3, "back": 0.7, "back_view": 1.3, "bones": 2.0,
    "symmetry": 0.4, "alike": 0.6, "elevation": 1.7,
}  # fmt: skip
CONFIG = VaeGanConfig(
    batch=64, steps=100, architecture=SMALL, objective=VaeGanObjective(**WEIGHTS),
    cycles=Cycles(0.0, 0.5, 0.5), views=Views(noise=0.0, dropout=0.0),
)  # fmt: skip
WEIGHT_OF = {"back view": "back_view", "back level": "back"}  # of the parts that share one
WATCHED = {"depth", "flips", "balance"}


def make_stage(poses, kind=Lifting2D, config=CONFIG, **arch):
    """A stage under a changed configuration; its networks draw bodies that are not flat."""
    config = replace(config, architecture=replace(config.architecture, **arch))
    bank = PoseBank(poses, torch.ones(len(poses)), "hash", 1)
    torch.manual_seed(0)
    networks = VaeGanNetworks(config.architecture).train()
    torch.nn.init.normal_(networks.decoder[1].weight, 0, 0.2)
    PriorFitting(networks, bank, config)
    return kind(networks, bank, config)


def lossy(config=CONFIG, **weights):
    return replace(config, objective=replace(config.objective, **weights))


def lifted_by(stage, batch, seed=7):
    """What a loss under this seed makes of a batch to begin with: drawn bodies."""
    torch.manual_seed(seed)
    views = WholeViews(*batch)
    return stage.networks(views.points, views.mask, sample=True)


def loss_of(stage, batch, seed=7):
    torch.manual_seed(seed)
    return stage.loss(batch)
