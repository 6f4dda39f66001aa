"""How each representation is trained: its configuration, its stages, its optimiser."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from vvipe.training.config import TrainConfig
from vvipe.training.data import load_bank
from vvipe.training.keypoint_bank import load_views
from vvipe.training.methods.geometry_aware import GeometryConfig
from vvipe.training.methods.geometry_stages import Regression, ViewSynthesis, load_pairs
from vvipe.training.methods.lifter import LifterConfig, Lifting
from vvipe.training.methods.pr_vipe import Matching, PrVipeConfig
from vvipe.training.methods.stage import Stage
from vvipe.training.methods.vae_gan import VaeGanConfig
from vvipe.training.methods.vae_gan_stages import Lifting2D, PriorFitting
from vvipe.training.methods.vvipe import VVipeConfig
from vvipe.training.methods.vvipe_stages import Mapping, PoseVae


@dataclass(frozen=True)
class Method:
    """What the loop needs to train one representation.

    Attributes:
        config: Class of its configuration.
        stages: Classes of its stages, in order; networks, bank and configuration in.
        optimiser: Parameters and learning rate to an optimiser.
        load: Reads what it learns from: folder, configuration, and who is told of damaged files.
    """

    config: type[TrainConfig]
    stages: tuple[Callable[[Any, Any, Any], Stage], ...]
    optimiser: Callable[[Iterable[Tensor], float], torch.optim.Optimizer]
    load: Callable[[Path, Any, Any], Any] = load_bank


_ADAM = partial(torch.optim.Adam, fused=True)

METHODS = {
    "vvipe": Method(VVipeConfig, (PoseVae, Mapping), _ADAM),
    "pr-vipe": Method(PrVipeConfig, (Matching,), torch.optim.Adagrad),
    "lifter": Method(LifterConfig, (Lifting,), _ADAM),
    "geometry-aware": Method(GeometryConfig, (ViewSynthesis, Regression), _ADAM, load_pairs),
    "vae-gan": Method(VaeGanConfig, (PriorFitting, Lifting2D), _ADAM, load_views),
}
"""Representation -> how it is trained."""
