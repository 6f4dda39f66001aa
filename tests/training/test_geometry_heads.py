"""What a step of the heads sees and computes; G stays as the pairs have taught it."""

from dataclasses import replace
from functools import partial

import pytest
import torch
from view_pairs import CONFIG, SMALL, ends, make_stage, record_cameras, straight, taught

from vvipe.geometry.bones import bone_lengths, universal_lengths, with_bone_lengths
from vvipe.geometry.keypoints import COLUMNS, KEYPOINTS, normalise_rms
from vvipe.models.inputs import H36M17, torso_m
from vvipe.training.config import Views
from vvipe.training.methods.geometry_stages import Regression

SPOILT = Views(noise=0.05, dropout=1.0)
FAR = Views(noise=0.0, dropout=0.0, distance_m=(90.0, 100.0))


@pytest.fixture
def stage(poses, seed):
    return partial(make_stage, poses)


@pytest.fixture
def cameras(monkeypatch):
    """The cameras that a stage has drawn, in order."""
    return record_cameras(monkeypatch)


def test_heads_are_shown_only_what_is_labelled(stage, poses):
    heads = stage(Regression)
    bank = make_stage(poses).bank
    heads = Regression(heads.networks, replace(bank, poses=bank.poses * torch.nan), CONFIG)
    assert heads.bank is bank.labelled
    batch = heads.batch()
    assert all(torch.isfinite(x).all() for x in batch)
    heads.bank = None  # the loss is given all that it looks at
    assert torch.isfinite(heads.loss(batch)[0])


def test_the_stage_says_what_it_takes(stage):
    for inject in (True, False):
        heads = stage(Regression, inject=inject)
        assert (heads.name, heads.steps, heads.lr, heads.count) == ("heads", 7, None, None)
        assert heads.trained == [heads.networks.heads]


def test_targets_are_bodies_of_the_universal_build_in_the_camera_s_axes(poses, cameras, seed):
    """By loops, whatever is done to what the camera sees."""
    config = replace(CONFIG, views=SPOILT, synthesis=replace(CONFIG.synthesis, placement_m=0.1))
    keypoints, mask, body = make_stage(poses[:1], Regression, config).batch()
    assert keypoints.shape == (10, 13, 2) and mask.shape == (10, 13) and body.shape == (10, 17, 3)
    lengths = torch.from_numpy(universal_lengths() / torso_m())
    torch.testing.assert_close(bone_lengths(body, H36M17), lengths.expand(10, 17), atol=1e-5,
                               rtol=0)  # fmt: skip
    assert not body[:, H36M17.index("hip")].any()
    for rotation, got in zip(straight(cameras[0]), body, strict=True):
        for parent, child in H36M17.bones:
            bone = rotation @ (poses[0, child] - poses[0, parent]).double()
            direction = (got[child] - got[parent]).double() / lengths[child]
            torch.testing.assert_close(direction, bone / bone.norm(), atol=1e-4, rtol=0)


@pytest.mark.parametrize("tilt", [0.0, 1.0])
def test_targets_look_as_the_keypoints_do(poses, seed, tilt):
    """A far camera sees a body of the universal build as its target is without depth."""
    usual = with_bone_lengths(poses, torch.from_numpy(universal_lengths()), H36M17)
    how = replace(FAR, tilt=tilt)
    keypoints, mask, body = make_stage(usual, Regression, replace(CONFIG, views=how)).batch()
    flat = normalise_rms(body[:, COLUMNS][..., :2], mask)
    torch.testing.assert_close(flat, keypoints, atol=0.03, rtol=0)
    nose, ankle = (keypoints[:, KEYPOINTS.index(j), 1] for j in ("nose", "left_ankle"))
    assert (nose > ankle).any() == bool(tilt)  # some are upside down


@pytest.mark.parametrize("picture", [0, 2])
def test_the_losses_of_the_heads_by_loops(stage, picture):
    heads = stage(Regression, picture=picture)
    batch = heads.batch()
    total, parts = heads.loss(batch)
    keypoints, mask, body, *painted = batch
    assert [x.shape for x in painted] == [(10, 3, 64, 64)] * bool(picture)
    told = heads.networks.encode(heads.networks.view(keypoints, mask))
    found = heads.networks.heads(keypoints, mask, told, *painted)._asdict()
    names = ["linear", "lifter", "integral"][: 3 if picture else 2]
    assert list(parts) == names
    for name in names:
        pairs = zip(found[name].flatten().tolist(), body.flatten().tolist(), strict=True)
        off = [(a - b) ** 2 for a, b in pairs]
        assert parts[name].item() == pytest.approx(sum(off) / len(off), rel=1e-4)
    torch.testing.assert_close(total, sum(parts.values()))


@pytest.mark.parametrize("kind", SMALL)
def test_heads_learn_and_generators_stay_as_they_are(stage, kind):
    """Weights and batch statistics."""
    heads = stage(Regression, generator=kind)
    before = {k: v.clone() for k, v in heads.networks.state_dict().items()}
    taught(heads, 2, 0.01)
    after = heads.networks.state_dict()
    changed = {name for name in before if not torch.equal(before[name], after[name])}
    assert {".".join(name.split(".")[:2]) for name in changed} == {
        "heads.linear", "heads.injected", "heads.first", "heads.lifter",
    }  # fmt: skip
    assert any("running_mean" in name for name in changed)


@pytest.mark.parametrize("kind", SMALL)
def test_heads_are_shown_in_bfloat16_the_view_that_the_model_is_shown(stage, kind, monkeypatch):
    heads = stage(Regression, generator=kind)
    batch, shown, original = heads.batch(), [], heads.networks.encode

    def spied(view, *args):
        shown.append(view)
        return original(view, *args)

    monkeypatch.setattr(heads.networks, "encode", spied)
    with torch.autocast("cpu", torch.bfloat16):
        heads.loss(batch)
    expected = heads.networks.view(*batch[:2])
    torch.testing.assert_close(shown[0], expected, atol=1e-3, rtol=0)


def test_a_few_steps_teach_to_lift(stage):
    heads = stage(Regression, config=replace(CONFIG, batch=64), width=64)
    told = taught(heads, 60, 0.01)
    for name in ("linear", "lifter"):
        first, last = ends(told, name)
        assert last < 0.6 * first, name
