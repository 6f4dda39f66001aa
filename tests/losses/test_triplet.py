import math

import pytest
import torch
from bodies import moving

from vvipe.losses import pairwise_mpjpe, triplet_loss


def naive_mpjpe(a, b):
    """(N, M) by loops over poses and joints."""
    return torch.tensor([
        [sum(math.dist(x, y) for x, y in zip(p, q, strict=True)) / len(p) for q in b.tolist()]
        for p in a.tolist()
    ])  # fmt: skip


def naive_triplet(latents, distances, margin, gap):
    """V-VIPE's loss by loops: nearest pose, and the nearest of those `gap` further away."""
    latents, distances = latents.tolist(), distances.tolist()
    losses = []
    for anchor, row in enumerate(distances):
        others = [i for i in range(len(row)) if i != anchor]
        positive = min(others, key=lambda i: row[i])
        negatives = [i for i in others if row[i] >= row[positive] + gap]
        if negatives:
            negative = min(negatives, key=lambda i: row[i])
            near = math.dist(latents[anchor], latents[positive])
            far = math.dist(latents[anchor], latents[negative])
            losses.append(max(0.0, near - far + margin))
    return sum(losses) / len(losses) if losses else 0.0


@pytest.fixture
def distances(seed):
    poses = torch.randn(12, 17, 3) * 0.2
    return pairwise_mpjpe(poses, poses).double()


def test_pose_distances_agree_with_loops(seed):
    a, b = torch.randn(6, 17, 3), torch.randn(4, 17, 3)
    torch.testing.assert_close(pairwise_mpjpe(a, b), naive_mpjpe(a, b), atol=1e-5, rtol=1e-5)


def test_pose_distances_of_a_moving_body_are_exact_to_a_thousandth():
    poses = torch.from_numpy(moving(frames=20).positions)
    poses = poses - poses[:, :1]
    expected = (poses[:, None] - poses).norm(dim=-1).mean(-1)
    torch.testing.assert_close(pairwise_mpjpe(poses, poses), expected, atol=1e-3, rtol=0)


@pytest.mark.parametrize(("margin", "gap"), [(1.0, 0.1), (0.3, 0.02), (5.0, 0.0)])
def test_triplets_agree_with_loops(distances, margin, gap):
    latents = torch.randn(12, 5).double()
    got = triplet_loss(latents, distances, margin, gap)
    expected = naive_triplet(latents, distances, margin, gap)
    assert expected > 0
    assert got.item() == pytest.approx(expected, rel=1e-6)


def line(*places):
    """Distances between poses on a line, and latents to move."""
    x = torch.tensor(places, dtype=torch.float64)
    return (x[:, None] - x).abs()


def test_the_positive_is_the_nearest_and_the_negative_at_least_the_gap_further():
    # Of anchor 0: 1 is the positive, 2 is further but within the gap, 3 is the negative.
    distances = line(0.0, 1.0, 1.05, 1.2, 9.0)
    distances[1:] = 1.0  # other anchors have no negative
    latents = torch.tensor([[0.0], [0.5], [50.0], [0.75], [60.0]]).double()
    assert triplet_loss(latents, distances).item() == pytest.approx(0.5 - 0.75 + 1)


def test_anchors_without_a_negative_do_not_count():
    latents = torch.randn(3, 2).double().requires_grad_()
    loss = triplet_loss(latents, line(0.0, 0.01, 0.02), gap=0.1)
    loss.backward()
    assert loss.item() == 0 and not latents.grad.any()
    # A far pose: the three now have it as negative, it has none itself.
    distances = line(0.0, 0.01, 0.02, 5.0)
    latents = torch.tensor([[0.0], [0.0], [0.0], [0.4]]).double()
    assert naive_triplet(latents, distances, 1.0, 0.1) == pytest.approx(0.6)
    assert triplet_loss(latents, distances).item() == pytest.approx(0.6)


def test_pulling_the_positive_in_lowers_the_loss():
    distances = line(0.0, 0.1, 1.0)
    distances[1:] = 1.0  # the first anchor alone counts
    base = torch.tensor([[0.0], [1.0], [1.5]]).double()

    def loss(positive, negative):
        latents = base.clone()
        latents[1], latents[2] = positive, negative
        return triplet_loss(latents, distances)

    assert loss(0.75, 1.5) < loss(1.0, 1.5)
    assert loss(1.0, 2.5) < loss(1.0, 1.5)
    assert loss(0.5, 1.5) == 0
    assert loss(0.75, 1.5).item() == pytest.approx(0.25)


def test_gradients_agree_with_differences(distances):
    latents = torch.randn(12, 4).double().requires_grad_()
    assert torch.autograd.gradcheck(lambda z: triplet_loss(z, distances, 3.0), latents)


def test_a_batch_of_one_has_no_triplets():
    assert triplet_loss(torch.zeros(1, 3), torch.zeros(1, 1)) == 0


def test_distances_are_left_alone(distances):
    before = distances.clone()
    triplet_loss(torch.randn(12, 3), distances)
    torch.testing.assert_close(distances, before, rtol=0, atol=0)
