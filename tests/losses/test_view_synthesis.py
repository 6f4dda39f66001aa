"""Losses between views, each by loops."""

import pytest
import torch

from vvipe.losses.view_synthesis import consistency_loss, synthesis_loss

SHAPES = [(4, 13, 2), (4, 5, 6, 7)]  # keypoints, and maps of limbs


@pytest.fixture(params=SHAPES, ids=["keypoints", "maps"])
def views(request, seed):
    """Made views, true ones, and what is seen of these."""
    shape = request.param
    return torch.randn(shape).double(), torch.randn(shape).double(), torch.rand(shape[:2]) < 0.6


def test_the_loss_is_the_mean_square_of_what_is_seen(views):
    made, view, seen = views
    squares = [
        (a - b) ** 2
        for i in range(made.shape[0])
        for j in range(made.shape[1])
        if seen[i, j]
        for a, b in zip(made[i, j].flatten().tolist(), view[i, j].flatten().tolist(), strict=True)
    ]
    assert 0 < seen.sum() < seen.numel()
    got = synthesis_loss(made, view, seen.double()).item()
    assert got == pytest.approx(sum(squares) / len(squares))


def test_what_is_not_seen_does_not_count(views):
    made, view, seen = views
    expected = synthesis_loss(made, view, seen.double())
    made.requires_grad_()
    view[~seen] += 100
    loss = synthesis_loss(made, view, seen.double())
    torch.testing.assert_close(loss, expected)
    loss.backward()
    assert not made.grad[~seen].any() and made.grad[seen].all()


def test_where_nothing_is_seen_nothing_is_learnt(views):
    made, view, seen = views
    made.requires_grad_()
    loss = synthesis_loss(made, view, torch.zeros(seen.shape).double())
    loss.backward()
    assert loss == 0
    assert torch.isfinite(made.grad).all() and not made.grad.any()


def test_consistency_is_the_mean_squared_distance_of_points(seed):
    turned, other = torch.randn(3, 5, 3).double(), torch.randn(3, 5, 3).double()
    squares = [
        sum((a - b) ** 2 for a, b in zip(p, q, strict=True))
        for mine, theirs in zip(turned.tolist(), other.tolist(), strict=True)
        for p, q in zip(mine, theirs, strict=True)
    ]
    expected = pytest.approx(sum(squares) / len(squares))
    assert consistency_loss(turned, other).item() == expected
    assert consistency_loss(other, turned).item() == expected
    assert consistency_loss(turned, turned) == 0


def test_gradients_agree_with_differences(views, seed):
    made, view, seen = views
    made.requires_grad_()
    assert torch.autograd.gradcheck(lambda m: synthesis_loss(m, view, seen.double()), made)
    turned, other = (torch.randn(2, 3, 3).double().requires_grad_() for _ in range(2))
    assert torch.autograd.gradcheck(consistency_loss, (turned, other))
