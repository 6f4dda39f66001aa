"""Limbs as channels of an image, held against a drawing pixel by pixel."""

import math

import numpy as np
import pytest
import torch

from vvipe.geometry import skeleton_maps as drawing
from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.geometry.skeleton_maps import LIMBS, SIZE, limb_ends, skeleton_maps

SMALL = {"size": 12, "width_px": 14.0}


def naive(keypoints, mask, size, width_px, reach):
    """By loops: how far the middle of each pixel is from each limb."""
    radius = width_px * size / 64 / 2
    maps = np.zeros((len(keypoints), len(LIMBS), size, size))
    for body, points in enumerate(keypoints):
        for channel, limb in enumerate(LIMBS):
            columns = [KEYPOINTS.indices(*end) for end in limb]
            if not all(mask[body][j] for end in columns for j in end):
                continue
            (ax, ay), (bx, by) = (
                [size / 2 + size / (2 * reach) * sum(points[j][d] for j in end) / len(end)
                 for d in (0, 1)]
                for end in columns
            )  # fmt: skip
            square = (bx - ax) ** 2 + (by - ay) ** 2
            for row in range(size):
                for column in range(size):
                    x, y = column + 0.5, row + 0.5
                    share = ((x - ax) * (bx - ax) + (y - ay) * (by - ay)) / square
                    share = min(1, max(0, share))
                    off = math.hypot(x - ax - share * (bx - ax), y - ay - share * (by - ay))
                    maps[body, channel, row, column] = min(1, max(0, radius + 0.5 - off))
    return maps


@pytest.fixture
def views(rng):
    """Nine views, more than are drawn at once; joints of the last five are missing."""
    mask = (rng.uniform(size=(9, 13)) < 0.7).astype(np.float32)
    mask[:4] = 1
    return rng.normal(size=(9, 13, 2)).astype(np.float32), mask


@pytest.mark.parametrize(("size", "width_px", "reach"), [(12, 14.0, 2.4), (9, 20.0, 1.1)])
def test_maps_agree_with_a_drawing_by_pixels(views, size, width_px, reach):
    keypoints, mask = (x[2:7] for x in views)
    got = skeleton_maps(keypoints, mask, size, width_px, reach)
    assert got.shape == (5, 15, size, size) and got.dtype == np.float32
    expected = naive(keypoints.astype(float), mask, size, width_px, reach)
    assert 0.05 < expected.mean() < 0.9 and not expected[:, :, 0].all()
    np.testing.assert_allclose(got, expected, atol=1e-4)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_torch_agrees_with_numpy(views, dtype):
    keypoints, mask = views
    got = skeleton_maps(torch.tensor(keypoints, dtype=dtype), torch.tensor(mask) > 0, **SMALL)
    assert got.dtype == dtype
    np.testing.assert_allclose(got, skeleton_maps(keypoints, mask, **SMALL), atol=1e-4)


def test_the_maps_are_as_wide_as_the_paper_s(views):
    assert skeleton_maps(*(x[:2] for x in views)).shape == (2, 15, SIZE, SIZE)


def test_a_limb_whose_ends_are_one_is_a_dot():
    drawn = skeleton_maps(np.zeros((1, 13, 2)), np.ones((1, 13)))
    assert np.ptp(drawn, axis=1).max() < 1e-4
    np.testing.assert_allclose(drawn.sum((2, 3)), np.pi * 4.0**2, rtol=0.05)


def test_every_keypoint_ends_a_limb_and_both_sides_have_the_same_ones():
    assert len(LIMBS) == len(set(LIMBS)) == 15
    assert {joint for limb in LIMBS for end in limb for joint in end} == set(KEYPOINTS.joints)
    left, right = (
        [[[j.replace(f"{side}_", "") for j in end] for end in limb] for limb in LIMBS[first:][:6]]
        for side, first in (("left", 3), ("right", 9))
    )
    # The trunk's ends have both sides' joints.
    assert [limb[1] for limb in left] == [limb[1] for limb in right]
    hung = [["shoulder"], ["elbow"], ["wrist"], ["hip"], ["knee"], ["ankle"]]
    assert [limb[1] for limb in left] == hung


