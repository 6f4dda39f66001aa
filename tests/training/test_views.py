import math
from dataclasses import replace

import pytest
import torch

from vvipe.geometry.keypoints import KEYPOINTS, NORMALISERS
from vvipe.geometry.layouts import HUMAN36M
from vvipe.skeletons import get_skeleton
from vvipe.training import views
from vvipe.training.config import Views
from vvipe.training.views import draw_cameras, kept, observe

H36M17 = get_skeleton("h36m17")
CLEAN = Views(noise=0.0, dropout=0.0)
ROOT_HEIGHT_M = 0.95


@pytest.mark.parametrize("share", [0.0, 0.5, 1.0])
def test_cameras_see_the_subject(poses, seed, share):
    camera = draw_cameras(len(poses), Views(random=share))
    pixels = camera.project(poses)
    assert torch.isfinite(pixels).all()
    root = camera.project(torch.zeros(len(poses), 1, 3))
    assert ((root - 500).norm(dim=-1) < 500).float().mean() > 0.95
    head, ankle = (pixels[:, H36M17.index(j), 1] for j in ("head", "left_ankle"))
    assert (head < ankle).float().mean() > 0.95  # image y points down: bodies are upright


def test_random_cameras_stand_where_the_configuration_says(seed):
    how = Views(elevation_rad=(-0.2, 0.6), distance_m=(3.0, 5.0), roll_rad=0.2, aim_m=0.0)
    camera = draw_cameras(4000, how)
    x, y, z = camera.centre.unbind(-1)
    distance = camera.centre.norm(dim=-1)
    elevation, azimuth = torch.asin(z / distance), torch.atan2(y, x)
    for values, low, high in (
        (distance, 3, 5), (elevation, -0.2, 0.6), (azimuth, -math.pi, math.pi)
    ):  # fmt: skip
        assert low - 1e-4 <= values.min() < low + 0.01 * (high - low)
        assert high - 0.01 * (high - low) < values.max() <= high + 1e-4
        assert values.mean().item() == pytest.approx((low + high) / 2, abs=0.03 * (high - low))
    roll = torch.atan2(camera.rotation[:, 0, 2], -camera.rotation[:, 1, 2])
    assert roll.std().item() == pytest.approx(0.2, rel=0.05)


@pytest.mark.parametrize("share", [0.0, 0.5])
def test_the_rest_are_the_cameras_of_human36m(seed, share):
    camera = draw_cameras(4000, Views(random=share))
    own = torch.as_tensor(HUMAN36M.centres_m).float() - torch.tensor([0, 0, ROOT_HEIGHT_M])
    distance, which = torch.cdist(camera.centre, own).min(1)
    theirs = distance < 0.01
    assert theirs.float().mean().item() == pytest.approx(1 - share, abs=0.03)
    assert torch.bincount(which[theirs]).min() > 0.2 * theirs.sum()
    root = camera.project(torch.zeros(4000, 1, 3))[theirs]
    torch.testing.assert_close(root, torch.full_like(root, 500.0), atol=0.01, rtol=0)


@pytest.mark.parametrize("normaliser", NORMALISERS)
def test_keypoints_come_out_normalised(poses, seed, normaliser):
    keypoints, mask = observe(poses, Views(), normaliser)
    assert keypoints.shape == (200, 13, 2) and mask.shape == (200, 13)
    assert torch.isfinite(keypoints).all() and set(mask.unique().tolist()) == {0.0, 1.0}
    assert (keypoints[mask == 0] == 0).all()
    again = NORMALISERS[normaliser](keypoints, mask)
    torch.testing.assert_close(again, keypoints, atol=1e-4, rtol=1e-4)


def test_keypoints_are_the_projected_joints(poses):
    torch.manual_seed(5)
    keypoints, mask = observe(poses, CLEAN, "rms")
    torch.manual_seed(5)
    pixels = draw_cameras(len(poses), CLEAN).project(poses)
    expected = NORMALISERS["rms"](pixels[:, H36M17.indices(*KEYPOINTS.joints)], mask)
    torch.testing.assert_close(keypoints, expected)
    assert mask.all()


def off(poses, noise):
    """What noise adds to the keypoints that the same cameras see without it."""
    views = []
    for how in (CLEAN, replace(CLEAN, noise=noise)):
        torch.manual_seed(0)
        views.append(observe(poses, how, "rms")[0])
    return views[1] - views[0]


def test_noise_is_as_large_as_the_configuration_says(poses):
    small, large = off(poses.repeat(10, 1, 1), 0.01), off(poses.repeat(10, 1, 1), 0.02)
    rms = small.square().mean().sqrt().item()
    assert 0.01 < rms < 0.03  # Student's t with three degrees of freedom is wider than normal
    assert large.square().mean().sqrt().item() == pytest.approx(2 * rms, rel=0.1)
    assert small.mean().abs() < 1e-3


