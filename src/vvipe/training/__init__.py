"""Training: configuration, batches, the loop and checkpoints."""

from vvipe.training.config import TrainConfig
from vvipe.training.loop import Progress, TrainingFailedError, train
from vvipe.training.methods.geometry_aware import GeometryConfig
from vvipe.training.methods.lifter import LifterConfig
from vvipe.training.methods.pr_vipe import PrVipeConfig
from vvipe.training.methods.vae_gan import VaeGanConfig
from vvipe.training.methods.vvipe import VVipeConfig
from vvipe.training.precision import Precision, choose_precision
from vvipe.training.presets import ABLATIONS, PRESETS
from vvipe.training.toml import config_from_dict, config_from_toml, config_to_toml

__all__ = [
    "ABLATIONS",
    "PRESETS",
    "GeometryConfig",
    "LifterConfig",
    "PrVipeConfig",
    "Precision",
    "Progress",
    "TrainConfig",
    "TrainingFailedError",
    "VVipeConfig",
    "VaeGanConfig",
    "choose_precision",
    "config_from_dict",
    "config_from_toml",
    "config_to_toml",
    "train",
]
