"""What a step of the unsupervised lifter computes, part by part; no 3D pose comes near it."""

import math
from dataclasses import replace
from functools import partial

import pytest
import torch
from bodies import filmed
from lifting_stages import (
    CONFIG,
    SMALL,
    WATCHED,
    WEIGHT_OF,
    WEIGHTS,
    lifted_by,
    loss_of,
    lossy,
    make_stage,
)

from vvipe.geometry.bones import universal_lengths
from vvipe.geometry.keypoints import KEYPOINTS, NORMALISERS
from vvipe.geometry.turning import around, to_image
from vvipe.losses import kl_to_unit_gaussian
from vvipe.losses.bones import one_build, relative_lengths, two_like_sides, usual_proportions
from vvipe.models.inputs import H36M17
from vvipe.models.vae_gan_networks import COLUMNS, VaeGanNetworks
from vvipe.training import VaeGanConfig, whole_views
from vvipe.training.config import Views
from vvipe.training.keypoint_bank import KeypointBank
from vvipe.training.methods.vae_gan import NovelViews
from vvipe.training.methods.vae_gan_stages import (
    FLIPS,
    Lifting2D,
    PriorFitting,
    _flipped,
)
from vvipe.training.whole_views import WholeViews, renormalised, spoilt


@pytest.fixture
def stage(poses, seed, monkeypatch):
    monkeypatch.setattr(whole_views, "SAMPLE", 640)
    return partial(make_stage, poses)


@pytest.mark.parametrize("kind", [PriorFitting, Lifting2D])
def test_a_batch_is_flat_and_all_that_a_loss_is_given(stage, kind):
    stage = stage(kind)
    batch = stage.batch()
    assert [tuple(x.shape) for x in batch] == [(64, 13, 2), (64, 13), (64, 17, 2), (64, 17)]
    assert not any(x.requires_grad for x in batch)
    stage.bank = None
    assert torch.isfinite(stage.loss(batch)[0])


def test_the_loss_of_the_prior_is_the_mean_unlikeliness_of_whole_poses(stage):
    fitting = stage(PriorFitting)
    batch = list(fitting.batch())
    batch[3] = batch[3].clone()
    batch[3][:20, H36M17.index("head")] = 0
    torch.manual_seed(7)
    total, parts = fitting.loss(batch)
    torch.manual_seed(7)
    noise = 0.02 * torch.randn(64, 17, 2)
    expected = fitting.networks.prior(renormalised(batch[2], "rms") + noise)[20:].mean()
    torch.testing.assert_close(total, expected)
    assert parts == {"unlikely": total}


def test_what_is_never_told_is_left_out_of_the_prior(stage):
    fitting = stage(PriorFitting)
    fitting.networks.known[H36M17.indices("head", "spine")] = 0
    batch = [x.clone() for x in fitting.batch()]
    losses = []
    for place in (0.0, 9.0):
        batch[2][:, H36M17.indices("head", "spine")] = place
        torch.manual_seed(7)
        losses.append(fitting.loss(batch)[0])
    assert losses[0] == losses[1]


@pytest.mark.parametrize("prior", ["flow", "critic", "none"])
@pytest.mark.parametrize("elevation", [True, False])
def test_the_loss_is_the_weighted_sum_of_its_parts(stage, prior, elevation):
    lifting = stage(prior=prior, elevation=elevation)
    lifting.step = 25  # half-way up
    total, parts = loss_of(lifting, lifting.batch())
    weights = {name: WEIGHTS[WEIGHT_OF.get(name, name)] for name in parts if name not in WATCHED}
    weights["kl"] *= 0.5
    torch.testing.assert_close(total, sum(w * parts[name] for name, w in weights.items()))
    assert ("prior" in parts, "elevation" in parts) == (prior != "none", elevation)
    assert set(WEIGHTS) - {"prior", "elevation", "back_view"} <= set(parts)


