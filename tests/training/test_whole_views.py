"""2D poses as a training of the unsupervised lifter sees them; nothing solid leaves the module."""

from dataclasses import replace

import pytest
import torch
from bodies import filmed

from vvipe import VvipeError
from vvipe.geometry.keypoints import KEYPOINTS, NORMALISERS
from vvipe.models.inputs import H36M17
from vvipe.training import VaeGanConfig, whole_views
from vvipe.training.config import Views
from vvipe.training.data import PoseBank
from vvipe.training.keypoint_bank import KeypointBank
from vvipe.training.methods.stage import draw
from vvipe.training.synthesis import other_rig
from vvipe.training.views import draw_cameras
from vvipe.training.whole_views import measure, renormalised, spoilt

COLUMNS = H36M17.indices(*KEYPOINTS.joints)
CONFIG = VaeGanConfig(batch=64)
CLEAN = replace(CONFIG, views=Views(noise=0.0, dropout=0.0))


@pytest.fixture
def recorded(poses):
    return PoseBank(poses, torch.ones(len(poses)), "hash", 1)


@pytest.fixture
def detections():
    """Keypoints on a detector's skeleton; in every fifth pose a wrist is missed."""
    views = torch.from_numpy(filmed("coco17", 100).to_skeleton(H36M17).keypoints).float()
    views[::5, H36M17.index("left_wrist")] = float("nan")
    return KeypointBank(views, "hash", 1)


@pytest.fixture(params=["recorded", "detections"])
def bank(request):
    return request.getfixturevalue(request.param)


def seen_from(bank, config, rule="rms", seed=5):
    torch.manual_seed(seed)
    return whole_views.whole_views(bank, config, rule)


@pytest.mark.parametrize("rule", NORMALISERS)
@pytest.mark.parametrize("config", [CONFIG, CLEAN], ids=["spoilt", "clean"])
def test_what_a_step_is_given(bank, config, rule):
    points, mask, view, seen = seen_from(bank, config, rule)
    assert (points.shape, mask.shape) == ((64, 13, 2), (64, 13))
    assert (view.shape, seen.shape) == ((64, 17, 2), (64, 17))
    assert all(torch.isfinite(x).all() and not x.requires_grad for x in (points, mask, view, seen))
    assert set(mask.unique().tolist()) | set(seen.unique().tolist()) <= {0.0, 1.0}
    assert torch.equal(mask, seen[:, COLUMNS]) and torch.equal(points, view[:, COLUMNS])
    assert not points[mask == 0].any() and not view[seen == 0].any()


@pytest.mark.parametrize("rule", NORMALISERS)
def test_the_target_is_the_normalised_projection(recorded, rule):
    points, mask, view, seen = seen_from(recorded, CLEAN, rule)
    torch.manual_seed(5)
    bodies = other_rig(draw(recorded, CLEAN), CLEAN.synthesis)
    pixels = draw_cameras(64, CLEAN.views).project(bodies)
    assert mask.all() and seen.all()
    expected = NORMALISERS[rule](pixels[:, COLUMNS], mask)
    torch.testing.assert_close(points, expected, atol=1e-4, rtol=1e-4)
    torch.testing.assert_close(view[:, COLUMNS], points)
    # The other joints by the same change of place and size: two joints tell it.
    a, b = (H36M17.index(j) for j in ("left_ankle", "right_wrist"))
    size = (pixels[:, a] - pixels[:, b]).norm(dim=-1) / (view[:, a] - view[:, b]).norm(dim=-1)
    moved = (pixels - pixels[:, a, None]) / size[:, None, None] + view[:, a, None]
    torch.testing.assert_close(view, moved, atol=1e-3, rtol=1e-3)


def test_noise_and_lost_joints_leave_the_views_themselves_alone(recorded):
    exact = seen_from(recorded, CLEAN)
    for a, b in zip(seen_from(recorded, CONFIG), exact, strict=True):
        assert torch.equal(a, b)


