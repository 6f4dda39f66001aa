"""Named configurations: ours, V-VIPE as published, and their rivals.

The numbers of steps are such that all of them train for about as long, 40 minutes on one core of
two that train.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from vvipe.models.networks import Architecture
from vvipe.training.config import Synthesis, TrainConfig, Views
from vvipe.training.methods.lifter import LifterConfig
from vvipe.training.methods.pr_vipe import PrVipeConfig
from vvipe.training.methods.vvipe import Objective, VVipeConfig


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
        synthesis=Synthesis(  # none of it
            mirror=0.0,
            limb_swap=0.0,
            bend_rad=0.0,
            bone_lengths=0.0,
            placement_m=0.0,
            shoulder_width=(1.0, 1.0),
            shoulder_height=0.0,
            hip_width=(1.0, 1.0),
        ),
        views=Views(random=0.5, dropout=0.0, noise=0.0),
        objective=Objective(
            reconstruction=1.0, triplet=0.1, latent=0.0, neighbours=0.0, matching=0.0
        ),
    )


PRESETS: dict[str, Callable[[], TrainConfig]] = {
    "vvipe": VVipeConfig,
    "vvipe-paper": paper,
    "pr-vipe": PrVipeConfig,
    "lifter": LifterConfig,
}

ABLATIONS: dict[str, Callable[[VVipeConfig], VVipeConfig]] = {
    "triplet": lambda c: replace(c, objective=replace(c.objective, triplet=0.0)),
    "align": lambda c: replace(c, align=False),
    "universal": lambda c: replace(c, universal=False),
    "pretrain": lambda c: replace(c, pretrain=False),
    "augment": lambda c: replace(c, views=replace(c.views, random=0.0)),
}
"""The paper's ablations by what they leave out."""
