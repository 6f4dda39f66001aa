import math
from dataclasses import replace
from itertools import combinations

import pytest
import torch

from vvipe.embeddings import matching_square
from vvipe.losses import (
    gaussian_nll,
    kl_to_unit_gaussian,
    pairwise_mpjpe,
    soft_neighbour_loss,
    triplet_loss,
)
from vvipe.models.inputs import H36M17, NEEDED
from vvipe.models.networks import Networks
from vvipe.training import VVipeConfig
from vvipe.training.config import Synthesis
from vvipe.training.data import PoseBank
from vvipe.training.methods.space import GROUP
from vvipe.training.methods.vvipe_stages import Mapping, PoseVae

STILL = {
    "mirror": 0.0, "limb_swap": 0.0, "bend_rad": 0.0, "bone_lengths": 0.0, "placement_m": 0.0,
    "shoulder_height": 0.0, "hip_width": (1.0, 1.0),
}  # fmt: skip


@pytest.fixture
def stage(poses, config, seed):
    """A stage of either class under a changed objective, dropout off."""

    def make(kind, joint=False, arch=None, **changes):
        objective = replace(config.objective, **{"matching": 0.0} | changes)
        architecture = replace(config.architecture, **arch or {})
        how = replace(config, objective=objective, joint=joint, architecture=architecture)
        bank = PoseBank(poses, torch.ones(len(poses)), "hash", 1)
        return kind(Networks(how.architecture).eval(), bank, how)

    return make


def between(first, second):
    return torch.cdist(first, second).square()


@pytest.mark.parametrize(("kind", "joints", "dims"), [(PoseVae, 17, 3), (Mapping, 13, 2)])
def test_batches(stage, kind, joints, dims):
    seen, mask, target = stage(kind).batch()[:3]
    assert seen.shape == (64, joints, dims) and mask.shape == (64, joints)
    assert target.shape == (64, 17, 3)
    assert all(torch.isfinite(x).all() and not x.requires_grad for x in (seen, mask, target))
    assert (mask == 0).any()
    if kind is PoseVae:
        assert mask[:, NEEDED].all()


@pytest.mark.parametrize("kind", [PoseVae, Mapping])
def test_for_the_neighbours_every_pose_is_seen_twice(stage, kind):
    seen, _, target = stage(kind).batch()[:3]
    torch.testing.assert_close(target[:32], target[32:])
    assert (seen[:32] - seen[32:]).abs().amax((1, 2)).min() > 1e-4  # but not alike
    target = stage(kind, neighbours=0.0).batch()[2]
    assert not torch.allclose(target[:32], target[32:])


def test_matching_asks_stage_two_alone_for_two_views(stage):
    for kind, alike in ((PoseVae, False), (Mapping, True)):
        target = stage(kind, neighbours=0.0, matching=0.5).batch()[2]
        assert torch.allclose(target[:32], target[32:]) == alike


def test_the_loss_of_the_vae_is_the_sum_of_its_parts(stage):
    vae = stage(PoseVae, kl=0.01, triplet=0.3, neighbours=0.2, margin=2.0)
    how, networks, batch = vae.config.objective, vae.networks, vae.batch()
    torch.manual_seed(7)
    total, parts = vae.loss(batch)
    torch.manual_seed(7)
    seen, mask, target = batch
    mean, log_variance = networks.encoder_3d(seen, mask)
    drawn = networks.decode(mean + torch.randn_like(mean) * (log_variance / 2).exp())
    distances = pairwise_mpjpe(target[:32], target[:32])
    first, second = mean.chunk(2)
    expected = {
        "mse": (drawn - target).square().mean(),
        "kl": kl_to_unit_gaussian(mean, log_variance),
        "triplet": sum(triplet_loss(z, distances, 2.0, how.gap) for z in (first, second)) / 2,
        "neighbours": soft_neighbour_loss(between(first, second), distances, how.neighbour_width),
    }
    torch.testing.assert_close(parts, expected)
    weights = {"mse": how.reconstruction, "kl": 0.01, "triplet": 0.3, "neighbours": 0.2}
    torch.testing.assert_close(total, sum(weights[k] * v for k, v in expected.items()))


def test_the_loss_of_the_mapping_is_the_sum_of_its_parts(stage):
    mapping = stage(Mapping, latent=0.5, triplet=0.3, neighbours=0.2)
    how, networks, batch = mapping.config.objective, mapping.networks, mapping.batch()
    total, parts = mapping.loss(batch)
    seen, mask, target = batch[:3]
    mean, log_variance = networks.encoder_2d(seen, mask)
    latent = networks.encoder_3d(target, torch.ones(64, 17))[0].detach()
    distances = pairwise_mpjpe(target[:32], target[:32])
    first, second = mean.chunk(2)
    pairs = [(first, second), (first, latent[:32]), (second, latent[:32])]
    expected = {
        "mse": (networks.decode(mean) - target).square().mean(),
        "latent": (mean - latent).square().mean(),
        "triplet": sum(triplet_loss(z, distances) for z in (first, second)) / 2,
        "neighbours": sum(
            soft_neighbour_loss(between(*p), distances, how.neighbour_width) for p in pairs
        )
        / 3,
    }
    torch.testing.assert_close(parts, expected)
    weights = {"mse": how.reconstruction, "latent": 0.5, "triplet": 0.3, "neighbours": 0.2}
    weighted = sum(weights[k] * v for k, v in expected.items())
    torch.testing.assert_close(total, weighted + gaussian_nll(mean - latent, log_variance))