@pytest.mark.parametrize("joint", KEYPOINTS.joints)
def test_a_limb_with_a_missing_joint_is_not_drawn_and_the_others_are_as_before(views, joint):
    keypoints, mask = views[0][:2], np.ones((2, 13), np.float32)
    whole = skeleton_maps(keypoints, mask, **SMALL)
    assert whole.any((2, 3)).any(0).all()
    mask[1, KEYPOINTS.index(joint)] = 0
    keypoints[1, KEYPOINTS.index(joint)] = 50  # what stands there does not matter
    lost = skeleton_maps(keypoints, mask, **SMALL)
    for channel, limb in enumerate(LIMBS):
        needs = joint in (*limb[0], *limb[1])
        expected = 0 * whole[1, channel] if needs else whole[1, channel]
        np.testing.assert_array_equal(lost[1, channel], expected)
    np.testing.assert_array_equal(lost[0], whole[0])


def test_ends_are_in_the_middle_of_their_joints(views):
    keypoints, mask = views
    places, seen = limb_ends(keypoints, mask)
    assert places.shape == (2, 9, 15, 2) and seen.shape == (9, 15) and seen.dtype == bool
    for channel, limb in enumerate(LIMBS):
        for place, end in zip(places, limb, strict=True):
            middle = keypoints[:, KEYPOINTS.indices(*end)].mean(1)
            np.testing.assert_allclose(place[:, channel], middle, atol=1e-6)
        needed = KEYPOINTS.indices(*{*limb[0], *limb[1]})
        np.testing.assert_array_equal(seen[:, channel], mask[:, needed].all(1))


@pytest.mark.parametrize("at_once", [1, 2, 100])
def test_maps_do_not_depend_on_how_many_are_drawn_at_once(views, monkeypatch, at_once):
    expected = skeleton_maps(*views, **SMALL)
    monkeypatch.setattr(drawing, "_AT_ONCE", at_once)
    np.testing.assert_array_equal(skeleton_maps(*views, **SMALL), expected)


@pytest.mark.parametrize("library", [np, torch])
def test_of_no_body_there_is_no_map(library):
    maps = skeleton_maps(library.zeros((0, 13, 2)), library.zeros((0, 13)))
    assert tuple(maps.shape) == (0, 15, SIZE, SIZE)


def test_what_is_out_of_reach_is_cut_off(views):
    keypoints, mask = views
    near = skeleton_maps(keypoints, mask, 16, 16.0, reach=0.8)
    far = skeleton_maps(keypoints, mask, 32, 8.0, reach=1.6)  # as many pixels to the unit
    assert far[:, :, :8].any()
    np.testing.assert_allclose(near, far[:, :, 8:24, 8:24], atol=1e-4)
    assert not skeleton_maps(keypoints + 20, mask, **SMALL).any()


def test_a_mirrored_body_has_mirrored_maps_of_the_other_side(views):
    keypoints, mask = views
    maps = skeleton_maps(keypoints, mask, **SMALL)
    order = list(KEYPOINTS.mirror)
    other = skeleton_maps(keypoints[:, order] * [-1, 1], mask[:, order], **SMALL)
    channels = [*range(3), *range(9, 15), *range(3, 9)]
    assert np.abs(maps[:, channels] - maps).max() > 0.5
    np.testing.assert_allclose(other, maps[:, channels, :, ::-1], atol=1e-4)


def test_gradients_agree_with_differences(views):
    keypoints = torch.tensor(views[0][3:5], dtype=torch.float64, requires_grad=True)
    mask = torch.tensor(views[1][3:5])
    assert mask[0].all() and not mask[1].all()
    weights = torch.linspace(1, 2, 25, dtype=torch.float64)  # no two pixels alike

    def drawn(k):
        return skeleton_maps(k, mask, 5, 40.0).flatten(2) @ weights

    assert torch.autograd.gradcheck(drawn, keypoints)


def test_gradients_are_finite_where_all_joints_are_in_one_place():
    keypoints = torch.zeros(2, 13, 2, requires_grad=True)
    skeleton_maps(keypoints, torch.ones(2, 13), **SMALL).sum().backward()
    assert torch.isfinite(keypoints.grad).all()
