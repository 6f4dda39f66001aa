"""What a step on pairs of views sees and computes; no 3D pose comes near it."""

from dataclasses import replace
from functools import partial

import pytest
import torch
from view_pairs import CLEAN, CONFIG, SMALL, ends, make_stage, record_cameras, straight, taught

from vvipe.geometry.canonical import rotate
from vvipe.geometry.keypoints import COLUMNS, KEYPOINTS, normalise_rms
from vvipe.geometry.skeleton_maps import LIMBS
from vvipe.training import loop
from vvipe.training.config import Synthesis, Views
from vvipe.training.data import PoseBank
from vvipe.training.methods import geometry_stages
from vvipe.training.methods.geometry_stages import ViewSynthesis, _turned
from vvipe.training.views import facing, observed

SPOILT = Views(noise=0.05, dropout=1.0)
MAPS, FLAT = ("unet", "strided"), ("keypoints", "camera")
FAR = Views(noise=0.0, dropout=0.0, distance_m=(90.0, 100.0))


@pytest.fixture
def stage(poses, seed):
    return partial(make_stage, poses)


@pytest.fixture
def cameras(monkeypatch):
    """The cameras that a stage has drawn, in order."""
    return record_cameras(monkeypatch)


@pytest.mark.parametrize("kind", SMALL)
def test_a_pair_is_two_views_and_the_rotation_between_them(stage, kind):
    pairs = stage(generator=kind)
    batch = pairs.batch()
    view = pairs.networks.view(*batch[:2]).shape
    assert [x.shape for x in batch] == [
        (6, 13, 2), (6, 13), (6, 13, 2), (6, 13), view, view, (6, 3, 3),
    ]  # fmt: skip
    assert not any(x.requires_grad for x in batch)
    assert (batch[0] - batch[2]).abs().max() > 0.1
    pairs.bank = None  # the loss is given all that it looks at
    assert torch.isfinite(pairs.loss(batch)[0])


@pytest.mark.parametrize("kind", [*FLAT, *MAPS])
def test_generators_see_what_the_cameras_see(stage, kind):
    config = replace(CONFIG, pair_views=SPOILT)
    pairs = stage(config=config, generator=kind)
    batch = pairs.batch()
    assert min(batch[1].min(), batch[3].min()) == 0
    torch.testing.assert_close(batch[4], pairs.networks.view(*batch[:2]))
    torch.testing.assert_close(batch[5], pairs.networks.view(*batch[2:4]))


def test_both_cameras_see_one_body(stage, poses, cameras):
    pairs = make_stage(poses[:1])
    batch = pairs.batch()
    assert len(cameras) == 2
    for view, camera in zip((batch[:2], batch[2:4]), cameras, strict=True):
        expected = observed(poses[:1].repeat(6, 1, 1), camera, CLEAN, "rms")
        torch.testing.assert_close(view, expected)


def test_both_cameras_see_one_rig_and_one_tilt(poses, seed, monkeypatch):
    """From one place, the same view, whatever is made of the body before."""
    camera = geometry_stages.draw_cameras(6, replace(CLEAN, aim_m=0.0, roll_rad=0.0))
    monkeypatch.setattr(geometry_stages, "draw_cameras", lambda *_: camera)
    config = replace(CONFIG, synthesis=Synthesis(), pair_views=replace(CLEAN, tilt=1.0))
    batch = make_stage(poses, config=config).batch()
    torch.testing.assert_close(batch[0], batch[2])
    torch.testing.assert_close(batch[-1], torch.eye(3).expand(6, 3, 3), atol=1e-5, rtol=0)
    nose, ankle = (batch[0][:, KEYPOINTS.index(j), 1] for j in ("nose", "left_ankle"))
    assert (nose > ankle).any()  # some are upside down


def test_the_rotation_takes_the_body_from_one_camera_s_axes_to_the_other_s(stage, poses, cameras):
    turn = stage(config=replace(CONFIG, pair_views=replace(CLEAN, roll_rad=0.5))).batch()[-1]
    one, other = map(straight, cameras)
    body = poses[:6].double()
    for i in range(6):
        seen_by_one, seen_by_other = body[i] @ one[i].T, body[i] @ other[i].T
        torch.testing.assert_close(
            seen_by_one @ turn[i].double().T, seen_by_other, atol=1e-5, rtol=0
        )
        assert (seen_by_one - seen_by_other).abs().max() > 0.05
    torch.testing.assert_close(turn, facing(cameras[1]) @ facing(cameras[0]).mT)


def test_points_that_are_turned_are_where_the_other_camera_has_them(poses, seed, cameras):
    """Bodies in place of G: turned, they are normalised as the other camera sees them."""
    batch = make_stage(poses[:1], config=replace(CONFIG, pair_views=FAR)).batch()
    seen = rotate(facing(cameras[0]), poses[:1].repeat(6, 1, 1))
    turned = _turned(batch[-1], seen)[:, COLUMNS]
    flat = normalise_rms(turned[..., :2], torch.ones(6, 13))
    torch.testing.assert_close(flat, batch[2], atol=0.03, rtol=0)


def test_turning_is_written_out(seed):
    """A matrix product would be rounded where a training runs in bfloat16."""
    rotation, points = torch.linalg.qr(torch.randn(4, 3, 3))[0], torch.randn(4, 5, 3)
    with torch.autocast("cpu", torch.bfloat16):
        turned = _turned(rotation, points)
    expected = [[r @ p for p in body] for r, body in zip(rotation, points, strict=True)]
    torch.testing.assert_close(turned, torch.stack([torch.stack(row) for row in expected]))