def test_the_variance_learns_without_pulling_at_the_mean(stage):
    mapping = stage(Mapping, reconstruction=0.0, triplet=0.0, latent=0.0, neighbours=0.0)
    mapping.loss(mapping.batch())[0].backward()
    encoder = mapping.networks.encoder_2d
    assert encoder.log_variance.weight.grad.any()
    for part in (encoder.features, encoder.mean):
        assert all(p.grad is None or not p.grad.any() for p in part.parameters())


def test_the_joint_loss_is_the_sum_of_its_parts(stage):
    arch = {"matching": True, "bones": True}
    mapping = stage(Mapping, joint=True, arch=arch, kl=0.01, matching=0.7, bones=0.6)
    how, networks, batch = mapping.config.objective, mapping.networks, mapping.batch()
    torch.manual_seed(7)
    total, parts = mapping.loss(batch)
    torch.manual_seed(7)
    mean, log_variance, bones = networks.encoder_2d(batch.keypoints, batch.mask)
    latent, spread = networks.encoder_3d(batch.rig, batch.rig_mask)
    drawn = networks.decode(latent + torch.randn_like(latent) * (spread / 2).exp())
    distances = pairwise_mpjpe(batch.target[:32], batch.target[:32])
    views = [*zip(mean.chunk(2), log_variance.exp().chunk(2), strict=True)]
    views.append((latent[:32], spread.exp()[:32]))
    pairs = list(combinations(views, 2))
    losses = [
        soft_neighbour_loss(matching_square(*a, *b), distances, how.neighbour_width)
        for a, b in pairs
    ]
    expected = {
        "bones": (bones - batch.bones).square().mean(),
        "latent": (mean - latent).square().mean(),
        "mse 3d": (drawn - batch.target).square().mean(),
        "kl 3d": kl_to_unit_gaussian(latent, spread),
        "matching": sum(losses) / 3,
    }
    torch.testing.assert_close({k: parts[k] for k in expected}, expected)
    weights = {
        "mse": how.reconstruction, "mse 3d": how.reconstruction, "kl 3d": 0.01, "bones": 0.6,
        "latent": how.latent, "triplet": how.triplet, "neighbours": how.neighbours, "matching": 0.7,
    }  # fmt: skip
    assert weights.keys() == parts.keys()
    torch.testing.assert_close(total, sum(weights[k] * v for k, v in parts.items()))


def test_the_bones_are_those_of_the_rig_that_is_seen(stage, poses):
    mapping = stage(Mapping, joint=True, arch={"bones": True})
    mapping.bank = PoseBank(poses[:1], torch.ones(1), "hash", 1)
    told = {}
    for width in (0.5, 1.0):
        how = replace(Synthesis(**STILL), shoulder_width=(width, width))
        mapping.config = replace(mapping.config, synthesis=how)
        told[width] = mapping.batch().bones
        assert told[width].shape == (64, 17)
        torch.testing.assert_close(told[width][:, H36M17.mirror.tolist()], told[width])
    change = (told[0.5] - told[1.0]).mean(0)
    expected = torch.zeros(17)
    expected[list(H36M17.indices("left_shoulder", "right_shoulder"))] = -math.log(2)
    torch.testing.assert_close(change, expected, atol=1e-4, rtol=0)


@pytest.mark.parametrize("kind", [PoseVae, Mapping])
@pytest.mark.parametrize("left_out", ["triplet", "neighbours"])
def test_a_weight_of_zero_leaves_a_loss_out(stage, kind, left_out):
    some = stage(kind, **{left_out: 0.0})
    assert left_out not in some.loss(some.batch())[1]


def test_what_each_stage_trains(stage, config):
    vae, mapping = stage(PoseVae), stage(Mapping)
    assert vae.trained == [vae.networks.encoder_3d, vae.networks.decoder]
    assert mapping.trained == [mapping.networks.encoder_2d]
    without = Mapping(vae.networks, vae.bank, replace(config, pretrain=False, joint=False))
    assert without.trained == [vae.networks.encoder_2d, vae.networks.decoder]
    joint = stage(Mapping, joint=True)
    assert set(joint.trained) == set(joint.networks.children())
    assert PoseVae(vae.networks, vae.bank, replace(config, pretrain=False)).steps == 0
    assert "latent" not in without.loss(without.batch())[1]


def test_large_batches_are_compared_in_groups(poses, seed):
    config = replace(VVipeConfig(), batch=4 * GROUP)
    small = replace(config.architecture, width_2d=16, width_3d=16)
    config = replace(config, architecture=small)
    bank = PoseBank(poses, torch.ones(len(poses)), "hash", 1)
    vae = PoseVae(Networks(small).eval(), bank, config)
    seen, mask, target = vae.batch()
    parts = vae.loss((seen, mask, target))[1]
    mean = vae.networks.encoder_3d(seen, mask)[0]
    losses = []
    for start in range(0, 4 * GROUP, GROUP):
        rows = slice(start, start + GROUP)
        distances = pairwise_mpjpe(target[rows], target[rows])
        losses.append(triplet_loss(mean[rows], distances))
    torch.testing.assert_close(parts["triplet"], torch.stack(losses).mean())
