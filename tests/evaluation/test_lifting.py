import math

import numpy as np
import pytest

from vvipe import get_skeleton
from vvipe.evaluation.lifting import (
    auc_percent,
    flipped_percent,
    lifting_metrics,
    mpjpe_mm,
    n_mpjpe_mm,
    pa_mpjpe_mm,
    pck_percent,
)

H36M17 = get_skeleton("h36m17")
ROOT = H36M17.index("hip")


def rooted(pose):
    return [[c - r for c, r in zip(joint, pose[ROOT], strict=True)] for joint in pose]


def naive_errors_mm(lifted, true):
    return [1000 * math.dist(a, b) for a, b in zip(rooted(lifted), rooted(true), strict=True)]


def naive_mpjpe(lifted, true):
    return sum(naive_errors_mm(lifted, true)) / 17


def naive_n_mpjpe(lifted, true):
    lifted, true = rooted(lifted), rooted(true)
    flat = [(x, y) for a, b in zip(lifted, true, strict=True) for x, y in zip(a, b, strict=True)]
    scale = sum(x * y for x, y in flat) / sum(x * x for x, _ in flat)
    return naive_mpjpe([[scale * x for x in joint] for joint in lifted], true)


def naive_pa_mpjpe(lifted, true):
    a, b = lifted - lifted.mean(0), true - true.mean(0)
    u, s, vt = np.linalg.svd(b.T @ a)
    flip = np.diag([1, 1, np.linalg.det(u) * np.linalg.det(vt)])
    moved = (s @ np.diag(flip)) / (a**2).sum() * a @ (u @ flip @ vt).T
    return 1000 * sum(math.dist(p, q) for p, q in zip(moved, b, strict=True)) / 17


def naive_pck(lifted, true, threshold_mm=150):
    return 100 * sum(e < threshold_mm for e in naive_errors_mm(lifted, true)) / 17


def naive_auc(lifted, true):
    thresholds = range(0, 155, 5)
    return sum(naive_pck(lifted, true, t) for t in thresholds) / len(thresholds)


def naive_flipped(lifted, true):
    """Aligns both the pose and its mirror image."""

    def off(pose):
        a, b = pose - pose.mean(0), true - true.mean(0)
        u, s, vt = np.linalg.svd(b.T @ a)
        flip = np.diag([1, 1, np.linalg.det(u) * np.linalg.det(vt)])
        return ((np.trace(np.diag(s) @ flip) / (a**2).sum() * a @ (u @ flip @ vt).T - b) ** 2).sum()

    return 100 * (off((lifted - lifted[ROOT]) * [1, 1, -1]) < off(lifted))


TWINS = {
    mpjpe_mm: naive_mpjpe, n_mpjpe_mm: naive_n_mpjpe, pa_mpjpe_mm: naive_pa_mpjpe,
    pck_percent: naive_pck, auc_percent: naive_auc, flipped_percent: naive_flipped,
}  # fmt: skip


@pytest.fixture(params=list(TWINS), ids=lambda metric: metric.__name__)
def metric(request):
    return request.param


@pytest.fixture
def pairs(rng):
    true = 0.4 * rng.normal(size=(30, 17, 3))
    return 1.1 * true + 0.08 * rng.normal(size=true.shape) + 3, true


def test_agrees_with_loops(metric, pairs):
    lifted, true = pairs
    naive = [TWINS[metric](a, b) for a, b in zip(lifted, true, strict=True)]
    np.testing.assert_allclose(metric(lifted, true), naive, rtol=1e-9)


def test_leading_dimensions_are_free(metric, pairs):
    lifted, true = pairs
    whole = metric(lifted, true)
    folded = metric(lifted.reshape(5, 6, 17, 3), true.reshape(5, 6, 17, 3))
    np.testing.assert_allclose(folded.ravel(), whole)
    assert metric(lifted[0], true[0]) == pytest.approx(whole[0])


def test_a_perfect_pose_elsewhere(metric, pairs):
    _, true = pairs
    perfect = 100 * (1 - 1 / 31) if metric is auc_percent else 100 if metric is pck_percent else 0
    assert metric(true + np.array([1, 2, 3]), true) == pytest.approx(perfect, abs=1e-6)


