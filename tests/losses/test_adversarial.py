"""GAN, WGAN and WGAN-GP, each by its formula."""

import math

import pytest
import torch

from vvipe.losses.adversarial import (
    KINDS,
    balance,
    convincing_loss,
    critic_loss,
    gradient_penalty,
)


@pytest.fixture
def opinions(seed):
    return torch.randn(7).double(), 0.5 + torch.randn(4).double()


def mean(values):
    values = list(values)
    return sum(values) / len(values)


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


def test_the_gan_is_cross_entropy(opinions):
    real, fake = opinions
    right = mean(-math.log(sigmoid(o)) for o in real.tolist())
    wrong = mean(-math.log(1 - sigmoid(o)) for o in fake.tolist())
    assert critic_loss(real, fake, "gan").item() == pytest.approx(right + wrong)
    convinced = mean(-math.log(sigmoid(o)) for o in fake.tolist())
    assert convincing_loss(fake, "gan").item() == pytest.approx(convinced)


@pytest.mark.parametrize("kind", ["wgan", "wgan-gp"])
def test_the_others_are_differences_of_means(opinions, kind):
    real, fake = opinions
    expected = mean(fake.tolist()) - mean(real.tolist())
    assert critic_loss(real, fake, kind).item() == pytest.approx(expected)
    assert convincing_loss(fake, kind).item() == pytest.approx(-mean(fake.tolist()))


@pytest.mark.parametrize("kind", KINDS)
def test_critic_and_the_one_who_convinces_pull_apart(opinions, kind):
    real, fake = (o.requires_grad_() for o in opinions)
    critic_loss(real, fake, kind).backward()
    assert (real.grad < 0).all() and (fake.grad > 0).all()
    fake.grad = None
    convincing_loss(fake, kind).backward()
    assert (fake.grad < 0).all()


@pytest.mark.parametrize("kind", KINDS)
def test_gradients_agree_with_differences(opinions, kind):
    real, fake = (o.requires_grad_() for o in opinions)
    assert torch.autograd.gradcheck(lambda a, b: critic_loss(a, b, kind), (real, fake))
    assert torch.autograd.gradcheck(lambda b: convincing_loss(b, kind), fake)


def test_sure_opinions_stay_finite():
    sure = torch.tensor([1e4, -1e4])
    assert critic_loss(sure, sure, "gan").item() == pytest.approx(1e4)
    assert convincing_loss(sure, "gan").item() == pytest.approx(5e3)


@pytest.mark.parametrize("slope", [0.2, 1.0, 3.0])
def test_the_penalty_of_a_linear_critic_is_told_by_its_slope(seed, slope):
    weight = torch.nn.functional.normalize(torch.randn(6), dim=0) * slope
    real, fake = torch.randn(5, 3, 2), torch.randn(5, 3, 2)
    penalty = gradient_penalty(lambda x: x.flatten(1) @ weight, real, fake)
    assert penalty.item() == pytest.approx((slope - 1) ** 2, abs=1e-5)
    flat = gradient_penalty(lambda x: x.flatten(1) @ weight, real, fake, slope=0.0)
    assert flat.item() == pytest.approx(slope**2, rel=1e-5)


def test_the_penalty_is_taken_on_the_lines_between_real_and_fake(seed):
    """Of the critic x², whose slope 2x is other than 1 on either end, by a loop."""
    real, fake = torch.rand(6, 1) + 2, -torch.rand(6, 1)
    torch.manual_seed(1)
    penalty = gradient_penalty(lambda x: x.square().sum(1), real, fake)
    torch.manual_seed(1)
    share = torch.rand(6, 1).tolist()
    places = [s * r + (1 - s) * f for (s,), (r,), (f,) in zip(share, real, fake, strict=True)]
    expected = mean((abs(2 * p.item()) - 1) ** 2 for p in places)
    assert penalty.item() == pytest.approx(expected, rel=1e-4)


def test_the_penalty_teaches_the_critic_and_is_finite_for_a_flat_one():
    critic = torch.nn.Sequential(torch.nn.Linear(4, 1), torch.nn.Flatten(0))
    torch.nn.init.zeros_(critic[0].weight)
    penalty = gradient_penalty(critic, torch.randn(3, 4), torch.randn(3, 4))
    penalty.backward()
    assert penalty.item() == pytest.approx(1, abs=1e-4)
    assert torch.isfinite(critic[0].weight.grad).all()
    critic[0].weight.data.fill_(1.0)  # a slope of 2 is to fall
    critic.zero_grad()
    gradient_penalty(critic, torch.randn(3, 4), torch.randn(3, 4)).backward()
    assert (critic[0].weight.grad > 0).all()


def naive_balance(real, fake, kind):
    real, fake = real.tolist(), fake.tolist()
    between = 0 if kind == "gan" else (mean(real) + mean(fake)) / 2
    return (mean(o > between for o in real) + mean(o <= between for o in fake)) / 2


@pytest.mark.parametrize("kind", KINDS)
def test_balance_agrees_with_loops(opinions, kind):
    expected = naive_balance(*opinions, kind)
    assert 0 < expected < 1
    assert balance(*opinions, kind).item() == pytest.approx(expected)


@pytest.mark.parametrize("kind", KINDS)
def test_balance_of_who_tells_all_and_of_who_tells_nothing(kind):
    high, low, same = torch.full((5,), 2.0), torch.full((3,), -1.0), torch.zeros(4)
    assert balance(high, low, kind) == 1
    assert balance(low, high, kind) == 0
    assert balance(same, same, kind) == 0.5
    assert not balance(high.requires_grad_(), low, kind).requires_grad
