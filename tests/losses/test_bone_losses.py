import math
import statistics

import pytest
import torch
from bodies import moving

from vvipe.geometry.bones import universal_lengths
from vvipe.losses.bones import one_build, relative_lengths, two_like_sides, usual_proportions
from vvipe.models.inputs import H36M17


@pytest.fixture
def body(seed):
    return torch.randn(4, 17, 3).double()


def naive_lengths(body):
    """Child's name -> length over the mean of its body, a dictionary a body."""
    told = []
    for pose in body.tolist():
        own = {
            H36M17.joints[child]: math.dist(pose[parent], pose[child])
            for parent, child in H36M17.bones
        }
        mean = sum(own.values()) / len(own)
        told.append({joint: length / mean for joint, length in own.items()})
    return told


def test_lengths_agree_with_loops(body):
    naive = [list(own.values()) for own in naive_lengths(body)]
    got = relative_lengths(body, H36M17)
    assert got.shape == (4, 16)
    torch.testing.assert_close(got, torch.tensor(naive).double(), rtol=1e-6, atol=1e-9)


def test_size_place_and_side_do_not_matter(body):
    turn = torch.linalg.qr(torch.randn(3, 3).double())[0]
    moved = 3.7 * body @ turn + torch.tensor([5.0, -3, 2])
    torch.testing.assert_close(relative_lengths(moved, H36M17), relative_lengths(body, H36M17))


def test_proportions_agree_with_loops(body):
    usual = dict(zip(H36M17.joints, universal_lengths().tolist(), strict=True))
    mean = sum(usual.values()) / 16  # the root has none
    squares = [
        (length - usual[joint] / mean) ** 2
        for own in naive_lengths(body)
        for joint, length in own.items()
    ]
    told = torch.tensor([usual[H36M17.joints[child]] for _, child in H36M17.bones])
    got = usual_proportions(relative_lengths(body, H36M17), told)
    assert got.item() == pytest.approx(statistics.mean(squares), rel=1e-6)


def test_sides_agree_with_loops(body):
    squares = []
    for own in naive_lengths(body):
        for joint, length in own.items():
            swap = {"left": "right", "right": "left"}
            side, _, part = joint.partition("_")
            other = f"{swap[side]}_{part}" if part else joint
            squares.append((length - own[other]) ** 2)
    got = two_like_sides(relative_lengths(body, H36M17), H36M17)
    assert got.item() == pytest.approx(statistics.mean(squares), rel=1e-6)


def test_one_build_agrees_with_loops(body):
    naive = naive_lengths(body)
    spreads = [statistics.variance(own[joint] for own in naive) for joint in naive[0]]
    got = one_build(relative_lengths(body, H36M17))
    assert got.item() == pytest.approx(statistics.mean(spreads), rel=1e-6)


def test_a_person_has_like_sides_and_one_build():
    poses = torch.from_numpy(moving(frames=30).positions)
    lengths = relative_lengths(poses, H36M17)
    assert two_like_sides(lengths, H36M17) < 1e-9 and one_build(lengths) < 1e-9
    longer = lengths.clone()
    longer[:, 2] *= 1.2  # one shin
    assert two_like_sides(longer, H36M17) > 1e-3
    longer = lengths.clone()
    longer[::2] *= 1.2
    assert one_build(longer) > 1e-3


def test_gradients_agree_with_differences_and_are_finite_for_a_point(body):
    usual = torch.rand(16).double() + 0.5

    def losses(body):
        lengths = relative_lengths(body, H36M17)
        sides = two_like_sides(lengths, H36M17)
        return torch.stack([usual_proportions(lengths, usual), sides, one_build(lengths)])

    assert torch.autograd.gradcheck(losses, body[:3].requires_grad_())
    point = torch.zeros(3, 17, 3, requires_grad=True)
    losses(point).sum().backward()
    assert torch.isfinite(point.grad).all()