def test_what_each_metric_forgives(pairs):
    _, true = pairs
    turn = np.array([[0.0, -1, 0], [1, 0, 0], [0, 0, 1]])
    scaled, turned = 2 * true, 2 * true @ turn.T
    assert n_mpjpe_mm(scaled, true).max() < 1e-6 < mpjpe_mm(scaled, true).min()
    assert pa_mpjpe_mm(turned, true).max() < 1e-6 < n_mpjpe_mm(turned, true).min()
    assert pa_mpjpe_mm(true * [-1, 1, 1], true).min() > 50  # a mirror image is not forgiven


def test_flips_are_told_whatever_the_turn(rng):
    true = 0.4 * rng.normal(size=(60, 17, 3))
    lifted = true + 0.5 * rng.normal(size=true.shape) + 3
    lifted[::3, :, 2] *= -1
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    turn *= np.linalg.det(turn)
    got = flipped_percent(lifted @ turn.T, true)
    assert got.tolist() == [naive_flipped(a, b) for a, b in zip(lifted, true, strict=True)]
    assert got[::3].mean() > 80 > 20 > got[1::3].mean() > 0


def test_flat_poses_are_not_flipped(rng, pairs):
    flat = rng.normal(0, 0.3, size=(30, 17, 3)) * [1, 1, 0]
    turn = np.linalg.qr(rng.normal(size=(3, 3)))[0]
    away = np.array([0, 0, 4.7])
    for body in (flat, flat @ turn.T):
        assert (flipped_percent(np.float32(body + away), pairs[1]) == 0).all()
    thin = flat + rng.normal(0, 1e-3, size=(30, 17, 3))
    assert flipped_percent(thin, thin * [1, 1, -1]).all()


def test_errors_are_measured_in_the_size_of_the_true_pose(pairs):
    lifted, true = pairs
    np.testing.assert_allclose(pa_mpjpe_mm(lifted, 2 * true), 2 * pa_mpjpe_mm(lifted, true))


def test_thresholds_are_strict():
    true = np.zeros((17, 3))
    lifted = true.copy()
    lifted[H36M17.index("head"), 0] = 0.15
    assert pck_percent(lifted, true) == pytest.approx(100 * 16 / 17)
    lifted[H36M17.index("head"), 0] = 0.1499
    assert pck_percent(lifted, true) == 100


def test_missing_poses(metric, pairs):
    lifted, true = pairs
    holed = lifted.copy()
    holed[3] = np.nan
    got = metric(holed, true)
    if metric in (pck_percent, auc_percent):
        assert got[3] == 0
    else:
        assert np.isnan(got[3])
    others = np.arange(30) != 3
    np.testing.assert_allclose(got[others], metric(lifted, true)[others])


def test_summary(pairs):
    lifted, true = pairs
    holed = lifted.copy()
    holed[:3] = np.nan
    got = lifting_metrics(holed, true, holed[::-1], true[::-1])
    assert got["lifted"] == pytest.approx(80)  # a pose counts as lifted when both frames have it
    both = slice(3, -3)
    assert got["mpjpe_mm"] == pytest.approx(mpjpe_mm(lifted, true)[both].mean())
    assert got["pa_mpjpe_mm"] == pytest.approx(pa_mpjpe_mm(lifted, true)[both].mean())
    assert got["n_mpjpe_mm"] == pytest.approx(n_mpjpe_mm(lifted, true)[both].mean())
    assert got["mpjpe_canonical_mm"] == pytest.approx(mpjpe_mm(lifted, true)[both].mean())
    assert got["pa_mpjpe_canonical_mm"] == pytest.approx(pa_mpjpe_mm(lifted, true)[both].mean())
    assert got["flipped"] == 0
    mirrored = np.where(np.arange(30)[:, None, None] < 9, holed * [1, 1, -1], holed)
    flipped = lifting_metrics(mirrored, true, holed[::-1], true[::-1])["flipped"]
    assert flipped == pytest.approx(100 * 6 / 24)  # of those that were lifted
    assert got["pck_150mm"] == pytest.approx(pck_percent(lifted, true)[3:].sum() / 30)
    assert got["auc"] == pytest.approx(auc_percent(lifted, true)[3:].sum() / 30)


def test_summary_of_nothing_lifted():
    nothing = np.full((2, 17, 3), np.nan)
    got = lifting_metrics(nothing, np.ones((2, 17, 3)), nothing, np.ones((2, 17, 3)))
    assert got["mpjpe_mm"] is None and got["pa_mpjpe_canonical_mm"] is None
    assert got["flipped"] is None
    assert (got["pck_150mm"], got["auc"], got["lifted"]) == (0, 0, 0)
