"""G, the views made of it, and the heads that read it."""

import math
from dataclasses import replace

import pytest
import torch
from view_pairs import SMALL, VIEWS, make_networks

from vvipe import VvipeError
from vvipe.geometry.skeleton_images import plain, skeleton_images
from vvipe.geometry.skeleton_maps import skeleton_maps
from vvipe.models.backbone import network_input
from vvipe.models.generators import IMAGES, KEYPOINTS
from vvipe.models.geometry_networks import GeometryNetworks, picture_of, unit

HEADS = SMALL[KEYPOINTS]


@pytest.fixture
def seen(seed):
    """Keypoints and mask of six views, all joints of the first half seen."""
    mask = (torch.rand(6, 13) < 0.8).float()
    mask[:3] = 1
    return torch.randn(6, 13, 2) * mask[..., None], mask


@pytest.fixture
def told(seed):
    return unit(torch.randn(6, 4, 3))


@pytest.fixture(params=SMALL)
def networks(request):
    return make_networks(SMALL[request.param])


def bodies(networks, points, mask):
    """G and the bodies that are read from it."""
    told, found = networks(points, mask)
    return told, found.linear, found.lifter


def test_unit_by_loops(seed):
    points = torch.randn(3, 5, 3) * torch.tensor([0.1, 1.0, 40.0])[:, None, None]
    for body, got in zip(points.tolist(), unit(points).tolist(), strict=True):
        size = math.sqrt(sum(x * x for point in body for x in point) / len(body))
        for point, scaled in zip(body, got, strict=True):
            assert scaled == pytest.approx([x / size for x in point], rel=1e-3)
    torch.testing.assert_close(unit(points).square().sum(-1).mean(-1), torch.ones(3), rtol=1e-3,
                               atol=0)  # fmt: skip


def test_unit_of_nothing_is_nothing_and_teaches_finitely():
    points = torch.zeros(2, 4, 3, requires_grad=True)
    unit(points).sum().backward()
    assert not unit(points).any() and torch.isfinite(points.grad).all()
    points = torch.randn(2, 4, 3).double().requires_grad_()
    assert torch.autograd.gradcheck(unit, points)


def test_shapes(networks, seen):
    points, found = networks(*seen)
    assert points.shape == (6, networks.arch.points, 3)
    assert found.linear.shape == found.lifter.shape == (6, 17, 3) and found.integral is None
    kind = next(kind for kind, arch in SMALL.items() if arch == networks.arch)
    assert networks.synthesise(points).shape == (6, *VIEWS[kind])
    again = networks.heads(*seen, networks.encode(networks.view(*seen)))
    torch.testing.assert_close(tuple(found[:2]), tuple(again[:2]))


def test_generators_see_maps_or_keypoints_with_their_mask(networks, seen):
    view = networks.view(*seen)
    if networks.arch.generator == KEYPOINTS:
        expected = torch.cat([(seen[0] * seen[1][..., None]).flatten(1), seen[1]], 1)
    elif networks.arch.generator == IMAGES:
        expected = skeleton_images(*seen, plain(6))
    else:
        expected = skeleton_maps(*seen)
    torch.testing.assert_close(view, expected)


def test_the_size_of_g_means_nothing(networks, seen):
    points = networks.encode(networks.view(*seen))
    torch.testing.assert_close(points.square().sum(-1).mean(-1), torch.ones(6), rtol=1e-3, atol=0)
    assert points.std(0).max() > 1e-3  # it depends on the view


@pytest.mark.parametrize("generators", [1, 2])
def test_each_generator_has_weights_of_its_own(seen, generators):
    networks = make_networks(replace(HEADS, generators=generators))
    assert len(networks.encoders) == len(networks.decoders) == generators
    if generators == 2:
        view = networks.view(*seen)
        one, other = (networks.encode(view, generator=i) for i in range(2))
        torch.testing.assert_close(other, unit(networks.encoders[1](view)))
        assert (one - other).abs().max() > 0.1
        made = [networks.synthesise(one, generator=i) for i in range(2)]
        torch.testing.assert_close(made[1], networks.decoders[1](one))
        assert (made[0] - made[1]).abs().max() > 0.1


def test_a_view_is_made_of_g_and_of_nothing_that_was_seen_before(networks, seen):
    told, made = unit(torch.randn(6, networks.arch.points, 3)), []
    for points in (seen[0], -seen[0]):
        networks.encode(networks.view(points, seen[1]))
        made.append(networks.synthesise(told))
    assert torch.equal(*made)


