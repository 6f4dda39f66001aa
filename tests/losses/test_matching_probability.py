import math

import pytest
import torch

from vvipe.losses import matching_probability, semi_hard, smoothed, triplet_ratio_loss


def sigmoid(x):
    return 1 / (1 + math.exp(-x))


@pytest.fixture
def samples(seed):
    return torch.randn(4, 3, 5).double(), torch.randn(4, 2, 5).double()


def test_probability_is_the_mean_over_all_pairs_of_samples(samples):
    first, second = samples
    got = matching_probability(first, second, torch.tensor(0.7), torch.tensor(1.3))
    naive = [
        sum(sigmoid(1.3 - 0.7 * math.dist(x, y)) for x in a for y in b) / 6
        for a, b in zip(first.tolist(), second.tolist(), strict=True)
    ]
    torch.testing.assert_close(got, torch.tensor(naive).double())


def test_smoothing_keeps_both_ends_away_from_certainty():
    got = smoothed(torch.tensor([0.0, 0.5, 1.0]), 0.1)
    torch.testing.assert_close(got, torch.tensor([0.05, 0.5, 0.95]))


def test_triplet_ratio_by_hand():
    likely, unlikely = torch.tensor([0.8, 0.5, 0.2]), torch.tensor([0.2, 0.5, 0.8])
    counts = torch.tensor([True, True, False])
    # Four times as likely is enough; as likely costs log 2; the third has no negative.
    expected = (0 + math.log(2)) / 2
    assert triplet_ratio_loss(likely, unlikely, counts).item() == pytest.approx(expected)
    assert triplet_ratio_loss(likely, unlikely, ~counts).item() == pytest.approx(math.log(8))
    assert triplet_ratio_loss(likely, unlikely, torch.zeros(3, dtype=torch.bool)).item() == 0


def naive_semi_hard(distances, positive, matches):
    chosen = []
    for row, near, same in zip(distances, positive, matches, strict=True):
        others = [j for j in range(len(row)) if not same[j]]
        further = [j for j in others if row[j] > near]
        if further:
            chosen.append(min(further, key=lambda j: row[j]))
        else:
            chosen.append(max(others, key=lambda j: row[j]) if others else None)
    return chosen


def test_semi_hard_agrees_with_loops(seed):
    distances = torch.rand(40, 12)
    positive = torch.rand(40) * 1.2  # some are further away than every candidate
    matches = torch.rand(40, 12) < 0.4
    matches[3] = True
    index, counts = semi_hard(distances, positive, matches)
    naive = naive_semi_hard(distances.tolist(), positive.tolist(), matches.tolist())
    assert counts.tolist() == [j is not None for j in naive]
    assert [int(j) for j in index[counts]] == [j for j in naive if j is not None]
    assert (distances[counts].gather(1, index[counts, None])[:, 0] <= positive[counts]).any()


def test_gradients(samples):
    first, second = (x.requires_grad_() for x in samples)
    slope, offset = (torch.tensor(v).double().requires_grad_() for v in (0.7, 1.3))
    assert torch.autograd.gradcheck(matching_probability, (first, second, slope, offset))
