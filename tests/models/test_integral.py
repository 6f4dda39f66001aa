"""Integral regression over a picture."""

import pytest
import torch

from vvipe.models.integral import BINS, REACH, IntegralRegression


@pytest.fixture
def head():
    torch.manual_seed(0)
    return IntegralRegression(channels=4, told=9).eval()


def test_a_peak_of_the_heat_map_is_where_the_joint_is(head):
    """A twin of the soft-argmax: all the heat of joint 5 in one place."""
    heat = torch.zeros(1, 17, BINS, BINS, BINS)
    heat[0, 5, 3, 7, 12] = 100.0  # z, y, x
    head.down, head.up, head.injected = torch.nn.Identity(), torch.nn.Identity(), None
    with torch.no_grad():
        body = head(heat.flatten(1, 2), torch.zeros(1, 3, 3))
    place = torch.linspace(-REACH, REACH, BINS)
    torch.testing.assert_close(body[0, 5], place[[12, 7, 3]])
    torch.testing.assert_close(body[0, 4], torch.zeros(3), atol=1e-5, rtol=0)  # heat everywhere


def test_shapes_and_bounds(head):
    with torch.no_grad():
        body = head(torch.rand(2, 3, 64, 64), torch.randn(2, 3, 3))
    assert body.shape == (2, 17, 3) and body.abs().max() <= REACH


def test_points_are_injected(head):
    image = torch.rand(1, 3, 64, 64)
    with torch.no_grad():
        one, other = (head(image, torch.full((1, 3, 3), x)) for x in (0.0, 1.0))
        assert not torch.allclose(one, other)
        plain = IntegralRegression(channels=4, told=0).eval()
        one, other = (plain(image, torch.full((1, 3, 3), x)) for x in (0.0, 1.0))
        torch.testing.assert_close(one, other)