@pytest.mark.parametrize("rule", NORMALISERS)
def test_spoilt_views_are_normalised_by_what_is_left_of_them(recorded, rule):
    view = seen_from(recorded, CLEAN).view
    torch.manual_seed(1)
    points, mask = spoilt(view, Views(noise=0.0, dropout=1.0), rule)
    assert points.shape == (64, 13, 2) and 0 < (mask == 0).float().mean() < 0.5
    torch.testing.assert_close(points, NORMALISERS[rule](view[:, COLUMNS], mask))
    torch.manual_seed(1)
    noisy, again = spoilt(view, Views(noise=0.05, dropout=1.0), rule)
    assert torch.equal(again, mask) and not noisy[mask == 0].any()
    torch.testing.assert_close(NORMALISERS[rule](noisy, mask), noisy, atol=1e-4, rtol=1e-4)
    assert 0.005 < (noisy - points)[mask > 0].abs().mean() < 0.2


def test_a_view_that_nothing_spoils_stays_as_it_is(recorded):
    view = seen_from(recorded, CLEAN).view
    points, mask = spoilt(view, CLEAN.views, "rms")
    assert mask.all()
    torch.testing.assert_close(points, view[:, COLUMNS], atol=1e-5, rtol=1e-4)


def test_what_spoils_a_view_lets_gradients_through(recorded):
    view = seen_from(recorded, CLEAN).view.requires_grad_()
    for rule in NORMALISERS:
        points, _ = spoilt(view, Views(noise=0.05, dropout=1.0), rule)
        (slope,) = torch.autograd.grad(points.square().sum() + points[:, 0].sum(), view)
        assert torch.isfinite(slope).all() and slope[:, COLUMNS].any()


def test_joints_that_were_never_told_are_not_known(detections):
    still = replace(CLEAN.synthesis, mirror=0.0)
    views = seen_from(detections, replace(CLEAN, synthesis=still))
    told = [j for j in H36M17.joints if torch.isfinite(
        detections.views[:, H36M17.index(j)]).all()]  # fmt: skip
    assert "head" in told and "left_wrist" not in told  # coco17 has ears
    assert views.seen[:, H36M17.indices(*told)].all()
    lost = views.seen[:, H36M17.index("left_wrist")] == 0
    assert 0.05 < lost.float().mean() < 0.45
    assert torch.equal(views.mask, views.seen[:, COLUMNS])


@pytest.mark.parametrize("rule", NORMALISERS)
def test_a_mirrored_view_has_left_and_right_swapped(rule):
    pose = torch.from_numpy(filmed("h36m17", 1).keypoints).float()
    pose[:, H36M17.index("left_knee")] = float("nan")
    bank, how = KeypointBank(pose, "hash", 1), CLEAN.synthesis
    plain, flipped = (
        seen_from(bank, replace(CLEAN, synthesis=replace(how, mirror=m)), rule) for m in (0, 1)
    )
    swap = {"left": "right", "right": "left"}
    for joint in H36M17.joints:
        side, _, part = joint.partition("_")
        here, there = H36M17.index(joint), H36M17.index(f"{swap[side]}_{part}" if part else joint)
        assert torch.equal(flipped.seen[:, there], plain.seen[:, here])
        expected = plain.view[:, here] * torch.tensor([-1.0, 1.0])
        torch.testing.assert_close(flipped.view[:, there], expected, atol=1e-4, rtol=1e-4)
    assert not flipped.seen[:, H36M17.index("right_knee")].any()


def test_half_of_the_views_are_mirrored():
    pose = torch.from_numpy(filmed("h36m17", 1).keypoints).float()
    views = seen_from(KeypointBank(pose, "hash", 1), replace(CLEAN, batch=1000))
    first = (views.view - views.view[0]).abs().amax((1, 2)) < 1e-4
    assert 0.45 < first.float().mean() < 0.55


def test_detectors_tell_neither_spine_nor_thorax_nor_head(recorded):
    how = Views(noise=0, dropout=0, detector=1)
    _, mask, view, seen = seen_from(recorded, replace(CLEAN, batch=2000, views=how))
    column = H36M17.index
    assert not seen[:, [column(j) for j in ("spine", "thorax", "head")]].any()
    left, right, hip = (column(j) for j in ("left_hip", "right_hip", "hip"))
    assert torch.equal(seen[:, hip], seen[:, left] * seen[:, right])
    there = seen[:, hip] > 0
    middle = ((view[:, left] + view[:, right]) / 2)[there]
    torch.testing.assert_close(view[there, hip], middle, atol=1e-4, rtol=1e-4)
    assert torch.equal(mask, seen[:, COLUMNS]) and 0.5 < mask.mean() < 1


