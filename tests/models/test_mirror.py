import numpy as np
import pytest
import torch

from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.models.inputs import H36M17
from vvipe.models.mirror import (
    BODY_2D,
    BODY_3D,
    EvenHead,
    MirrorBackbone,
    MirrorHead,
    body_halves,
    sided_halves,
)

BODIES = {"2d": (KEYPOINTS, BODY_2D), "3d": (H36M17, BODY_3D)}


def mirrored(points, mask, body):
    skeleton, flips = BODIES[body]
    order = skeleton.mirror.tolist()
    return points[:, order] * torch.tensor(flips), mask[:, order]


@pytest.fixture(params=BODIES)
def body(request, seed):
    """A name, points and a mask in which some joints are missing."""
    joints = len(BODIES[request.param][0])
    points = torch.randn(9, joints, len(BODIES[request.param][1]))
    return request.param, points, (torch.rand(9, joints) < 0.8).float()


def swapped(latents):
    half = latents.shape[1] // 2
    return torch.cat([latents[:, half:], latents[:, :half]], 1)


@torch.no_grad()
def test_a_mirrored_body_has_the_latent_with_its_halves_swapped(symmetric, body):
    name, points, mask = body
    encoder = getattr(symmetric, f"encoder_{name}")
    mean, log_variance, *bones = encoder(points, mask)
    other = encoder(*mirrored(points, mask, name))
    assert mean.std() > 0.1 and swapped(mean).sub(mean).abs().max() > 0.1
    torch.testing.assert_close(other[0], swapped(mean))
    torch.testing.assert_close(other[1], swapped(log_variance))
    assert swapped(log_variance).sub(log_variance).abs().max() > 0.1
    if bones:
        torch.testing.assert_close(other[2], bones[0])


@torch.no_grad()
def test_the_swapped_latent_decodes_to_the_mirrored_pose(symmetric, seed):
    latents = torch.randn(9, 8)
    pose, other = symmetric.decode(latents), symmetric.decode(swapped(latents))
    expected, _ = mirrored(pose, torch.ones(9, 17), "3d")
    assert (expected - pose).abs().max() > 0.1
    torch.testing.assert_close(other, expected)


def test_in_training_too_a_batch_and_its_mirror_image_agree(symmetric, seed):
    points, mask = torch.randn(32, 13, 2), torch.ones(32, 13)
    a, b = (torch.cat(x) for x in zip((points, mask), mirrored(points, mask, "2d"), strict=True))
    mean = symmetric.train().encoder_2d(a, b)[0]
    torch.testing.assert_close(mean[32:], swapped(mean[:32]), atol=1e-5, rtol=1e-4)


@pytest.mark.parametrize("masks", [False, True])
@pytest.mark.parametrize(("skeleton", "flips"), BODIES.values(), ids=BODIES)
def test_halves_are_an_orthonormal_basis_in_which_a_mirror_turns_the_odd_ones(
    skeleton, flips, masks, rng
):
    halves = body_halves(skeleton, *flips, masks=masks)
    count = len(skeleton) * (len(flips) + masks)
    assert halves.even + halves.odd == count
    np.testing.assert_allclose(halves.basis.T @ halves.basis, np.eye(count), atol=1e-6)
    points = rng.normal(size=(5, len(skeleton), len(flips)))
    mask = rng.normal(size=(5, len(skeleton)))

    def split(points, mask):
        x = np.concatenate([points.reshape(5, -1), mask], 1)[:, :count]
        return halves.split(torch.from_numpy(x)).numpy()

    before = split(points, mask)
    after = split(points[:, skeleton.mirror] * flips, mask[:, skeleton.mirror])
    np.testing.assert_allclose(after[:, : halves.even], before[:, : halves.even], atol=1e-6)
    np.testing.assert_allclose(after[:, halves.even :], -before[:, halves.even :], atol=1e-6)


def test_joining_undoes_splitting(seed):
    halves = body_halves(KEYPOINTS, *BODY_2D, masks=True)
    x = torch.randn(4, 39)
    torch.testing.assert_close(halves.join(halves.split(x)), x)


@pytest.mark.parametrize(("count", "even"), [(8, 4), (7, 4), (1, 1)])
def test_numbers_have_sides_that_a_mirror_swaps(count, even, seed):
    halves = sided_halves(count)
    assert (halves.even, halves.odd) == (even, count - even)
    np.testing.assert_allclose(halves.basis.T @ halves.basis, np.eye(count), atol=1e-6)
    x, half = torch.randn(5, count), count // 2
    mirrored = torch.cat([x[:, half : 2 * half], x[:, :half], x[:, 2 * half :]], 1)
    turned = torch.cat([torch.ones(even), -torch.ones(count - even)])
    torch.testing.assert_close(halves.split(mirrored), halves.split(x) * turned)


def test_half_the_weights_of_a_plain_layer_as_wide():
    inputs = sided_halves(64)
    weights = sum(p.numel() for p in MirrorBackbone(inputs, 64, 0).parameters() if p.ndim == 2)
    assert weights == 64 * 64 // 2


def test_heads_read_both_halves_or_the_even_one(seed):
    features = torch.randn(3, 20, requires_grad=True)
    EvenHead(20, 5)(features).sum().backward()
    assert features.grad[:, 10:].abs().max() == 0 < features.grad[:, :10].abs().min()
    features.grad = None
    MirrorHead(20, sided_halves(6), hidden=True)(features).square().sum().backward()
    assert features.grad.abs().min() > 0
    features.grad = None
    MirrorHead(20, sided_halves(6))(features).square().sum().backward()
    assert features.grad.abs().min() > 0
