"""Encoders and decoders between views and G, of every kind."""

import pytest
import torch
from torch import nn
from view_pairs import VIEWS, settled

from vvipe.models.generators import KEYPOINTS, KINDS, STRIDED, UNET, decoder, encoder


def view(kind, count=3):
    return torch.randn(count, 39) if kind == KEYPOINTS else torch.rand(count, *VIEWS[kind])


@pytest.fixture(params=KINDS)
def kind(request, seed):
    return request.param


@pytest.mark.parametrize("points", [1, 5])
def test_shapes(kind, points):
    told = encoder(kind, 4, points, 1)(view(kind))
    made = decoder(kind, 4, points, 1)(told)
    assert told.shape == (3, points, 3)
    assert made.shape == (3, *VIEWS[kind])


def convolved(module):
    return [(m.in_channels, m.out_channels) for m in module.modules() if type(m) is nn.Conv2d]


def test_a_u_net_has_two_convolutions_a_level_and_doubles_its_channels():
    down = [(15, 4), (4, 4), (4, 8), (8, 8), (8, 16), (16, 16), (16, 32), (32, 32), (32, 64),
            (64, 64)]  # fmt: skip
    assert convolved(encoder(UNET, 4, 5, 1)) == down
    up = [(n, n) for n in (32, 32, 16, 16, 8, 8, 4, 4)]
    assert convolved(decoder(UNET, 4, 5, 1)) == [*up, (4, 15)]
    assert decoder(UNET, 4, 5, 1)[-1].kernel_size == (1, 1)
    assert decoder(STRIDED, 4, 5, 1)[-1].kernel_size == (3, 3)
    assert convolved(encoder(STRIDED, 4, 5, 1)) == [(15, 4), (4, 8), (8, 16), (16, 32)]


def cost(network, inputs):
    """Multiplications of the convolutions."""
    counts = []

    def counted(module, given, made):
        where = given[0] if isinstance(module, nn.ConvTranspose2d) else made
        counts.append(module.weight.numel() * where.shape[-1] * where.shape[-2])

    for module in network.modules():
        if isinstance(module, nn.Conv2d | nn.ConvTranspose2d):
            module.register_forward_hook(counted)
    with torch.no_grad():
        network.eval()(inputs)
    return sum(counts)


def test_a_strided_generator_is_several_times_cheaper():
    for made, inputs in ((encoder, view(UNET, 1)), (decoder, torch.randn(1, 4, 3))):
        strided, unet = (cost(made(kind, 32, 4, 1), inputs) for kind in (STRIDED, UNET))
        assert 0 < 5 * strided < unet


def test_a_view_reaches_the_decoder_through_the_points_alone(kind):
    """Directions in which a view made of one point can change are three at most."""
    width = 16 if kind == KEYPOINTS else 4
    down = settled(encoder(kind, width, 1, 1), view(kind, 16))
    up = settled(decoder(kind, width, 1, 1), torch.randn(16, 1, 3))
    seen = view(kind, 1).requires_grad_()
    made = up(down(seen)).flatten()
    gradients = [
        torch.autograd.grad(made @ torch.randn(len(made)), seen, retain_graph=True)[0].flatten()
        for _ in range(6)
    ]
    values = torch.linalg.svdvals(torch.stack(gradients).double())
    assert values[2] > 1e-6 and values[3] < 1e-4 * values[2]


def test_every_weight_is_taught(kind):
    down, up = encoder(kind, 4, 3, 1), decoder(kind, 4, 3, 1)
    made = up(down(view(kind)))
    (made * torch.randn(made.shape)).sum().backward()
    for name, weight in [*down.named_parameters(), *up.named_parameters()]:
        assert torch.isfinite(weight.grad).all() and weight.grad.any(), name