def test_parts_that_look_at_the_body(stage):
    lifting = stage()
    batch = lifting.batch()
    _, parts = loss_of(lifting, batch)
    lifted = lifted_by(lifting, batch)
    lengths = relative_lengths(lifted.body, H36M17)
    usual = torch.tensor([universal_lengths()[child] for _, child in H36M17.bones])
    about_root = lifted.body - lifted.body[:, :1]
    depth = about_root[..., 2].std() / about_root[..., 0].std()
    expected = {
        "kl": kl_to_unit_gaussian(lifted.mean, lifted.log_variance),
        "bones": usual_proportions(lengths, usual),
        "symmetry": two_like_sides(lengths, H36M17),
        "alike": one_build(lengths),
        "elevation": (lifted.elevation.mean() - 0.22) ** 2 + (lifted.elevation.std() - 0.33) ** 2,
    }
    torch.testing.assert_close({k: parts[k] for k in expected}, expected)
    assert parts["depth"].item() == pytest.approx(depth.item(), rel=1e-4)


def test_the_reprojection_by_loops(stage):
    """L1 over what is seen and known."""
    lifting = stage()
    batch = [x.clone() for x in lifting.batch()]
    batch[3][:10, 3] = 0
    lifting.networks.known[H36M17.index("head")] = 0
    _, parts = loss_of(lifting, batch)
    guess, view = lifted_by(lifting, batch).guess.tolist(), batch[2].tolist()
    off = [
        (abs(guess[i][j][0] - view[i][j][0]) + abs(guess[i][j][1] - view[i][j][1])) / 2
        for i in range(64)
        for j in range(17)
        if batch[3][i, j] and j != H36M17.index("head")
    ]
    assert parts["reprojection"].item() == pytest.approx(sum(off) / len(off), rel=1e-4)


@pytest.mark.parametrize("renormalise", [True, False])
def test_the_prior_judges_the_view_from_another_side(stage, renormalise):
    config = lossy(back=0.0, back_view=0.0)
    novel = NovelViews(azimuth_rad=0.0, renormalise=renormalise)
    lifting = stage(config=replace(config, novel=novel, noise=0.0), elevation=False)
    batch = lifting.batch()
    _, parts = loss_of(lifting, batch)
    body = lifted_by(lifting, batch).body
    image = to_image(body - body[:, :1], SMALL.distance)
    image = renormalised(image, "rms") if renormalise else image
    # Far from all that it was fitted to, a flow's answer counts by its logarithm.
    unlikely = [1 + math.log(o) if o > 1 else o for o in lifting.networks.prior(image).tolist()]
    assert parts["prior"].item() == pytest.approx(sum(unlikely) / 64, rel=1e-4)


def test_no_flow_s_answer_teaches_without_bounds(stage):
    """A value of 0.9, of 1 and of 1000 among others: slopes are 1, 1 and a thousandth."""
    lifting = stage()
    told = torch.tensor([0.9, 1.0, 1000.0], requires_grad=True)

    class Told(torch.nn.Module):
        def forward(self, view):
            return told

    lifting.networks.prior = Told()
    unreal = lifting._unreal(torch.zeros(3, 17, 2))
    assert unreal.item() == pytest.approx((0.9 + 1 + 1 + math.log(1000)) / 3, rel=1e-5)
    unreal.backward()
    torch.testing.assert_close(told.grad, torch.tensor([1.0, 1.0, 1e-3]) / 3)


def test_the_other_side_is_as_far_around_as_it_may_be_and_as_steep_as_another_view(stage):
    elevation = torch.linspace(-0.5, 0.5, 1000)
    for furthest in (math.pi, 0.3):
        lifting = stage(config=replace(CONFIG, novel=NovelViews(azimuth_rad=furthest)))
        own, azimuth, other = lifting._sides(elevation)
        assert torch.equal(own, elevation) and not torch.equal(other, elevation)
        assert torch.equal(other.sort().values, elevation)
        assert 0.98 * furthest < azimuth.abs().max() <= furthest
        assert azimuth.mean().abs() < 0.1 * furthest
    novel = NovelViews(level_rad=0.2, tilt_rad=0.1)
    lifting = stage(config=replace(CONFIG, novel=novel), elevation=False)
    own, _, other = lifting._sides(torch.zeros(1000))
    torch.testing.assert_close(own, torch.full((1000,), 0.2))
    assert other.mean().item() == pytest.approx(0.2, abs=0.02)
    assert other.std().item() == pytest.approx(0.1, rel=0.1)


