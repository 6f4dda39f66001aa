"""What a critic learns from, and what it teaches the unsupervised lifter."""

from dataclasses import replace
from functools import partial

import pytest
import torch
from lifting_stages import (
    CONFIG,
    SMALL,
    WATCHED,
    lifted_by,
    loss_of,
    lossy,
    make_stage,
)

from vvipe.geometry.turning import to_image
from vvipe.losses.adversarial import KINDS, convincing_loss, critic_loss
from vvipe.models.inputs import H36M17
from vvipe.training import whole_views
from vvipe.training.methods.vae_gan import NovelViews
from vvipe.training.methods.vae_gan_stages import (
    CLIPPED,
)
from vvipe.training.whole_views import renormalised


@pytest.fixture
def stage(poses, seed, monkeypatch):
    monkeypatch.setattr(whole_views, "SAMPLE", 640)
    return partial(make_stage, poses)


@pytest.mark.parametrize("kind", KINDS)
def test_a_critic_is_to_be_convinced_in_its_own_terms(stage, kind):
    config = lossy(replace(CONFIG, adversary=kind, noise=0.0), back=0.0, back_view=0.0)
    lifting = stage(config=replace(config, novel=NovelViews(azimuth_rad=0.0)), prior="critic",
                    elevation=False)  # fmt: skip
    batch = lifting.batch()
    _, parts = loss_of(lifting, batch)
    body = lifted_by(lifting, batch).body
    image = renormalised(to_image(body - body[:, :1], SMALL.distance), "rms")
    expected = convincing_loss(lifting.networks.prior(image), kind)
    torch.testing.assert_close(parts["prior"], expected)


@pytest.mark.parametrize("kind", KINDS)
def test_the_critic_tells_real_views_from_reprojected_ones(stage, kind):
    novel = NovelViews(azimuth_rad=0.0)
    config = replace(CONFIG, adversary=kind, noise=0.0, novel=novel)
    lifting = stage(config=config, prior="critic", elevation=False)
    batch, critic = lifting.batch(), lifting.networks.prior
    for module in lifting.networks.children():
        module.requires_grad_(module is critic)
    torch.manual_seed(7)
    total, _ = lifting._critic_loss(batch)
    body = lifted_by(lifting, batch).body.detach()
    fake = renormalised(to_image(body - body[:, :1], SMALL.distance), "rms")
    opinions = critic(renormalised(batch[2], "rms")), critic(fake)
    plain = critic_loss(*opinions, kind)
    if kind == "wgan-gp":
        assert total > plain  # and the penalty
    else:
        torch.testing.assert_close(total, plain)
    assert 0 <= lifting.balance <= 1
    total.backward()
    for name, weight in lifting.networks.named_parameters():
        assert (weight.grad is not None) == name.startswith("prior."), name


def test_a_steep_critic_pays(stage):
    """In proportion, and for its slope where poses are even."""
    losses = {}
    for price in (0.0, 1.0, 3.0):
        lifting = stage(config=replace(CONFIG, adversary="gan", penalty=price), prior="critic")
        batch = lifting.batch()
        torch.manual_seed(7)
        losses[price], _ = lifting._critic_loss(batch)
    paid = losses[1.0] - losses[0.0]
    assert paid > 0
    torch.testing.assert_close(losses[3.0] - losses[0.0], 3 * paid)


def test_what_learns_against_each_other_forgets_soon(stage):
    assert stage(prior="critic").betas == (0.5, 0.9) and stage().betas is None


def test_the_critic_sees_whole_poses_alone(stage):
    lifting = stage(prior="critic")
    batch = [x.clone() for x in lifting.batch()]
    batch[3][:10, H36M17.index("head")] = 0
    losses, others = [], torch.randn(4, 10, 17, 2)
    for rows, other in zip((0, 0, 1, 1), others, strict=True):
        batch[2][10 * rows : 10 * rows + 10] = other
        torch.manual_seed(7)
        losses.append(lifting._critic_loss(batch)[0])
    assert losses[0] == losses[1] and losses[2] != losses[3]


def test_the_weights_of_a_wgan_are_clipped(stage):
    lifting = stage(config=replace(CONFIG, adversary="wgan"), prior="critic")
    for adversary in ("gan", "wgan"):
        lifting.config = replace(CONFIG, adversary=adversary)
        lifting._critic_loss(lifting.batch())
        largest = max(w.abs().max() for w in lifting.critic.judge.parameters())
        assert (largest.item() <= CLIPPED) == (adversary == "wgan")


def test_what_is_watched_is_told_by_the_loop_s_means(stage):
    lifting = stage(prior="critic")
    lifting.step = 99
    lifting._critic_loss(lifting.batch())
    _, parts = loss_of(lifting, lifting.batch())
    assert set(parts) >= WATCHED
    lifting.check({name: float(value.detach()) for name, value in parts.items()})
