"""A training that begins with the weights of an earlier one."""

from __future__ import annotations

from torch import nn

from vvipe.errors import VvipeError
from vvipe.models.registry import model_folder
from vvipe.models.storage import load_networks
from vvipe.training.config import TrainConfig


def take_weights(networks: nn.Module, config: TrainConfig) -> None:
    """Fills networks with the weights of the model `config.start`.

    Raises:
        VvipeError: No such model, or one of another architecture.
    """
    folder = model_folder(config.start)
    earlier, about = load_networks(folder)
    if type(earlier) is not type(networks) or earlier.arch != config.architecture:
        raise VvipeError(
            "a training begins with weights of its own architecture", where=folder,
            expected=f"{config.representation} {config.architecture}",
            got=f"{about['representation']} {earlier.arch}",
        )  # fmt: skip
    networks.load_state_dict(earlier.state_dict())
