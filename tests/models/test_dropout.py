import pytest
import torch

from vvipe.models.dropout import ByteDropout


@pytest.mark.parametrize("chance", [0.1, 0.5])
def test_zeroes_its_share_and_keeps_the_mean(seed, chance):
    x = torch.ones(1000, 999)
    y = ByteDropout(chance).train()(x)
    assert (y == 0).double().mean().item() == pytest.approx(chance, abs=0.004)
    assert y.double().mean().item() == pytest.approx(1, abs=0.005)
    assert len(y.unique()) == 2


def test_elements_fall_independently(seed):
    kept = (ByteDropout(0.5).train()(torch.ones(400_000)) > 0).double()
    for lag in (1, 2, 7, 8, 64):
        both = (kept[:-lag] * kept[lag:]).mean().item()
        assert both == pytest.approx(0.25, abs=0.005)


def test_in_evaluation_it_is_the_identity(seed):
    x = torch.randn(5, 3)
    assert ByteDropout(0.5).eval()(x) is x
    assert ByteDropout(0.0).train()(x) is x


@pytest.mark.parametrize("shape", [(), (0,), (1,), (7,), (3, 5, 11)])
def test_shape_and_type_stay(shape):
    y = ByteDropout(0.5).train()(torch.ones(shape, dtype=torch.bfloat16))
    assert y.shape == shape and y.dtype == torch.bfloat16


def test_seeds_decide():
    draw = []
    for number in (1, 1, 2):
        torch.manual_seed(number)
        draw.append(ByteDropout(0.5).train()(torch.ones(100)))
    assert torch.equal(draw[0], draw[1]) and not torch.equal(draw[0], draw[2])


def test_the_gradient_is_that_of_what_was_kept(seed):
    x = torch.randn(200, requires_grad=True)
    y = ByteDropout(0.25).train()(x)
    y.sum().backward()
    torch.testing.assert_close(x.grad, torch.where(y == 0, 0, 4 / 3 * torch.ones(200)))
