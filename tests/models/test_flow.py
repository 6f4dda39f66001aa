"""The flow's densities, against Jacobians by autograd and sums over a grid."""

import math

import pytest
import torch
from torch.autograd.functional import jacobian

from vvipe.models.flow import SCALE, Coupling, Flow


def shaken(module, spread=0.5):
    """As if it had been trained: a new one moves and stretches nothing."""
    torch.manual_seed(1)
    for weight in module.parameters():
        torch.nn.init.normal_(weight, 0, spread)
    return module.double()


def through(flow, x):
    """(size) to where the flow takes it, coupling by coupling."""
    for coupling, rotation in zip(flow.couplings, flow.rotations, strict=True):
        x = coupling((x @ rotation)[None])[0][0]
    return x


@pytest.mark.parametrize("size", [2, 5, 8])
def test_a_coupling_knows_its_volume(size, seed):
    coupling = shaken(Coupling(size, 6))
    for x in torch.randn(4, size).double():
        matrix = jacobian(lambda v: coupling(v[None])[0][0], x)
        told = coupling(x[None])[1].item()
        assert told == pytest.approx(torch.linalg.slogdet(matrix).logabsdet.item(), abs=1e-6)
        assert abs(told) > 1e-3
        assert torch.equal(coupling(x[None])[0][0, : size // 2], x[: size // 2])


@pytest.mark.parametrize("size", [2, 5, 8])
def test_the_likelihood_is_that_of_the_change_of_variables(size, seed):
    flow = shaken(Flow(size, 6, couplings=3))
    for x in torch.randn(4, size).double():
        z, volume = through(flow, x), torch.linalg.slogdet(jacobian(lambda v: through(flow, v), x))
        expected = 0.5 * z.square().sum() - volume.logabsdet
        assert flow(x[None]).item() * size == pytest.approx(expected.item(), abs=1e-5)


def test_densities_sum_to_one():
    """In two dimensions, over a grid; the constant that the loss leaves out put back."""
    flow = shaken(Flow(2, 8, couplings=4), spread=0.3)
    side = torch.linspace(-12, 12, 601).double()
    with torch.no_grad():
        unlikely = 2 * flow(torch.cartesian_prod(side, side))
    density = (-unlikely).exp() / (2 * math.pi)
    assert (density.sum() * (side[1] - side[0]) ** 2).item() == pytest.approx(1, abs=1e-3)
    assert not torch.allclose(density, density[0])


def test_a_new_flow_turns_and_does_nothing_else(seed):
    flow, x = Flow(34, 8), torch.randn(20, 34)
    torch.testing.assert_close(flow(x), 0.5 * x.square().mean(1))
    turned = torch.stack([through(flow, row) for row in x])
    torch.testing.assert_close(turned.norm(dim=1), x.norm(dim=1))
    assert not torch.allclose(turned, x, atol=0.1)
    assert torch.equal(flow.rotations, Flow(34, 16).rotations)  # the same for every model


def test_no_coupling_stretches_without_bounds():
    coupling = shaken(Coupling(6, 8), spread=10.0)
    _, volume = coupling(100 * torch.randn(50, 6).double())
    assert volume.abs().max() <= 3 * SCALE + 1e-9


def test_a_flow_learns_what_is_likely(seed):
    """A bent cloud: in the end no further from its entropy than a flow can be."""
    flow, generator = Flow(2, 32, couplings=4), torch.Generator().manual_seed(0)
    optimiser = torch.optim.Adam(flow.parameters(), lr=5e-3)

    def cloud(count):
        a, b = torch.randn(2, count, generator=generator)
        return torch.stack([a + 1, 0.3 * b + a.square() - 1], 1)

    entropy = 0.5 * (1 + math.log(0.3))  # a dimension, without the constant
    before = flow(cloud(2000)).mean().item()
    for _ in range(120):
        loss = flow(cloud(256)).mean()
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
    after = flow(cloud(2000)).mean().item()
    assert before > entropy + 0.5
    assert entropy - 0.05 < after < entropy + 0.2
    with torch.no_grad():
        near, far = flow(cloud(500)).mean(), flow(cloud(500) * torch.tensor([1.0, -1.0])).mean()
    assert far > near + 0.5
