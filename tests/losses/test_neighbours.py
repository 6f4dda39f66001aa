import math

import pytest
import torch

from vvipe.losses import soft_neighbour_loss


def naive(first, second, distances, width, temperature):
    """Cross-entropy of softmaxes over rows, by loops, both directions."""
    first, second, distances = (x.tolist() for x in (first, second, distances))
    count, total = len(first), 0.0
    for a, b in ((first, second), (second, first)):
        for i in range(count):
            targets = [math.exp(-0.5 * (distances[i][j] / width) ** 2) for j in range(count)]
            near = [math.exp(-0.5 * math.dist(a[i], b[j]) ** 2 / temperature**2)
                    for j in range(count)]  # fmt: skip
            total -= sum(
                t / sum(targets) * math.log(n / sum(near))
                for t, n in zip(targets, near, strict=True)
            )
    return total / (2 * count)


def between(first, second):
    return torch.cdist(first, second).square()


@pytest.fixture
def views(seed):
    poses = torch.rand(8, 1).double()
    return torch.randn(8, 3).double(), torch.randn(8, 3).double(), torch.cdist(poses, poses)


@pytest.mark.parametrize(("width", "temperature"), [(0.05, 1.0), (0.3, 0.7)])
def test_agrees_with_loops(views, width, temperature):
    expected = naive(*views, width, temperature)
    first, second, distances = views
    got = soft_neighbour_loss(between(first, second), distances, width, temperature)
    assert got.item() == pytest.approx(expected, rel=1e-9)


def test_neither_view_comes_first(views):
    first, second, distances = views
    swapped = soft_neighbour_loss(between(second, first), distances)
    torch.testing.assert_close(soft_neighbour_loss(between(first, second), distances), swapped)


def test_the_same_pose_brought_together_lowers_the_loss(views):
    first, second, _ = views
    apart = (1 - torch.eye(8).double()) * 10  # no pose is like another
    before = soft_neighbour_loss(between(first, second), apart)
    assert soft_neighbour_loss(between(first, (first + second) / 2), apart) < before


def test_poses_that_match_may_lie_together():
    first = torch.tensor([[0.0], [0.0], [9.0]])  # the first two lie together
    matching = torch.tensor([[0.0, 0.0, 9.0], [0.0, 0.0, 9.0], [9.0, 9.0, 0.0]])
    alike, unlike = (
        soft_neighbour_loss(between(first, first), d) for d in (matching, 9 - 9 * torch.eye(3))
    )
    # One of two equals is found by chance: the targets' own entropy is all that is left.
    assert alike.item() == pytest.approx(2 / 3 * math.log(2), abs=1e-5)
    torch.testing.assert_close(alike, unlike)
    apart = torch.tensor([[0.0], [4.0], [9.0]])
    assert soft_neighbour_loss(between(apart, apart), 9 - 9 * torch.eye(3)) < unlike
    assert soft_neighbour_loss(between(apart, apart), matching) > alike


def test_gradients_agree_with_differences(views):
    first, second, distances = views
    inputs = between(first, second).requires_grad_(), distances
    assert torch.autograd.gradcheck(soft_neighbour_loss, inputs)
