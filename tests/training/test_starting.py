"""Weights to begin with: those of a model of the same architecture."""

from dataclasses import replace

import pytest
import torch
from view_pairs import CONFIG, make_networks

from vvipe import VvipeError
from vvipe.models.geometry_networks import GeometryNetworks
from vvipe.models.lifter import LifterArchitecture, LifterNetworks
from vvipe.models.storage import save_model
from vvipe.training.starting import take_weights


@pytest.fixture
def earlier(tmp_path):
    """A folder and the networks that were written there."""
    networks = make_networks(CONFIG.architecture)
    save_model(tmp_path / "earlier", networks, {"name": "x", "representation": "geometry-aware"})
    return tmp_path / "earlier", networks


def test_all_weights_are_taken(earlier):
    folder, networks = earlier
    torch.manual_seed(1)
    fresh = GeometryNetworks(CONFIG.architecture)
    take_weights(fresh, replace(CONFIG, start=str(folder)))
    before, after = networks.state_dict(), fresh.state_dict()
    for name, value in after.items():
        assert torch.equal(value.half(), before[name].half()), name
        assert value.dtype == before[name].dtype
    assert fresh.training and all(p.requires_grad for p in fresh.parameters())


def test_another_architecture_is_refused_and_nothing_is_taken(earlier):
    arch = replace(CONFIG.architecture, width=24)
    fresh = GeometryNetworks(arch)
    before = {k: v.clone() for k, v in fresh.state_dict().items()}
    with pytest.raises(VvipeError, match=r"own architecture.*width=24.*width=16"):
        take_weights(fresh, replace(CONFIG, architecture=arch, start=str(earlier[0])))
    assert all(torch.equal(v, before[k]) for k, v in fresh.state_dict().items())


def test_another_representation_is_refused(tmp_path):
    lifter = LifterNetworks(LifterArchitecture(width=16, blocks=1))
    save_model(tmp_path / "lifter", lifter, {"name": "x", "representation": "lifter"})
    with pytest.raises(VvipeError, match=r"geometry-aware.*lifter"):
        take_weights(
            GeometryNetworks(CONFIG.architecture), replace(CONFIG, start=str(tmp_path / "lifter"))
        )


def test_a_model_that_is_not_there_is_told(tmp_path):
    with pytest.raises(VvipeError, match="no model"):
        take_weights(
            GeometryNetworks(CONFIG.architecture), replace(CONFIG, start=str(tmp_path / "absent"))
        )
