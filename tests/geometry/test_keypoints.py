import math

import numpy as np
import pytest
import torch

from vvipe.geometry.keypoints import KEYPOINTS, NORMALISERS, view_frame

CORNERS = KEYPOINTS.indices("left_shoulder", "right_shoulder", "left_hip", "right_hip")
NOSE = KEYPOINTS.index("nose")


def naive_rms(points, mask):
    seen = [p for p, m in zip(points, mask, strict=True) if m]
    centre = [sum(p[d] for p in seen) / len(seen) for d in (0, 1)]
    square = sum((p[0] - centre[0]) ** 2 + (p[1] - centre[1]) ** 2 for p in seen) / len(seen)
    return [
        [(p[d] - centre[d]) / math.sqrt(square) for d in (0, 1)] if m else [0, 0]
        for p, m in zip(points, mask, strict=True)
    ]


def naive_torso(points, mask):
    if not all(mask[c] for c in CORNERS):
        return naive_rms(points, mask)
    largest = max(math.dist(points[a], points[b]) for a in CORNERS for b in CORNERS)
    left, right = points[CORNERS[2]], points[CORNERS[3]]
    return [
        [(p[d] - (left[d] + right[d]) / 2) / (2 * largest) for d in (0, 1)] if m else [0, 0]
        for p, m in zip(points, mask, strict=True)
    ]


def naive_head(points, mask):
    if not (mask[NOSE] and mask[CORNERS[2]] and mask[CORNERS[3]]):
        return naive_rms(points, mask)
    left, right = points[CORNERS[2]], points[CORNERS[3]]
    middle = [(left[d] + right[d]) / 2 for d in (0, 1)]
    return [
        [(p[d] - middle[d]) / math.dist(points[NOSE], middle) for d in (0, 1)] if m else [0, 0]
        for p, m in zip(points, mask, strict=True)
    ]


TWINS = {"rms": naive_rms, "torso": naive_torso, "head": naive_head}


@pytest.fixture(params=list(NORMALISERS))
def rule(request):
    return request.param


def poses_and_masks(rng, count=40):
    mask = rng.uniform(size=(count, 13)) < 0.8
    mask[: count // 2] = True
    mask[-5:, CORNERS[0]] = False
    mask[-8:-3, NOSE] = False
    return rng.uniform(0, 1000, (count, 13, 2)), mask


def test_agrees_with_loops(rng, rule):
    poses, mask = poses_and_masks(rng)
    naive = [TWINS[rule](p, m) for p, m in zip(poses, mask, strict=True)]
    np.testing.assert_allclose(NORMALISERS[rule](poses, mask), naive, atol=1e-9)


def test_sees_neither_place_nor_size(rng, rule):
    poses, mask = poses_and_masks(rng)
    moved = NORMALISERS[rule](3.7 * poses + [-500, 1234], mask)
    np.testing.assert_allclose(moved, NORMALISERS[rule](poses, mask), atol=1e-9)


@pytest.mark.parametrize("hidden", [np.nan, 0.0, 1e6])
def test_what_is_hidden_does_not_count(rng, rule, hidden):
    poses, mask = poses_and_masks(rng)
    covered = np.where(mask[..., None], poses, hidden)
    got = NORMALISERS[rule](covered, mask)
    np.testing.assert_allclose(got, NORMALISERS[rule](poses, mask), atol=1e-9)
    assert (got[~mask] == 0).all()


def test_torch_and_float_masks_agree_with_numpy(rng, rule):
    poses, mask = poses_and_masks(rng)
    tensor = NORMALISERS[rule](torch.tensor(poses), torch.tensor(mask, dtype=torch.float64))
    np.testing.assert_allclose(tensor, NORMALISERS[rule](poses, mask), atol=1e-9)


def test_leading_dimensions_are_free(rng, rule):
    poses, mask = poses_and_masks(rng)
    whole = NORMALISERS[rule](poses, mask)
    folded = NORMALISERS[rule](poses.reshape(4, 10, 13, 2), mask.reshape(4, 10, 13))
    np.testing.assert_allclose(folded.reshape(whole.shape), whole)
    np.testing.assert_allclose(NORMALISERS[rule](poses[0], mask[0]), whole[0])


def test_nothing_seen_and_a_single_point_stay_finite(rule):
    normalise = NORMALISERS[rule]
    assert not normalise(np.full((13, 2), np.nan), np.zeros(13, bool)).any()
    assert not normalise(np.full((13, 2), 7.0), np.ones(13, bool)).any()


def test_the_frame_of_a_view_is_what_it_is_normalised_by(rng, rule):
    poses, mask = poses_and_masks(rng)
    origin, size = view_frame(np.where(mask[..., None], poses, np.nan), mask, rule)
    assert origin.shape == (40, 1, 2) and size.shape == (40, 1, 1)
    expected = np.where(mask[..., None], (poses - origin) / size, 0)
    np.testing.assert_allclose(NORMALISERS[rule](poses, mask), expected, atol=1e-12)


def test_one_mask_for_all_views(rng, rule):
    poses, _ = poses_and_masks(rng)
    mask = rng.uniform(size=13) < 0.7
    for got, expected in zip(
        view_frame(poses, mask, rule),
        view_frame(poses, np.broadcast_to(mask, (40, 13)), rule),
        strict=True,
    ):
        np.testing.assert_allclose(got, expected)


def test_gradients_agree_with_differences_where_joints_are_hidden(rng, rule):
    """Of all rules: where one falls back on another, gradients must not become NaN."""
    poses, mask = (torch.tensor(x[[0, 22, -7, -1]]) for x in poses_and_masks(rng))
    poses = (poses / 1000).requires_grad_()
    assert torch.autograd.gradcheck(lambda p: NORMALISERS[rule](p, mask), poses)


def test_gradients_of_a_pose_without_size_are_finite(rule):
    points = torch.full((2, 13, 2), 7.0, requires_grad=True)
    NORMALISERS[rule](points, torch.ones(2, 13)).sum().backward()
    assert torch.isfinite(points.grad).all()
