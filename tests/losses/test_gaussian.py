import math

import pytest
import torch

from vvipe.losses import gaussian_nll, kl_to_unit_gaussian


@pytest.fixture
def batch(seed):
    return torch.randn(5, 3).double(), torch.randn(5, 3).double()


def test_kl_agrees_with_loops(batch):
    total = 0.0
    for mean, log_variance in zip(*(x.tolist() for x in batch), strict=True):
        for m, v in zip(mean, log_variance, strict=True):
            total += 0.5 * (m**2 + math.exp(v) - 1 - v)
    assert kl_to_unit_gaussian(*batch).item() == pytest.approx(total / 5, rel=1e-9)


def test_kl_is_zero_for_the_unit_gaussian_alone():
    zero = torch.zeros(4, 2)
    assert kl_to_unit_gaussian(zero, zero) == 0
    assert kl_to_unit_gaussian(zero, zero + 0.5) > 0
    assert kl_to_unit_gaussian(zero + 0.5, zero) > 0


def test_likelihood_agrees_with_loops(batch):
    values = [
        0.5 * (e**2 / math.exp(v) + v)
        for errors, log_variance in zip(*(x.tolist() for x in batch), strict=True)
        for e, v in zip(errors, log_variance, strict=True)
    ]
    assert gaussian_nll(*batch).item() == pytest.approx(sum(values) / len(values), rel=1e-9)


def test_the_likeliest_variance_is_the_squared_error(batch):
    error, _ = batch
    best = error.square().log()
    at_best = gaussian_nll(error, best)
    assert at_best < gaussian_nll(error, best + 0.1)
    assert at_best < gaussian_nll(error, best - 0.1)


@pytest.mark.parametrize("loss", [kl_to_unit_gaussian, gaussian_nll])
def test_gradients_agree_with_differences(loss, batch):
    assert torch.autograd.gradcheck(loss, [x.requires_grad_() for x in batch])
