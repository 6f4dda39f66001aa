"""What the unsupervised lifter's networks draw, by the thesis and on the rays of the view."""

from dataclasses import replace

import pytest
import torch

from vvipe.geometry.turning import to_image
from vvipe.models.inputs import H36M17
from vvipe.models.vae_gan_networks import (
    COLUMNS,
    REACH,
    STEEPEST_RAD,
    Prior,
    VaeGanArchitecture,
    VaeGanNetworks,
)

OURS = VaeGanArchitecture(latent=6, width=16, blocks=1, prior_width=8)
THESIS = replace(OURS, masks=False, rays=False, elevation=False, prior="critic", distance=10.0)


@pytest.fixture(params=[OURS, THESIS], ids=["ours", "thesis"])
def networks(request, unsupervised):
    return unsupervised(request.param)


@pytest.fixture
def view(seed):
    """Keypoints and mask of eight views, all joints of the first half seen."""
    mask = (torch.rand(8, 13) < 0.7).float()
    mask[:4] = 1
    return torch.randn(8, 13, 2) * mask[..., None], mask


def test_shapes(networks, view):
    lifted = networks(*view)
    assert [x.shape for x in lifted] == [(8, 17, 3), (8, 17, 2), (8,), (8, 6), (8, 6)]


def test_seen_joints_stay_on_their_rays(view, unsupervised):
    points, mask = view
    networks = unsupervised(OURS)
    body = networks(points, mask).body
    seen = mask > 0
    image = to_image(body, OURS.distance)[:, COLUMNS]
    torch.testing.assert_close(image[seen], points[seen], atol=1e-5, rtol=1e-5)
    assert (image - points)[~seen].abs().min() > 1e-3
    assert body[..., 2].std() > 0.1


def test_joints_that_are_not_seen_stay_on_the_rays_of_the_guess(view, unsupervised):
    networks = unsupervised(OURS)
    body, guess, *_ = networks(*view)
    unseen = torch.ones(8, 17)
    unseen[:, COLUMNS] = 1 - view[1]
    where = unseen > 0
    image = to_image(body, OURS.distance)
    torch.testing.assert_close(image[where], guess[where], atol=1e-5, rtol=1e-5)


def test_the_root_is_at_no_depth(networks, view):
    assert not networks(*view).body[:, H36M17.index("hip"), 2].any()


def test_bodies_of_the_thesis_reach_twice_the_head_s_distance_and_no_further(view, unsupervised):
    body, guess, elevation, *_ = unsupervised(THESIS, spread=30.0)(*view)
    assert not body[:, H36M17.index("hip")].any()
    assert body.abs().max().item() == pytest.approx(REACH) and body.min() < -1.9
    torch.testing.assert_close(guess, to_image(body, 10.0))
    assert not elevation.any()


def test_elevations_are_told_within_bounds(view, unsupervised):
    elevation = unsupervised(OURS, spread=30.0)(*view).elevation
    assert elevation.std() > 0.1 and elevation.abs().max() <= STEEPEST_RAD


@pytest.mark.parametrize("arch", [OURS, THESIS], ids=["ours", "thesis"])
def test_to_begin_with_bodies_are_flat_and_cameras_level(arch, view):
    torch.manual_seed(0)
    lifted = VaeGanNetworks(arch).eval()(*view)
    assert lifted.body[..., 2].abs().max() < 0.05
    assert lifted.elevation.abs().max() < 0.05


def test_the_values_of_unseen_joints_do_not_matter(networks, view):
    points, mask = view
    elsewhere = torch.where(mask[..., None] > 0, points, torch.tensor(7.0))
    for got, expected in zip(networks(elsewhere, mask), networks(points, mask), strict=True):
        torch.testing.assert_close(got, expected, rtol=0, atol=0)


def test_whether_a_joint_is_seen_matters_where_masks_are_told(view, unsupervised):
    points, mask = torch.zeros_like(view[0]), view[1]
    for arch, matters in ((OURS, True), (replace(OURS, masks=False), False)):
        networks = unsupervised(arch)
        one, other = (networks(points, m).mean for m in (mask, torch.ones_like(mask)))
        assert torch.equal(one, other) != matters


def test_latents_are_drawn_in_training_alone(networks, view):
    plain = networks(*view)
    for got, expected in zip(networks(*view), plain, strict=True):
        assert torch.equal(got, expected)
    torch.manual_seed(1)
    drawn = networks(*view, sample=True)
    torch.manual_seed(1)
    latent = plain.mean + torch.randn(8, 6) * (plain.log_variance / 2).exp()
    torch.testing.assert_close(drawn.mean, plain.mean)
    torch.testing.assert_close(drawn.body, networks.decode(latent, *view)[0])
    assert not torch.allclose(drawn.body, plain.body, atol=1e-3)


def test_a_bottleneck_that_is_a_point_is_never_drawn(view, unsupervised):
    networks = unsupervised(replace(OURS, variational=False))
    state = torch.get_rng_state()
    torch.testing.assert_close(networks(*view, sample=True).body, networks(*view).body)
    assert torch.equal(torch.get_rng_state(), state)


def test_each_prior(seed, unsupervised):
    view = torch.randn(5, 17, 2)
    assert unsupervised(replace(OURS, prior="none")).prior is None
    for kind in ("flow", "critic"):
        prior = Prior(replace(OURS, prior=kind))
        prior.centre.normal_()
        prior.even.normal_()
        vectors = torch.stack([(v.flatten() - prior.centre) @ prior.even for v in view])
        torch.testing.assert_close(prior(view), prior.judge(vectors))
        assert prior(view).shape == (5,)


@pytest.mark.parametrize("rays", [True, False])
def test_what_is_drawn_teaches_encoder_and_decoder(view, rays, unsupervised):
    networks = unsupervised(replace(OURS, rays=rays)).train()
    lifted = networks(*view, sample=True)
    (lifted.body.square().sum() + lifted.guess.sum() + lifted.elevation.sum()).backward()
    for name, weight in networks.named_parameters():
        if not name.startswith("prior."):
            assert torch.isfinite(weight.grad).all() and weight.grad.any(), name
