import numpy as np
import pytest

from vvipe.detectors.residuals import rms_size
from vvipe.detectors.view_residuals import view_errors
from vvipe.geometry.brown_camera import BrownCamera
from vvipe.geometry.cameras import look_at
from vvipe.geometry.keypoints import KEYPOINTS

CENTRES = np.array([[4.0, 0.5, 1.5], [0.5, 4.0, 2.0], [-4.0, 1.0, 1.0], [-1.0, -4.0, 1.8]])
CAMERAS = [
    BrownCamera(
        f"cam{i}", look_at(c, np.array([0, 0, 1.0])), c, np.full(2, 1600.0),
        np.array([500.0, 900.0]), np.zeros(5), (1000, 1800),
    )
    for i, c in enumerate(CENTRES)
]  # fmt: skip
BODY = np.array([0, 0, 1.0]) + 0.4 * np.random.default_rng(3).normal(size=(13, 3))


def exact(frames):
    points = BODY + 0.002 * np.arange(frames)[:, None, None]
    return np.stack([c.project(points) for c in CAMERAS])


def test_exact_views_have_no_errors():
    errors, swaps = view_errors(CAMERAS, exact(20))
    np.testing.assert_allclose(errors, 0, atol=1e-6)
    assert not swaps["arms"].any() and not swaps["legs"].any()


def test_spread_of_each_view_is_found(rng):
    keypoints = exact(300)
    size = rms_size(keypoints)[..., None, None]
    errors, _ = view_errors(CAMERAS, keypoints + 0.02 * size * rng.normal(size=keypoints.shape))
    for view in errors:
        assert view.std() == pytest.approx(0.02, rel=0.25)  # the person is not as large in each
    assert errors.std() == pytest.approx(0.02, rel=0.06)


def test_a_camera_that_is_a_little_off_adds_little():
    """13 px are 8 % of the smallest view's size."""
    keypoints = exact(50)
    keypoints[2] += np.array([12.0, -7.0])
    errors, _ = view_errors(CAMERAS, keypoints)
    assert np.median(np.linalg.norm(errors, axis=-1)) < 0.006


def test_swapped_sides_are_seen_and_put_right():
    keypoints = exact(20)
    keypoints[1, 5:9] = keypoints[1, 5:9][:, KEYPOINTS.mirror]
    errors, swaps = view_errors(CAMERAS, keypoints)
    for part in ("arms", "legs"):
        assert [tuple(map(int, at)) for at in np.argwhere(swaps[part])] == [
            (1, i) for i in range(5, 9)
        ]
    np.testing.assert_allclose(errors, 0, atol=1e-6)


def test_joints_not_seen_have_no_error():
    keypoints = exact(20)
    keypoints[0, :, 3] = np.nan
    keypoints[1:, 4, 5] = np.nan
    errors, _ = view_errors(CAMERAS, keypoints)
    assert np.isnan(errors[0, :, 3]).all() and np.isnan(errors[:, 4, 5]).all()
    assert np.isfinite(np.delete(np.delete(errors, 4, 1), 3, 2)).all()
