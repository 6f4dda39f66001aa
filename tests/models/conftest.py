"""A small model with random weights, its batch statistics unlike those of a new network."""

import pytest
import torch

from vvipe.models.networks import Architecture, Networks
from vvipe.models.storage import save_model
from vvipe.models.vae_gan_networks import VaeGanNetworks

SMALL = {"latent": 8, "width_2d": 48, "width_3d": 40}
OURS = {"mirror": True, "matching": True, "bones": True}


def shaken(**changes) -> Networks:
    """Networks as if a training had gone over them, evaluation mode."""
    torch.manual_seed(0)
    networks = Networks(Architecture(**SMALL | changes))
    for module in networks.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2)
            torch.nn.init.uniform_(module.weight, 0.5, 1.5)
            torch.nn.init.normal_(module.bias, 0, 0.3)
    return networks.eval()


@pytest.fixture(params=[{}, {"masks": False}, OURS], ids=["masks", "no masks", "ours"])
def networks(request) -> Networks:
    return shaken(**request.param)


@pytest.fixture
def symmetric() -> Networks:
    """Networks that know left from right."""
    return shaken(**OURS)


def write_model(out, **changes):
    """A model's folder as a training writes it."""
    about = {"name": "small", "representation": "vvipe", "latent_std": [0.5] * 8, "metrics": []}
    save_model(out, shaken(**changes), about)
    return out


@pytest.fixture
def folder(tmp_path):
    return write_model(tmp_path / "small")


@pytest.fixture
def model(folder):
    from vvipe import load

    return load(folder)


@pytest.fixture
def ours(tmp_path):
    """A model with all that the paper has not."""
    from vvipe import load

    return load(write_model(tmp_path / "ours", **OURS))


@pytest.fixture
def unsupervised():
    """Makes networks of the unsupervised lifter from an architecture, as if they were trained.

    Bodies are neither flat nor level; all joints are known.
    """

    def make(arch, spread=1.0) -> VaeGanNetworks:
        torch.manual_seed(0)
        networks = VaeGanNetworks(arch)
        for module in networks.modules():
            if isinstance(module, torch.nn.BatchNorm1d):
                module.running_mean.normal_(0, 0.3)
                module.running_var.uniform_(0.5, 2)
        torch.nn.init.normal_(networks.decoder[1].weight, 0, spread)
        if networks.elevation is not None:
            torch.nn.init.normal_(networks.elevation.weight, 0, spread)
        networks.known.fill_(1)
        return networks.eval()

    return make
