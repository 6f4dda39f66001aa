"""PR-VIPE in use: embeddings with variance, ranked by the probability of a match."""

import math

import numpy as np
import pytest
import torch
from bodies import filmed, moving

from vvipe import VvipeError, load
from vvipe.embeddings import Embeddings
from vvipe.models.pr_vipe import PrVipeArchitecture, PrVipeNetworks
from vvipe.models.storage import save_model


def shaken_pr_vipe(**changes):
    torch.manual_seed(0)
    networks = PrVipeNetworks(PrVipeArchitecture(latent=6, width=24, samples=300, **changes))
    for module in networks.modules():
        if isinstance(module, torch.nn.BatchNorm1d):
            module.running_mean.normal_(0, 0.3)
            module.running_var.uniform_(0.5, 2)
    networks.log_slope.data.fill_(0.3)
    networks.offset.data.fill_(2.0)
    return networks


@pytest.fixture
def pr_vipe(tmp_path):
    save_model(tmp_path / "pr", shaken_pr_vipe(), {"name": "pr", "representation": "pr-vipe"})
    return load(tmp_path / "pr")


def test_embeddings(pr_vipe):
    poses = filmed(frames=5)
    poses.coords[2] = np.nan
    z = pr_vipe.embed(poses)
    assert z.vectors.shape == z.variance.shape == (5, 6) and z.model.startswith("pr@")
    assert np.isnan(z.vectors).all(1).tolist() == [False, False, True, False, False]
    assert (z.variance[[0, 1, 3, 4]] > 0).all()
    alone = pr_vipe.embed(filmed(frames=5).keypoints[0], skeleton="coco17")
    np.testing.assert_allclose(alone.vectors, z.vectors[0], atol=1e-5)


def test_what_it_embeds_does_not_depend_on_the_batch(pr_vipe):
    many, one = filmed(frames=40), filmed(frames=40).keypoints[7:8]
    np.testing.assert_allclose(
        pr_vipe.embed(many).vectors[7], pr_vipe.embed(one, skeleton="coco17").vectors[0], atol=1e-5
    )


def test_distance_is_the_chance_not_to_match(pr_vipe):
    rng = np.random.default_rng(1)
    a, b = (Embeddings(rng.normal(size=(n, 6)), rng.uniform(0.01, 0.3, (n, 6))) for n in (3, 4))
    got = pr_vipe.distance(a, b)
    slope = math.exp(float(torch.tensor(0.3).half()))
    for i in range(3):
        for j in range(4):
            draws = rng.normal(size=(2, 4000, 6))
            x = a.vectors[i] + draws[0] * a.variance[i] ** 0.5
            y = b.vectors[j] + draws[1] * b.variance[j] ** 0.5
            gaps = np.linalg.norm(x - y, axis=1)
            naive = 1 - (1 / (1 + np.exp(slope * gaps - 2.0))).mean()
            assert got[i, j] == pytest.approx(naive, abs=0.03)
    np.testing.assert_array_equal(got, pr_vipe.distance(a, b))
    np.testing.assert_array_equal(got[1:2], pr_vipe.distance(a[1:2], b))


def test_poses_that_are_less_sure_match_less(pr_vipe):
    near = np.zeros((1, 6))
    sure, unsure = Embeddings(near, near + 1e-4), Embeddings(near, near + 4.0)
    assert pr_vipe.distance(sure, sure)[0, 0] < pr_vipe.distance(unsure, unsure)[0, 0]


def test_nobody_matches_nobody(pr_vipe):
    z = Embeddings(np.full((1, 6), np.nan), np.ones((1, 6)))
    assert np.isnan(pr_vipe.distance(z, z)).all()


def test_3d_poses_are_refused(pr_vipe):
    with pytest.raises(VvipeError, match="PR-VIPE embeds 2D keypoints alone"):
        pr_vipe.embed(moving(frames=2))