def test_the_other_elevation_is_not_learnt_from(stage):
    elevation = torch.zeros(20, requires_grad=True)
    own, _, other = stage()._sides(elevation)
    assert own.requires_grad and not other.requires_grad


def test_back_home_what_was_lifted_well_is_where_it_was(stage):
    """Lifting that gives back the body: nothing is flipped, and the parts vanish."""
    lifting = stage()
    batch = lifting.batch()
    true = 0.5 * torch.randn(64, 17, 3)
    true = true - true[:, :1]
    elevation = 0.3 * torch.randn(64)
    view = renormalised(to_image(true, SMALL.distance), "rms")
    views = WholeViews(view[:, COLUMNS], batch[1], view, batch[3])
    plain, calls = lifting.networks, []

    class Knowing(torch.nn.Module):
        """Tells the truth first, then the truth as it was turned, larger."""

        arch, known, prior = plain.arch, plain.known, plain.prior

        def forward(self, points, mask, sample=False):
            calls.append(points)
            told = plain(points, mask)
            if len(calls) == 1:
                return told._replace(body=true, elevation=elevation)
            torch.manual_seed(7)
            sides = lifting._sides(elevation)
            return told._replace(body=2 * around(true, *sides), elevation=sides[2])

    lifting.networks = Knowing()
    torch.manual_seed(7)
    _, parts = lifting.loss(views)
    assert len(calls) == 2
    assert parts["back"] < 1e-9 and parts["back view"] < 1e-4 and parts["flips"] == 0
    assert parts["back level"] == 0


def test_what_is_lifted_back_is_seen_as_a_detector_tells_it_and_as_large_as_what_it_shows(stage):
    lifting = stage(config=replace(CONFIG, views=Views(noise=0.05, dropout=1.0)))
    lifting.networks.eval()
    turned = torch.randn(64, 17, 3)
    image = renormalised(to_image(turned, SMALL.distance), "rms")
    torch.manual_seed(3)
    body, level = lifting._lifted_back(image, turned)
    torch.manual_seed(3)
    lifted = lifting.networks(*spoilt(image, lifting.config.views, "rms"))
    torch.testing.assert_close(level, lifted.elevation)
    for own, plain, true in zip(body, lifted.body, turned, strict=True):
        assert not own[0].any()
        assert own.norm(dim=-1).mean().item() == pytest.approx(true.norm(dim=-1).mean().item())
        plain = plain - plain[0]
        torch.testing.assert_close(own / own.norm(), plain / plain.norm(), atol=1e-5, rtol=0)


def test_flipped_bodies_are_counted(stage):
    body = torch.randn(10, 17, 3)
    mirrored = body.clone()
    mirrored[:4, :, 2] *= -1
    assert _flipped(mirrored, body).item() == pytest.approx(0.4)
    near = body + 0.01 * torch.randn_like(body)
    assert _flipped(near, body) == 0


def test_flips_are_counted_where_nothing_is_lifted_back(stage):
    lifting = stage(config=lossy(back=0.0, back_view=0.0))
    state = {k: v.clone() for k, v in lifting.networks.state_dict().items()}
    image, turned = torch.randn(2 * FLIPS, 17, 2), torch.randn(2 * FLIPS, 17, 3)
    assert 0 <= lifting._flips(image, turned) <= 1
    after = lifting.networks.state_dict()
    assert all(torch.equal(v, after[k]) for k, v in state.items())  # batch statistics too
    assert all(module.training for module in lifting.trained)
    _, parts = loss_of(lifting, lifting.batch())
    assert 0 <= parts["flips"] <= 1 and not {"back", "back view"} & set(parts)