def test_the_detector_sees_its_share(recorded):
    how = Views(noise=0, dropout=0, detector=0.3)
    seen = seen_from(recorded, replace(CLEAN, batch=2000, views=how)).seen
    assert 0.65 < seen[:, H36M17.index("spine")].mean() < 0.75


@pytest.mark.parametrize("rule", NORMALISERS)
def test_renormalised_is_normalised_whatever_the_place_and_size(seed, rule):
    view, mask = torch.randn(6, 17, 2), (torch.rand(6, 13) < 0.8).float()
    moved = renormalised(3 * view + torch.tensor([5.0, -2.0]), rule)
    torch.testing.assert_close(moved, renormalised(view, rule), atol=1e-4, rtol=1e-4)
    expected = NORMALISERS[rule](view[:, COLUMNS], torch.ones(6, 13))
    torch.testing.assert_close(renormalised(view, rule)[:, COLUMNS], expected)
    masked = renormalised(view, rule, mask)[:, COLUMNS] * mask[..., None]
    torch.testing.assert_close(masked, NORMALISERS[rule](view[:, COLUMNS], mask))


@pytest.fixture
def small_sample(monkeypatch):
    monkeypatch.setattr(whole_views, "SAMPLE", 1000)


def test_what_is_measured_takes_directions_apart(recorded, small_sample):
    """By the views that it was measured from, drawn again."""
    noise = 0.05
    known, centre, even = measure(recorded, CLEAN, "rms", noise)
    assert known.all()
    torch.manual_seed(CLEAN.seed)
    drawn = [whole_views.whole_views(recorded, CLEAN, "rms").view for _ in range(16)]
    poses = torch.cat([renormalised(v, "rms") for v in drawn]).flatten(1)
    torch.testing.assert_close(centre, poses.mean(0))
    covariance = torch.cov(poses.T, correction=0) + noise**2 * torch.eye(34)
    torch.testing.assert_close(even.T @ covariance @ even, torch.eye(34), atol=1e-3, rtol=0)
    spread = (poses @ even).std(0)
    assert spread.max() < 1.01 and spread.min() < 0.5  # noise fills what poses leave empty


def test_without_noise_directions_that_no_pose_takes_stay_finite(bank, small_sample):
    known, centre, even = measure(bank, CLEAN, "rms", 0.0)
    assert known[COLUMNS].all() and torch.isfinite(even).all() and torch.isfinite(centre).all()
    views = seen_from(bank, CLEAN)
    poses = (renormalised(views.view, "rms", views.mask) * known[:, None]).flatten(1)
    assert ((poses - centre) @ even)[(views.seen >= known).all(1)].abs().max() < 50


def test_joints_that_most_views_do_not_tell_are_not_known(recorded, small_sample):
    how = replace(CLEAN, views=Views(noise=0, dropout=0, detector=1))
    known, centre, even = measure(recorded, how, "rms", 0.02)
    unknown = {j for j, k in zip(H36M17.joints, known, strict=True) if not k}
    assert unknown == {"spine", "thorax", "head"}
    assert not centre.view(17, 2)[known == 0].any() and torch.isfinite(even).all()


def test_the_measure_draws_the_same_whatever_was_drawn_before(recorded, small_sample):
    first = measure(recorded, CONFIG, "head", 0.02)
    torch.randn(7)
    for a, b in zip(first, measure(recorded, CONFIG, "head", 0.02), strict=True):
        assert torch.equal(a, b)


def test_data_in_which_no_pose_is_whole_are_refused(small_sample):
    views = torch.from_numpy(filmed("h36m17", 99).keypoints).float()
    for turn, joint in enumerate(("left_wrist", "right_wrist", "nose")):
        views[turn::3, H36M17.index(joint)] = float("nan")
    with pytest.raises(VvipeError, match="in which all joints are seen") as caught:
        measure(KeypointBank(views, "hash", 1), CLEAN, "rms", 0.02)
    assert "\n" not in str(caught.value) and "got 0 of" in str(caught.value)
