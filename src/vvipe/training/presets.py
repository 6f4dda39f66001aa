"""Named configurations: ours, V-VIPE as published, and their rivals.

The numbers of steps are such that all of them train for about as long, 40 minutes on one core of
two that train.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from vvipe.models.geometry_networks import GeometryArchitecture
from vvipe.models.networks import Architecture
from vvipe.models.vae_gan_networks import VaeGanArchitecture
from vvipe.training.config import Synthesis, TrainConfig, Views
from vvipe.training.methods.geometry_aware import GeometryConfig, GeometryObjective
from vvipe.training.methods.lifter import LifterConfig
from vvipe.training.methods.pr_vipe import PrVipeConfig
from vvipe.training.methods.vae_gan import NovelViews, VaeGanConfig, VaeGanObjective
from vvipe.training.methods.vvipe import Objective, VVipeConfig

_NOTHING = Synthesis(
    mirror=0.0,
    limb_swap=0.0,
    bend_rad=0.0,
    bone_lengths=0.0,
    placement_m=0.0,
    shoulder_width=(1.0, 1.0),
    shoulder_height=0.0,
    hip_width=(1.0, 1.0),
)


def paper() -> VVipeConfig:
    """V-VIPE as published (Levy and Shrivastava 2024), where the paper says how.

    Width 1024 throughout, no masks, triplet of margin 1, half of each batch seen by the data set's
    own cameras and half by random ones, no pose synthesis. The paper prints no weights of its
    losses, no optimiser and no number of steps: those are ours.
    """
    return VVipeConfig(
        model="vvipe-paper",
        steps_vae=2500,
        steps_map=3750,
        lr=4e-3,
        averaging=0.0,
        balance=0.0,
        joint=False,
        architecture=Architecture(width_2d=1024, width_3d=1024, masks=False, normaliser="torso"),
        synthesis=_NOTHING,
        views=Views(random=0.5, dropout=0.0, noise=0.0),
        objective=Objective(
            reconstruction=1.0, triplet=0.1, latent=0.0, neighbours=0.0, matching=0.0
        ),
    )


def thesis() -> VaeGanConfig:
    """The VAE-GAN lifter as Budaraju's thesis has it, where it says how.

    It sees what Human3.6M's four cameras see, mirrored in half of the cases, as its data were. One
    residual block of the two that it names, batches a tenth as large and far fewer steps: on a
    GPU it took 164,000 of them. The nose stands for the head, as detectors tell no other; the body
    is 10 root-head distances away, which the thesis does not say. So that a fortieth of the steps
    is enough, learning rate and the critic's weight are larger than its 2e-4 and 1e-4, the KL is
    meant over dimensions, the critic sees poses evened out and its gradient has a price, and the
    vertical leans as those four cameras see it (docs/unsupervised.md says what each is worth).
    """
    return VaeGanConfig(
        model="vae-gan-paper",
        steps_prior=0,
        steps=4000,
        batch=256,
        lr=1e-3,
        averaging=0.0,
        penalty=1.0,
        architecture=VaeGanArchitecture(
            latent=512, width=1024, blocks=1, masks=False, normaliser="head", distance=10.0,
            rays=False, elevation=False, prior="critic", prior_width=1024,
        ),
        objective=VaeGanObjective(
            reprojection=1.0, prior=0.1, kl=1e-3 / 512, back=0.0, back_view=0.0, bones=0.0,
            elevation=0.0,
        ),
        novel=NovelViews(level_rad=0.115, tilt_rad=0.1),
        synthesis=replace(_NOTHING, mirror=0.5),
        views=Views(random=0.0, noise=0.0, dropout=0.0),
    )  # fmt: skip


def chen() -> GeometryConfig:
    """The geometry-aware representation of Chen et al. (2019), where they say how.

    U-Net's two halves, its channels halved, no skips; heads of width 1024; half of the pairs by
    the data set's own cameras and half by virtual ones. They print no learning rate, number of
    points, steps or weight of the consistency: those are ours, and so are keypoints in place of a
    detector's.
    """
    plain = Views(random=0.0, noise=0.0, dropout=0.0)
    return GeometryConfig(
        model="geometry-aware-paper",
        steps_pairs=2500,
        steps_heads=1500,
        pairs=16,
        batch=128,
        averaging=0.0,
        balance=0.0,
        architecture=GeometryArchitecture(
            generator="unet", channels=32, points=128, projects=False, width=1024, masks=False
        ),
        synthesis=_NOTHING,
        objective=GeometryObjective(own=0.0, consistency=0.001),
        views=plain,
        pair_views=replace(plain, random=0.5),
    )


PRESETS: dict[str, Callable[[], TrainConfig]] = {
    "vvipe": VVipeConfig,
    "vvipe-paper": paper,
    "pr-vipe": PrVipeConfig,
    "lifter": LifterConfig,
    "geometry-aware": GeometryConfig,
    "geometry-aware-paper": chen,
    "vae-gan": VaeGanConfig,
    "vae-gan-paper": thesis,
}

ABLATIONS: dict[str, Callable[[VVipeConfig], VVipeConfig]] = {
    "triplet": lambda c: replace(c, objective=replace(c.objective, triplet=0.0)),
    "align": lambda c: replace(c, align=False),
    "universal": lambda c: replace(c, universal=False),
    "pretrain": lambda c: replace(c, pretrain=False),
    "augment": lambda c: replace(c, views=replace(c.views, random=0.0)),
}
"""The paper's ablations by what they leave out."""
