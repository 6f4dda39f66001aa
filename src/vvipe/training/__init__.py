"""Training: configuration, batches, the loop and checkpoints."""

from vvipe.training.config import TrainConfig, config_from_dict, config_from_toml
from vvipe.training.loop import Progress, train
from vvipe.training.precision import Precision, choose_precision
from vvipe.training.presets import ABLATIONS, PRESETS

__all__ = [
    "ABLATIONS",
    "PRESETS",
    "Precision",
    "Progress",
    "TrainConfig",
    "choose_precision",
    "config_from_dict",
    "config_from_toml",
    "train",
]
