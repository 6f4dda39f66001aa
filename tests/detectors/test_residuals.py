import numpy as np
import pytest

from vvipe.detectors.residuals import (
    centred,
    rms_size,
    temporal_errors,
    temporal_swaps,
)
from vvipe.geometry.keypoints import KEYPOINTS

BODY = 100 * np.random.default_rng(7).normal(size=(13, 2))
SIZE = float(rms_size(BODY))


def moving(frames):
    """A body on a parabola: nothing but its course."""
    time = np.arange(frames)[:, None, None]
    return BODY * (1 + 0.0005 * time) + np.array([3.0, -1.0]) * time + 0.05 * time**2


def test_size_is_that_of_the_normalisation():
    away = BODY - BODY.mean(0)
    assert pytest.approx(np.sqrt((away**2).sum() / 13)) == SIZE
    holed = np.concatenate([BODY, np.full((1, 2), np.nan)])
    assert rms_size(holed) == pytest.approx(SIZE)


def test_a_parabola_has_no_errors():
    errors = temporal_errors(moving(30))
    assert np.isnan(errors[:3]).all() and np.isnan(errors[-3:]).all()
    np.testing.assert_allclose(errors[3:-3], 0, atol=1e-9)


def test_spread_of_noise_is_found(rng):
    keypoints = moving(4000)[:4000] * 0 + BODY
    errors = temporal_errors(keypoints + 0.03 * SIZE * rng.normal(size=keypoints.shape))
    assert np.nanstd(errors) == pytest.approx(0.03, rel=0.05)


def test_a_joint_off_in_one_frame_is_measured_and_its_neighbours_are_not_lost(rng):
    keypoints = moving(20)
    wrist = KEYPOINTS.index("left_wrist")
    keypoints[10, wrist, 0] += 0.3 * SIZE
    errors = temporal_errors(keypoints)
    assert errors[10, wrist, 0] == pytest.approx(0.3 * 0.8165, rel=0.1)
    keypoints[5, wrist] = np.nan
    gone = np.isnan(temporal_errors(keypoints)[:, wrist, 0])
    assert gone.nonzero()[0].tolist() == [0, 1, 2, *range(2, 9)][:3] + list(range(3, 9)) + [
        17, 18, 19
    ]  # fmt: skip


def test_what_all_joints_share_is_taken_off(rng):
    errors = 0.01 * rng.normal(size=(50, 13, 2))
    moved = centred(errors + rng.normal(size=(50, 1, 2)))
    np.testing.assert_allclose(moved, centred(errors), atol=1e-9)
    wild = errors.copy()
    wild[:, 3] += 100
    assert np.abs(centred(wild) - centred(errors))[:, :3].max() < 0.02


@pytest.mark.parametrize("part", ["arms", "legs"])
def test_swapped_sides_are_seen(part):
    keypoints = moving(30)
    names = {"arms": ("shoulder", "elbow", "wrist"), "legs": ("hip", "knee", "ankle")}[part]
    columns = KEYPOINTS.indices(*(f"{s}_{n}" for n in names for s in ("left", "right")))
    keypoints[15, columns] = keypoints[15][KEYPOINTS.mirror][columns]
    swaps = temporal_swaps(keypoints)
    assert swaps[part].nonzero()[0].tolist() == [15]
    assert not swaps["legs" if part == "arms" else "arms"].any()
