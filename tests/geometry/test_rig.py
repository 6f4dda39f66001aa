import numpy as np
import pytest

from vvipe.datasets.human36m_cameras import _EXTRINSICS, CAMERA_IDS, human36m_cameras
from vvipe.geometry.layouts import HUMAN36M
from vvipe.geometry.rig import CalibratedCamera, Rig, fit_camera, pick_cameras, repeat_cameras

SUBJECTS = tuple(_EXTRINSICS)


def naive_pixel(point, camera):
    """One point by Human3.6M's formulas, coordinate by coordinate."""
    x, y, z = camera.rotation @ (point - camera.centre)
    x, y = x / z, y / z
    r2 = x * x + y * y
    k1, k2, k3 = camera.radial
    tx, ty = camera.tangential
    stretch = 1 + k1 * r2 + k2 * r2 * r2 + k3 * r2 * r2 * r2 + tx * x + ty * y
    u, v = x * stretch + tx * r2, y * stretch + ty * r2
    return [
        camera.focal_px[0] * u + camera.principal_px[0],
        camera.focal_px[1] * v + camera.principal_px[1],
    ]


@pytest.fixture
def points(rng):
    return rng.uniform(-1, 1, (5, 17, 3)) + np.array([0, 0, 1])


def test_projection_point_by_point(points):
    for camera in human36m_cameras("S9"):
        expected = [[naive_pixel(p, camera) for p in pose] for pose in points]
        np.testing.assert_allclose(camera.project(points), expected, atol=1e-9)
        there_and_back = camera.to_world(camera.to_camera(points))
        np.testing.assert_allclose(there_and_back, points, atol=1e-12)


def test_behind_the_camera_nothing_is_seen(points):
    camera = human36m_cameras("S1")[0]
    behind = camera.centre - 3 * camera.rotation[2]
    assert np.isnan(camera.project(behind[None])).all()


@pytest.mark.parametrize("subject", SUBJECTS)
def test_the_cameras_of_human36m(subject):
    cameras = human36m_cameras(subject)
    assert len(cameras) == len(CAMERA_IDS)
    for camera, centre in zip(cameras, HUMAN36M.centres_m, strict=True):
        np.testing.assert_allclose(camera.rotation @ camera.rotation.T, np.eye(3), atol=1e-6)
        assert np.linalg.det(camera.rotation) > 0
        assert np.linalg.norm(camera.centre - centre) < 0.6  # subjects differ, corners do not
        low, high = camera.project(np.array([[0, 0, 0.9], [0, 0, 1.7]]))
        assert np.abs(low - 500).max() < 200  # all look at the middle of the room
        assert low[1] - high[1] > 100 and abs(low[0] - high[0]) < 40  # and stand upright


def test_quaternions_are_whole():
    rows = np.array([row for of in _EXTRINSICS.values() for row in of])
    np.testing.assert_allclose(np.linalg.norm(rows[:, :4], axis=1), 1, atol=3e-7)


def test_batches(points):
    cameras = [human36m_cameras(s)[1] for s in ("S9", "S11")]
    batch = repeat_cameras(cameras, [2, 3])
    expected = np.concatenate([cameras[0].project(points[:2]), cameras[1].project(points[2:])])
    np.testing.assert_allclose(batch.project(points), expected)
    rows = np.array([3, 0])
    np.testing.assert_allclose(pick_cameras(batch, rows).project(points[rows]), expected[rows])
    rig = Rig("two", (batch, batch), np.array([True, False]))
    assert len(rig) == 2 and rig.size_px == (1000, 1000)
    np.testing.assert_allclose(rig.camera(1, points[:, 0]).project(points), expected)


def test_standardised_keypoints_are_those_of_the_assumed_camera(points):
    own = CalibratedCamera(
        np.eye(3), np.zeros(3), np.array([1500.0, 1400.0]), (2048, 1080), np.array([1000.0, 600.0])
    )
    points = points + np.array([0, 0, 4])
    expected = 1.145 * 2048 * points[..., :2] / points[..., 2:] + [1024, 540]
    np.testing.assert_allclose(own.standardised(own.project(points)), expected)


def test_a_camera_fitted_to_what_it_saw(points):
    own = CalibratedCamera(
        np.eye(3), np.zeros(3), np.array([1500.0, 1400.0]), (2048, 2048), np.array([1000.0, 900.0])
    )
    points = points + np.array([0, 0, 4])
    pixels = own.project(points)
    pixels[0, 3] = np.nan
    fitted = fit_camera(points, pixels, (2048, 2048))
    np.testing.assert_allclose(fitted.focal_px, own.focal_px)
    np.testing.assert_allclose(fitted.principal_px, own.principal_px)
