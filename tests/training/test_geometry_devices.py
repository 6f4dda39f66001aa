"""Losses on another device than the processor, for which the meta device stands."""

import pytest
import torch
from torch.overrides import TorchFunctionMode
from view_pairs import SMALL, make_stage

from vvipe.training.methods.geometry_stages import Regression, ViewSynthesis


class OneDevice(TorchFunctionMode):
    """Refuses what no accelerator calculates: tensors of two devices in one call."""

    def __torch_function__(self, func, types, args=(), kwargs=None):
        kwargs = kwargs or {}
        given = [x for x in (*args, *kwargs.values()) if isinstance(x, torch.Tensor) and x.ndim]
        devices = {x.device.type for x in given}
        assert len(devices) < 2, f"{func.__name__} of tensors on {devices}"
        return func(*args, **kwargs)


@pytest.mark.parametrize("kind", SMALL)
@pytest.mark.parametrize("which", [ViewSynthesis, Regression])
def test_a_loss_is_calculated_where_its_batch_is(poses, which, kind):
    stage = make_stage(poses, which, generator=kind, picture=2)
    batch = [x.to("meta") for x in stage.batch()]
    stage.networks.to("meta")
    with OneDevice():
        loss, parts = stage.loss(batch)
    assert loss.device.type == "meta"
    assert all(part.device.type == "meta" for part in parts.values())
