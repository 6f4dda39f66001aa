import pytest
import torch
from torch import nn

from vvipe.models.folding import fold


@pytest.fixture
def inputs(rng):
    def draw(joints, dims):
        points = torch.from_numpy(rng.normal(size=(33, joints, dims)).astype("float32"))
        mask = torch.from_numpy(rng.random((33, joints)) < 0.8).float()
        return points, mask

    return draw


@pytest.mark.parametrize(("part", "shape"), [("encoder_2d", (13, 2)), ("encoder_3d", (17, 3))])
def test_folded_encoders_are_the_same_function(networks, inputs, part, shape):
    encoder, points = getattr(networks, part), inputs(*shape)
    with torch.no_grad():
        expected, got = encoder(*points), fold(encoder)(*points)
    for a, b in zip(expected, got, strict=True):
        torch.testing.assert_close(a, b, atol=1e-5, rtol=1e-5)
        assert a.std() > 0.1


def test_the_folded_decoder_is_the_same_function(networks, seed):
    latents = torch.randn(33, 8)
    with torch.no_grad():
        expected = networks.decode(latents).flatten(1)
        torch.testing.assert_close(fold(networks.decoder)(latents), expected, atol=1e-5, rtol=1e-5)


def test_only_linear_layers_and_relus_are_left(networks):
    kinds = {type(m) for m in fold(networks.decoder).modules() if not list(m.children())}
    assert kinds <= {nn.Linear, nn.ReLU} and nn.Linear in kinds


def test_the_networks_themselves_stay_as_they_were(networks, inputs, seed):
    points, before = inputs(13, 2), {k: v.clone() for k, v in networks.state_dict().items()}
    folded = fold(networks.encoder_2d)
    mine = points[0].clone()
    folded(*points)
    assert all(torch.equal(v, before[k]) for k, v in networks.state_dict().items())
    assert torch.equal(points[0], mine)
    for parameter in networks.parameters():
        parameter.data.zero_()
    assert folded(*points)[0].abs().sum() > 0


def test_what_cannot_be_folded_is_named():
    with pytest.raises(TypeError, match="Conv1d"):
        fold(nn.Sequential(nn.Conv1d(1, 1, 1)))
    with pytest.raises(TypeError, match="running statistics"):
        fold(nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2, track_running_stats=False)))
