"""How each representation is trained: its configuration, its stages, its optimiser."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from typing import Any

import torch
from torch import Tensor

from vvipe.training.config import TrainConfig
from vvipe.training.methods.lifter import LifterConfig, Lifting
from vvipe.training.methods.pr_vipe import Matching, PrVipeConfig
from vvipe.training.methods.stage import Stage
from vvipe.training.methods.vvipe import VVipeConfig
from vvipe.training.methods.vvipe_stages import Mapping, PoseVae


@dataclass(frozen=True)
class Method:
    """What the loop needs to train one representation.

    Attributes:
        config: Class of its configuration.
        stages: Classes of its stages, in order; networks, bank and configuration in.
        optimiser: Parameters and learning rate to an optimiser.
    """

    config: type[TrainConfig]
    stages: tuple[Callable[[Any, Any, Any], Stage], ...]
    optimiser: Callable[[Iterable[Tensor], float], torch.optim.Optimizer]


_ADAM = partial(torch.optim.Adam, fused=True)

METHODS = {
    "vvipe": Method(VVipeConfig, (PoseVae, Mapping), _ADAM),
    "pr-vipe": Method(PrVipeConfig, (Matching,), torch.optim.Adagrad),
    "lifter": Method(LifterConfig, (Lifting,), _ADAM),
}
"""Representation -> how it is trained."""
