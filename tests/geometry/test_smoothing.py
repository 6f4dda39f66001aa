"""No lag, no harm to what moves smoothly, no fear of outliers, gaps and uneven times."""

import numpy as np
import pytest
from bodies import filmed, moving
from hypothesis import given
from hypothesis import strategies as st

from vvipe import Poses2D, Poses3D, VvipeError
from vvipe.geometry.bones import bone_lengths
from vvipe.geometry.smoothing import LiveSmoother, smooth, smooth_poses


def naive(values, time_s, width_s, weight):
    """Naive twin of one pass: numpy's own weighted polynomial fit at every frame."""
    out = np.empty_like(values)
    for i, now in enumerate(time_s):
        near = np.abs(time_s - now) <= 2.5 * width_s
        w = np.sqrt(np.exp(-0.5 * ((time_s[near] - now) / width_s) ** 2) * weight[near])
        for d in range(values.shape[1]):
            out[i, d] = np.polyval(np.polyfit(time_s[near] - now, values[near, d], 2, w=w), 0)
    return out


def test_agrees_with_plain_polynomial_fits(rng, monkeypatch):
    from vvipe.geometry import smoothing

    monkeypatch.setattr(smoothing, "_RIDGE", 0.0)
    monkeypatch.setattr(smoothing, "_belief", lambda off, points, seen: np.ones(seen.shape))
    time_s = np.cumsum(rng.uniform(0.02, 0.05, 40))
    values, trust = rng.normal(size=(40, 3)), rng.uniform(0.1, 1, 40)
    np.testing.assert_allclose(
        smooth(values[:, None], time_s, 0.12, trust=trust[:, None])[:, 0],
        naive(values, time_s, 0.12, trust), atol=1e-6,
    )  # fmt: skip


@given(st.integers(0, 2**32 - 1))
def test_parabolas_stay_what_they_are_at_uneven_times(seed):
    rng = np.random.default_rng(seed)
    time_s = np.cumsum(rng.uniform(0.01, 0.06, 30))
    a, b, c = rng.normal(size=(3, 2, 3))
    values = a + b * time_s[:, None, None] + c * time_s[:, None, None] ** 2
    # At the ends the ridge pulls a little.
    np.testing.assert_allclose(smooth(values, time_s, 0.12)[8:-8], values[8:-8], atol=0.01)


def test_unseen_stays_unseen_and_does_no_harm(rng):
    time_s = np.arange(60) / 30
    values = np.sin(2 * time_s)[:, None, None] * np.ones((60, 4, 3))
    holed = values.copy()
    holed[20:24], holed[5, 2], holed[:, 3] = np.nan, np.nan, np.nan
    out = smooth(holed, time_s, 0.1)
    np.testing.assert_array_equal(np.isnan(out), np.isnan(holed))
    np.testing.assert_allclose(
        out[:, :3][~np.isnan(out[:, :3])], values[:, :3][~np.isnan(holed[:, :3])], atol=0.01
    )


def test_a_swapped_frame_is_forgotten(rng):
    """Left and right exchanged for one frame: 77 cm off, then some."""
    poses = moving("h36m17")
    positions = poses.positions.copy()
    positions[30] = positions[30][poses.skeleton.mirror]
    swapped = Poses3D(positions, "h36m17", fps=30)
    off = [
        np.linalg.norm(p.positions[30] - poses.positions[30], axis=-1).max()
        for p in (swapped, smooth_poses(swapped))
    ]
    assert off[0] > 0.7 and off[1] < 0.1


def test_noise_goes_and_motion_does_not_lag(rng):
    poses = moving("h36m17", frames=120)
    noisy = poses.positions + rng.normal(0, 0.02, poses.positions.shape).astype(np.float32)
    out = smooth_poses(Poses3D(noisy, "h36m17", fps=30)).positions
    before, after = (np.linalg.norm(p - poses.positions, axis=-1).mean() for p in (noisy, out))
    assert after < 0.5 * before
    shifted = [np.abs(out[5 + k : 115 + k] - poses.positions[5:115]).mean() for k in (-1, 0, 1)]
    assert np.argmin(shifted) == 1