@pytest.mark.parametrize("kind", SMALL)
def test_what_is_made_of_itself_is_seen_twice_alike(stage, kind):
    config = replace(CONFIG, autoencode=True, pair_views=SPOILT)
    batch = stage(config=config, generator=kind).batch()
    for one, other in ((0, 2), (1, 3), (4, 5)):
        assert torch.equal(batch[one], batch[other])
    torch.testing.assert_close(batch[-1], torch.eye(3).expand(6, 3, 3), atol=1e-6, rtol=0)


def square(a, b):
    return sum((x - y) ** 2 for x, y in zip(a, b, strict=True))


def made_loss(made, view, seen):
    """By loops: mean over what is seen, an entry for each keypoint or limb."""
    told = [
        square(made[i, j].flatten().tolist(), view[i, j].flatten().tolist()) / view[i, j].numel()
        for i in range(len(made))
        for j in range(made.shape[1])
        if seen[i][j]
    ]
    return sum(told) / len(told)


def limbs_seen(mask):
    needed = [KEYPOINTS.indices(*{*begin, *end}) for begin, end in LIMBS]
    return [[all(row[j] for j in joints) for joints in needed] for row in mask.tolist()]


@pytest.mark.parametrize("own", [0.4, 0.0])
@pytest.mark.parametrize("generators", [1, 2])
@pytest.mark.parametrize("kind", [*FLAT, *MAPS])
def test_the_losses_of_pairs_by_loops(stage, kind, generators, own):
    """Pairs turned by matrix products, each view held against what is made of either."""
    objective = replace(CONFIG.objective, own=own)
    config = replace(CONFIG, pair_views=SPOILT, pairs=3, objective=objective)
    pairs = stage(config=config, generator=kind, generators=generators)
    batch = pairs.batch()
    total, parts = pairs.loss(batch)
    networks, turns, expected = pairs.networks, batch[-1], {"synthesis": 0, "own": 0}

    def off(told, generator, points, mask):
        made = networks.synthesise(told, generator, mask)
        if kind in FLAT:
            return made_loss(made, points, mask.tolist())
        return made_loss(made, networks.view(points, mask), limbs_seen(mask))

    sides = (batch[:2], batch[2:4], turns), (batch[2:4], batch[:2], turns.mT)
    turned = []
    for generator, (one, other, turn) in enumerate(sides[:generators]):
        told = networks.encode(networks.view(*one), generator)
        turned.append(torch.stack([p @ r.T for p, r in zip(told, turn, strict=True)]))
        expected["own"] += off(told, generator, *one)
        expected["synthesis"] += off(turned[-1], generator, *other)
    if generators == 2:
        squares = [square(p.tolist(), q.tolist()) for p, q in
                   zip(turned[0].flatten(0, 1), told.flatten(0, 1), strict=True)]  # fmt: skip
        expected["consistency"] = sum(squares) / len(squares)
    weights = {"synthesis": 1.3, "own": own, "consistency": 0.7}
    expected = {name: part for name, part in expected.items() if weights[name]}
    assert {name: part.item() for name, part in parts.items()} == pytest.approx(expected, rel=1e-4)
    weighted = sum(weights[name] * part for name, part in expected.items())
    assert total.item() == pytest.approx(weighted, rel=1e-4)


@pytest.mark.parametrize("kind", SMALL)
@pytest.mark.parametrize("generators", [1, 2])
def test_pairs_teach_every_generator_and_no_head(stage, kind, generators):
    pairs = stage(generator=kind, generators=generators)
    loop._only(pairs.networks, pairs.trained)
    pairs.loss(pairs.batch())[0].backward()
    for name, weight in pairs.networks.named_parameters():
        if name.startswith("heads."):
            assert not weight.requires_grad, name
        else:
            assert torch.isfinite(weight.grad).all() and weight.grad.any(), name


def test_gradients_are_finite_where_a_camera_tells_nothing(stage):
    pairs = stage(generator="strided")
    batch = [x.clone() for x in pairs.batch()]
    batch[1][:], batch[3][:, 6:] = 0, 0
    loop._only(pairs.networks, pairs.trained)
    loss, _ = pairs.loss(batch)
    loss.backward()
    assert torch.isfinite(loss)
    for module in pairs.trained:
        assert all(torch.isfinite(weight.grad).all() for weight in module.parameters())


def test_pairs_are_never_shown_what_is_labelled(stage, poses):
    pairs = stage()
    unusable = PoseBank(poses * torch.nan, torch.ones(200), "hash", 1)
    for labelled in (None, unusable):
        pairs = ViewSynthesis(pairs.networks, replace(pairs.bank, labelled=labelled), CONFIG)
        batch = pairs.batch()
        assert all(torch.isfinite(x).all() for x in batch)
        assert torch.isfinite(pairs.loss(batch)[0])


def test_the_stage_says_what_it_takes(stage):
    pairs = stage()
    assert (pairs.name, pairs.steps, pairs.lr, pairs.count) == ("pairs", 5, 1e-3, 6)
    assert pairs.trained == [pairs.networks.encoders, pairs.networks.decoders]
    assert stage(inject=False).steps == 0  # nobody looks at G


@pytest.mark.parametrize("kind", FLAT)
def test_a_few_steps_teach_to_see_from_elsewhere(stage, kind):
    pairs = stage(config=replace(CONFIG, pairs=32), generator=kind, channels=48, points=13)
    told = taught(pairs, 60, 0.01)
    for name, share in (("synthesis", 0.5), ("consistency", 0.7)):
        first, last = ends(told, name)
        assert last < share * first, name
