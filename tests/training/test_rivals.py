"""PR-VIPE and the lifter: what a step computes, and whole trainings that resume."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from bodies import filmed

from vvipe import load
from vvipe.geometry.matching import KAPPA, match_distance
from vvipe.losses import kl_to_unit_gaussian, matching_probability, smoothed, triplet_ratio_loss
from vvipe.models.lifter import LifterArchitecture, LifterNetworks
from vvipe.models.pr_vipe import PrVipeArchitecture, PrVipeNetworks
from vvipe.training import LifterConfig, PrVipeConfig, loop, train
from vvipe.training.data import PoseBank
from vvipe.training.methods.lifter import Lifting
from vvipe.training.methods.pr_vipe import Matching

PR_VIPE = PrVipeConfig(
    steps=5, batch=32, architecture=PrVipeArchitecture(latent=6, width=24, samples=4, dropout=0.0)
)
LIFTER = LifterConfig(steps=5, batch=32, architecture=LifterArchitecture(width=24, dropout=0.0))


@pytest.fixture
def bank(poses):
    return PoseBank(poses, torch.ones(len(poses)), "hash", 1)


@pytest.fixture
def matching(bank, seed):
    return Matching(PrVipeNetworks(PR_VIPE.architecture).eval(), bank, PR_VIPE)


def test_a_batch_holds_two_views_of_every_pose(matching):
    keypoints, mask, poses = matching.batch()
    assert keypoints.shape == (32, 13, 2) and mask.shape == (32, 13)
    torch.testing.assert_close(poses[:16], poses[16:])
    assert (keypoints[:16] - keypoints[16:]).abs().amax((1, 2)).min() > 1e-3


def test_the_negative_is_no_match(matching):
    keypoints, mask, poses = matching.batch()
    mean, deviation = (x.detach() for x in matching.networks(keypoints, mask))
    index, counts = matching._negatives(mean, deviation, poses)
    assert counts.any()
    for i in np.flatnonzero(counts.numpy()):
        assert match_distance(poses[i].numpy(), poses[index[i]].numpy()) >= KAPPA - 1e-4


def test_the_loss_of_pr_vipe_is_the_sum_of_its_parts(matching):
    batch, networks = matching.batch(), matching.networks
    torch.manual_seed(3)
    total, parts = matching.loss(batch)
    torch.manual_seed(3)
    keypoints, mask, poses = batch
    mean, deviation = networks(keypoints, mask)
    z = mean[:, None] + deviation[:, None] * torch.randn(32, 4, 6)
    index, counts = matching._negatives(mean.detach(), deviation.detach(), poses)
    chance = [
        smoothed(matching_probability(z[:16], other, networks.slope, networks.offset))
        for other in (z[16:], z[16:][index])
    ]
    expected = {
        "ratio": triplet_ratio_loss(*chance, counts),
        "positive": -chance[0].log().mean(),
        "kl": kl_to_unit_gaussian(mean, (deviation**2).log()),
    }
    torch.testing.assert_close(parts, expected)
    torch.testing.assert_close(
        total, expected["ratio"] + 0.005 * expected["positive"] + 0.001 * expected["kl"]
    )


def test_the_loss_of_the_lifter(bank, seed):
    stage = Lifting(LifterNetworks(LIFTER.architecture).eval(), bank, LIFTER)
    keypoints, mask, target = stage.batch()
    total, parts = stage.loss((keypoints, mask, target))
    drawn = stage.networks(keypoints, mask).reshape(32, 17, 3)
    torch.testing.assert_close(total, ((drawn - target) ** 2).mean())
    assert parts == {"mse": total}


@pytest.mark.parametrize("config", [PR_VIPE, LIFTER], ids=["pr-vipe", "lifter"])
def test_a_stopped_training_goes_on_bit_for_bit(cmu, tmp_path, config, precision, monkeypatch):
    monkeypatch.setattr(loop, "CHECKPOINT_S", -1.0)
    monkeypatch.setattr(loop, "REPORT_STEPS", 1)

    class StoppedError(Exception):
        pass

    def stop(progress):
        if progress.step == 3:
            raise StoppedError

    whole = train(config, cmu, tmp_path / "whole", precision=precision)
    with pytest.raises(StoppedError):
        train(config, cmu, tmp_path / "cut", precision=precision, progress=stop)
    again = train(config, cmu, tmp_path / "cut", precision=precision, resume=True)
    weights = [(f / "model.safetensors").read_bytes() for f in (whole, again)]
    assert weights[0] == weights[1]
    model = load(again)
    assert np.isfinite(model.embed(filmed(frames=3)).vectors).all()
    assert model.config["representation"] == config.representation
    assert model.config["training"]["poses_seen"] == 5 * 32


def taught(stage, lr=3e-3, steps=150):
    """Losses on the way."""
    optimiser = torch.optim.Adam(stage.networks.parameters(), lr=lr)
    losses = []
    for _ in range(steps):
        loss, _ = stage.loss(stage.batch())
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return losses


def test_a_few_steps_lower_the_loss_of_the_lifter(bank, seed):
    config = replace(LIFTER, batch=128, views=replace(LIFTER.views, dropout=0.0))
    losses = taught(Lifting(LifterNetworks(config.architecture).train(), bank, config))
    assert sum(losses[-10:]) < 0.8 * sum(losses[:10])


def test_a_few_steps_bring_the_views_of_a_pose_together_in_pr_vipe(bank, seed):
    """The loss itself stays near its margin: the better the space, the harder its negatives."""
    config = replace(PR_VIPE, batch=128, views=replace(PR_VIPE.views, dropout=0.0))
    sizes = replace(config.architecture, width=128, dropout=0.0)
    stage = Matching(PrVipeNetworks(sizes).train(), bank, config)
    keypoints, mask, _ = stage.batch()

    def rank():
        """How many poses stand between two views of one, on average."""
        with torch.no_grad():
            a, b = stage.networks.eval()(keypoints, mask)[0].chunk(2)
        stage.networks.train()
        distance = torch.cdist(a, b)
        return (distance < distance.diagonal()[:, None]).float().sum(1).mean()

    before = rank()
    taught(stage)
    assert rank() < 0.5 * before