def test_bones_that_kept_their_length_keep_it(rng):
    poses = moving("h36m17")
    out = smooth_poses(poses, 0.3)
    want = bone_lengths(poses.positions, poses.skeleton)
    np.testing.assert_allclose(bone_lengths(out.positions, poses.skeleton), want, atol=1e-5)
    assert np.abs(out.positions - poses.positions).max() > 0.01
    assert (out.fps, out.frame.tolist()) == (30, list(range(60)))


def test_keypoints_count_as_much_as_they_are_sure(rng):
    exact = moving("h36m17").positions[..., :2] * 300
    noisy = exact + rng.normal(0, 3, exact.shape)
    doubted = rng.random(exact.shape[:2]) < 0.3
    noisy[doubted] += 30 * rng.normal(size=(doubted.sum(), 2))
    off = []
    for confidence in (np.where(doubted, 0.05, 1.0), np.ones_like(doubted, float)):
        poses = Poses2D(noisy, "h36m17", confidence=confidence, fps=30)
        off.append(np.linalg.norm(smooth_poses(poses).keypoints - exact, axis=-1).mean())
    assert off[0] < off[1]


def test_nothing_to_do():
    poses = moving("h36m17")
    assert smooth_poses(poses, 0) is poses and smooth_poses(poses[:1]) is not None


@pytest.mark.parametrize("width", [-1, np.nan, np.inf])
def test_senseless_widths(width):
    with pytest.raises(VvipeError, match="not a width of smoothing"):
        smooth_poses(moving("h36m17"), width)


def test_a_rate_and_an_order_are_needed():
    poses = filmed("coco17")
    bare = Poses2D(poses.keypoints, "coco17")
    with pytest.raises(VvipeError, match="frame rate is not told"):
        smooth_poses(bare)
    assert smooth_poses(bare, fps=30).shape == bare.shape
    with pytest.raises(VvipeError, match="do not follow each other"):
        smooth_poses(Poses2D(poses.keypoints, "coco17", fps=30, frame=np.arange(60) // 2))


def test_live_smoothing_lags_little_and_forgets_swaps(rng):
    poses = moving("h36m17", frames=90)
    noisy = poses.positions + rng.normal(0, 0.02, poses.positions.shape)
    noisy[50] = noisy[50][:, [1, 0, 2]]
    noisy[20, 3] = np.nan
    live = LiveSmoother()
    out = np.stack([live(p, i / 30) for i, p in enumerate(noisy)])
    np.testing.assert_array_equal(np.isnan(out), np.isnan(noisy))
    before, after = (
        np.nanmedian(np.linalg.norm(p - poses.positions, axis=-1)) for p in (noisy, out)
    )
    assert after < before
    error = np.linalg.norm(out[50] - poses.positions[50], axis=-1).mean()
    assert error < 0.5 * np.linalg.norm(noisy[50] - poses.positions[50], axis=-1).mean()
    again = LiveSmoother()
    first = np.stack([again(p, i / 30) for i, p in enumerate(noisy[:40])])
    np.testing.assert_array_equal(first, out[:40], "the past does not know the future")


def test_a_doubtful_distance_does_not_touch_the_limbs(rng):
    poses = moving("h36m17")
    shaken = poses.positions + rng.normal(0, 0.3, (60, 1, 3)).astype(np.float32)
    a, b = (smooth_poses(Poses3D(p, "h36m17", fps=30)) for p in (poses.positions, shaken))
    about = [p.positions - p.joint("hip")[:, None] for p in (a, b)]
    np.testing.assert_allclose(about[0], about[1], atol=1e-4)
    steps = [np.abs(np.diff(p[:, 0], axis=0)).mean() for p in (shaken, b.positions)]
    assert steps[1] < 0.2 * steps[0]