def test_a_camera_in_the_decoder_s_place_sees_the_first_points(seen):
    """By loops: eight units away, normalised as what it is said to see."""
    networks, mask = make_networks(SMALL["camera"]), seen[1]
    told = unit(torch.randn(6, 14, 3))
    assert not networks.decoders
    for shown in (mask, None):
        made = networks.synthesise(told, mask=shown)
        for body, row, got in zip(told.tolist(), mask.tolist(), made.tolist(), strict=True):
            counts = row if shown is not None else [1] * 13
            image = [[8 * c / (8 + z) for c in (x, y)] for x, y, z in body[:13]]
            there = [xy for xy, count in zip(image, counts, strict=True) if count]
            middle = [sum(c) / len(there) for c in zip(*there, strict=True)]
            size = math.sqrt(sum(math.dist(xy, middle) ** 2 for xy in there) / len(there))
            for xy, count, place in zip(image, counts, got, strict=True):
                expected = [count * (c - m) / size for c, m in zip(xy, middle, strict=True)]
                assert place == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"generator": "unets"}, "no generator 'unets'"), ({"generators": 3}, "one generator or"),
        ({"points": 12, "projects": True}, "points >= 13"),
    ],
)  # fmt: skip
def test_an_architecture_that_is_none_is_refused(changes, told):
    with pytest.raises(VvipeError, match=told):
        GeometryNetworks(replace(HEADS, **changes))


def test_the_values_of_unseen_joints_do_not_matter(networks, seen):
    points, mask = seen
    elsewhere = torch.where(mask[..., None] > 0, points, torch.tensor(7.0))
    for got, expected in zip(
        bodies(networks, elsewhere, mask), bodies(networks, *seen), strict=True
    ):
        assert torch.equal(got, expected)


def test_the_root_is_at_the_origin(seen, told):
    for body in make_networks(HEADS).heads(*seen, told)[:2]:
        assert not body[:, 0].any() and body[:, 1:].abs().min() > 0


def test_g_is_added_to_the_features_of_the_lifter(seen, told):
    heads = make_networks(HEADS).heads
    features = heads.first(network_input(*seen, masks=True))
    assert len(heads.first) == 4 and features.shape == (6, 16)  # one layer, no block
    body = heads.lifter(features + heads.injected(told.flatten(1))).unflatten(1, (17, 3))
    found = heads(*seen, told)
    torch.testing.assert_close(found.lifter, body - body[:, :1])
    body = heads.linear(told.flatten(1)).unflatten(1, (17, 3))
    torch.testing.assert_close(found.linear, body - body[:, :1])


@pytest.mark.parametrize("inject", [True, False])
def test_heads_look_at_g_where_it_is_injected(seen, told, inject):
    heads = make_networks(replace(HEADS, inject=inject)).heads
    one, other = heads(*seen, told), heads(*seen, told.flip(0))
    for a, b in zip(one[:2], other[:2], strict=True):
        assert ((a - b).abs().max() > 0.01) if inject else torch.equal(a, b)
    assert (heads.injected is not None) == inject


@pytest.mark.parametrize("inject", [True, False])
def test_the_linear_head_looks_at_keypoints_where_there_is_no_g(seen, told, inject):
    points, mask = seen
    heads = make_networks(replace(HEADS, inject=inject)).heads
    one, other = heads(points, mask, told), heads(points.flip(1), mask, told)
    assert (one.lifter - other.lifter).abs().max() > 0.01
    assert torch.equal(one.linear, other.linear) == inject
    assert (one.linear - other.linear).abs().max() > 0.01 or inject


@pytest.mark.parametrize("masks", [True, False])
def test_the_lifter_is_told_which_joints_are_seen(seen, told, masks):
    mask = seen[1]
    heads = make_networks(replace(HEADS, masks=masks)).heads
    nothing = torch.zeros(6, 13, 2)
    one, other = (heads(nothing, m, told).lifter for m in (mask, torch.ones_like(mask)))
    assert torch.equal(one, other) != masks
    assert heads.first[0].in_features == (39 if masks else 26)


def test_every_weight_of_the_heads_is_taught(seen, told):
    for arch in (HEADS, replace(HEADS, inject=False)):
        heads = make_networks(arch).heads.train()
        sum((body * torch.randn(6, 17, 3)).sum() for body in heads(*seen, told)[:2]).backward()
        for name, weight in heads.named_parameters():
            assert torch.isfinite(weight.grad).all() and weight.grad.any(), name


@pytest.mark.parametrize("inject", [True, False])
def test_regression_3_looks_at_a_picture_and_at_g_where_it_is_injected(seen, told, inject):
    networks = make_networks(replace(HEADS, picture=2, inject=inject))
    heads, picture = networks.heads, torch.rand(6, 3, 64, 64)
    one = heads(*seen, told, picture)
    other_g, other_picture = heads(*seen, told.flip(0), picture), heads(*seen, told, 1 - picture)
    assert one.integral.shape == (6, 17, 3) and not one.integral[:, 0].any()
    assert (one.integral - other_picture.integral).abs().max() > 1e-3
    assert torch.equal(one.lifter, other_picture.lifter)
    assert torch.equal(one.integral, other_g.integral) != inject
    told, found = networks(*seen, picture)
    torch.testing.assert_close(found.integral, heads(*seen, told, picture).integral)
    assert networks(*seen)[1].integral is None
    torch.testing.assert_close(picture_of(*seen), skeleton_images(*seen, plain(6)))