def test_noise_has_heavy_tails_and_another_size_for_each_pose(poses):
    noise = off(poses.repeat(20, 1, 1), 0.001).flatten(1).abs()
    sizes = noise.median(1, keepdim=True).values
    assert sizes.quantile(0.9) > 3 * sizes.quantile(0.1)
    # Student's t with 3 degrees of freedom: 99 % lie within 7.6 medians; 3.8 for normal noise.
    assert 6.5 < (noise / sizes).quantile(0.99) < 9.5


def mean_loss():
    """Each of 13 joints is lost with a chance between none and a half, if six at least stay."""
    chances = [(i + 0.5) / 200 for i in range(100)]
    losses = [k / 13 * math.comb(13, k) * c**k * (1 - c) ** (13 - k)
              for c in chances for k in range(8)]  # fmt: skip
    return sum(losses) / len(chances)


def test_three_poses_in_ten_lose_joints(seed):
    mask = kept(20_000, 13, 0.3)
    lost = 1 - mask.mean(1)
    assert lost.mean().item() == pytest.approx(0.3 * mean_loss(), rel=0.05)
    assert (lost > 0).float().mean().item() == pytest.approx(0.3 * 0.82, abs=0.02)
    assert mask.sum(1).min() >= 6
    by_joint = mask.mean(0)
    assert by_joint.max() - by_joint.min() < 0.02


def test_no_chance_loses_nothing():
    assert kept(100, 13, 0.0).all()


def test_tilted_bodies_are_turned_but_not_bent(poses, seed):
    shown = []
    for tilt in (0.0, 1.0):
        torch.manual_seed(2)
        shown.append(observe(poses, replace(CLEAN, tilt=tilt), "rms")[0])
    heads, ankles = (
        [v[:, KEYPOINTS.index(j), 1] for v in shown] for j in ("nose", "left_ankle")
    )  # fmt: skip
    upright = [(h < a).float().mean() for h, a in zip(heads, ankles, strict=True)]
    assert upright[0] > 0.95 and 0.3 < upright[1] < 0.7


def test_joints_behind_a_camera_are_not_seen(poses, seed):
    near = replace(CLEAN, distance_m=(0.3, 0.5), aim_m=0.0)
    keypoints, mask = observe(poses, near, "rms")
    assert 0 < (mask == 0).float().mean() < 0.5
    assert torch.isfinite(keypoints).all()


def test_without_the_detector_views_are_as_before(poses, monkeypatch):
    """Bit for bit what cameras, lost joints and Gaussian noise make, and no other random number."""
    how = Views(noise=0.02)
    torch.manual_seed(4)
    keypoints = draw_cameras(len(poses), how).project(poses[:, H36M17.indices(*KEYPOINTS.joints)])
    mask = torch.isfinite(keypoints[..., 0]).float() * kept(len(poses), 13, how.dropout)
    keypoints = keypoints + views.spread_noise(keypoints, mask, how.noise)
    state = torch.get_rng_state()
    monkeypatch.setattr(views, "fitted_noise", None)
    torch.manual_seed(4)
    seen, seen_mask = observe(poses, how, "rms")
    assert torch.equal(seen, NORMALISERS["rms"](keypoints, mask)) and torch.equal(mask, seen_mask)
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("share", [0.3, 1.0])
def test_the_detector_sees_its_share_of_views(poses, share):
    poses = poses.repeat(10, 1, 1)
    off = []
    for how in (CLEAN, replace(CLEAN, detector=share)):
        torch.manual_seed(0)
        off.append(observe(poses, how, "rms")[0])
    moved = (off[1] != off[0]).any(-1).any(-1)
    assert moved.float().mean().item() == pytest.approx(share, abs=0.03)
    size = (off[1] - off[0])[moved].norm(dim=-1)
    assert 0.01 < size.median() < 0.05 and size.quantile(0.999) > 0.2


def test_what_the_detector_misses_is_masked(poses, seed, monkeypatch):
    fitted = views.fitted_noise()
    blind = {kind: replace(joint, miss=0.3) for kind, joint in fitted.joints.items()}
    monkeypatch.setattr(views, "fitted_noise", lambda: replace(fitted, joints=blind))
    keypoints, mask = observe(poses, replace(CLEAN, detector=1.0), "rms")
    assert torch.isfinite(keypoints).all() and (keypoints[mask == 0] == 0).all()
    assert mask.mean().item() == pytest.approx(0.7, abs=0.03)


def test_the_first_of_the_own_cameras():
    """Training on three of them leaves the fourth new."""
    torch.manual_seed(0)
    how = Views(random=0.0, own=3)
    centres = draw_cameras(200, how).centre
    theirs = torch.as_tensor(HUMAN36M.centres_m, dtype=torch.float32)
    theirs = theirs - torch.tensor([0.0, 0.0, 0.95])
    met = {int((theirs - c).norm(dim=1).argmin()) for c in centres}
    assert met == {0, 1, 2}