@pytest.mark.parametrize("name", ["bones", "symmetry", "alike"])
def test_a_weight_of_zero_leaves_a_loss_out(stage, name):
    lifting = stage(config=lossy(**{name: 0.0}))
    assert name not in loss_of(lifting, lifting.batch())[1]


def test_without_a_variance_there_is_no_kl(stage):
    lifting = stage(variational=False)
    assert "kl" not in loss_of(lifting, lifting.batch())[1]


@pytest.mark.parametrize("rule", NORMALISERS)
@pytest.mark.parametrize("rays", [True, False])
def test_gradients_are_finite_though_joints_are_hidden(stage, rule, rays):
    """The rules fall back on another where a joint that they need is hidden."""
    spoilt = replace(CONFIG, views=Views(noise=0.02, dropout=1.0))
    lifting = stage(config=spoilt, normaliser=rule, rays=rays)
    batch = list(lifting.batch())
    batch[1] = batch[1].clone()
    batch[1][:30, KEYPOINTS.index("nose")] = 0
    batch[1][20:40, KEYPOINTS.index("left_hip")] = 0
    batch[0] = batch[0] * batch[1][..., None]
    loss_of(lifting, batch)[0].backward()
    for module in lifting.trained:
        for weight in module.parameters():
            assert torch.isfinite(weight.grad).all()


def test_lifting_teaches_the_lifter_alone(stage):
    lifting = stage()
    assert set(lifting.trained) | {lifting.networks.prior} == set(lifting.networks.children())
    assert lifting.networks.prior not in lifting.trained
    fitting = stage(PriorFitting)
    assert fitting.trained == [fitting.networks.prior.judge]
    assert stage(PriorFitting, prior="critic").steps == stage(PriorFitting, prior="none").steps == 0
    assert lifting.rival is None and stage(prior="none").rival is None
    assert lifting.clip == CONFIG.clip


def test_the_data_are_measured_once(stage, monkeypatch):
    fitting = stage(PriorFitting)
    assert fitting.networks.known.all() and fitting.networks.prior.centre.any()
    critic = stage(PriorFitting, prior="critic").networks
    assert critic.known.all() and not torch.equal(critic.prior.even, torch.eye(34))
    monkeypatch.setattr(whole_views, "whole_views", None)
    PriorFitting(fitting.networks, fitting.bank, fitting.config)


def taught(stage, steps, lr):
    """The parts of the losses on the way."""
    stage.networks.requires_grad_(False)
    weights = [w for m in stage.trained for w in m.requires_grad_(True).parameters()]
    optimiser, told = torch.optim.Adam(weights, lr=lr), []
    for _ in range(steps):
        loss, parts = stage.loss(stage.batch())
        optimiser.zero_grad()
        loss.backward()
        torch.nn.utils.clip_grad_norm_(weights, stage.clip)
        optimiser.step()
        told.append({name: part.item() for name, part in parts.items()})
    return told


def test_a_few_steps_teach_what_poses_look_like_and_to_lift_them(seed):
    views = torch.from_numpy(filmed("h36m17", 400).keypoints).float()
    sizes = replace(SMALL, width=64, prior_width=32, variational=False)
    config = replace(VaeGanConfig(batch=64, steps=60), architecture=sizes, views=CONFIG.views)
    networks = VaeGanNetworks(sizes).train()
    bank = KeypointBank(views, "hash", 1)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(whole_views, "SAMPLE", 640)
        fitting = PriorFitting(networks, bank, config)
    # Made even, poses are near a Gaussian, of which a dimension is worth 0.5, to begin with.
    unlikely = [parts["unlikely"] for parts in taught(fitting, 60, 5e-3)]
    assert sum(unlikely[:5]) / 5 > 0.49 and sum(unlikely[-5:]) / 5 < 0.47
    first, *_, last = taught(Lifting2D(networks, bank, config), 60, 3e-3)
    assert last["reprojection"] < 0.5 * first["reprojection"]
    assert last["bones"] < 0.5 * first["bones"] and last["prior"] < 0.3 * first["prior"]
    assert first["depth"] < 0.1 and 0.3 < last["depth"] < 2.5
