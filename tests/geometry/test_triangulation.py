import numpy as np
import pytest

from vvipe.geometry.brown_camera import BrownCamera
from vvipe.geometry.cameras import Camera, look_at
from vvipe.geometry.triangulation import reprojection_errors, triangulate, triangulate_robust

CENTRES = np.array([[4.0, 0.5, 1.5], [0.5, 4.0, 2.0], [-4.0, 1.0, 1.0], [-1.0, -4.0, 1.8]])
LENS = np.array([-0.05, 0.14, 0.001, 0.0007, 0.01])


def cameras(lens=LENS):
    return [
        BrownCamera(
            f"cam{i}", look_at(c, np.array([0, 0, 1.0])), c,
            np.array([1600.0, 1610.0]), np.array([530.0, 950.0]), lens, (1088, 1920),
        )
        for i, c in enumerate(CENTRES)
    ]  # fmt: skip


@pytest.fixture
def points(rng):
    return rng.normal(size=(20, 13, 3)) * 0.4 + np.array([0, 0, 1.0])


def seen(points):
    return np.stack([c.project(points) for c in cameras()])


def test_without_distortion_it_is_the_plain_camera(points):
    (ours, *_), centre = cameras(np.zeros(5)), CENTRES[0]
    plain = Camera(look_at(centre, np.array([0, 0, 1.0])), centre, 1600.0, (1060, 1900))
    expected = plain.project(points)
    expected[..., 1] = 950 + (expected[..., 1] - 950) * 1610 / 1600
    np.testing.assert_allclose(ours.project(points), expected)
    assert np.isnan(ours.project(2 * centre)).all()


def test_lens_is_taken_off(points):
    camera = cameras()[0]
    in_camera = (points - camera.centre) @ camera.rotation.T
    plane = camera.to_plane(camera.project(points))
    np.testing.assert_allclose(plane, in_camera[..., :2] / in_camera[..., 2:], atol=1e-9)


def test_resized_camera_fits_and_centres(points):
    camera = cameras()[0]
    small = camera.resized((540, 1000))
    middle = np.array([544.0, 960.0])
    expected = (camera.project(points) - middle) * 540 / 1088 + np.array([270, 500])
    np.testing.assert_allclose(small.project(points), expected)
    assert small.size_px == (540, 1000)


def test_exact_views_give_the_points_back(points):
    pixels = seen(points)
    np.testing.assert_allclose(triangulate(cameras(), pixels, np.ones((4, 20, 13))), points)
    pixels[2:] = np.nan
    np.testing.assert_allclose(triangulate(cameras(), pixels, np.ones((4, 20, 13))), points)
    pixels[1, :10] = np.nan
    found = triangulate(cameras(), pixels, np.ones((4, 20, 13)))
    assert np.isnan(found[:10]).all() and np.isfinite(found[10:]).all()


def test_weight_decides_between_views(points):
    pixels = seen(points)
    pixels[3] += 50
    weights = np.ones((4, 20, 13))
    off = np.linalg.norm(triangulate(cameras(), pixels, weights) - points, axis=-1)
    weights[3] = 0
    np.testing.assert_allclose(triangulate(cameras(), pixels, weights), points)
    assert off.min() > 0.003


def test_a_view_that_disagrees_is_left_out(points, rng):
    pixels = seen(points)
    wrong = rng.integers(0, 4, size=(20, 13))
    for i in range(4):
        pixels[i][wrong == i] += rng.choice([-1, 1], size=2) * 80
    found, used = triangulate_robust(cameras(), pixels, 10.0)
    np.testing.assert_allclose(found, points, atol=1e-6)
    assert (used == (np.arange(4)[:, None, None] != wrong)).all()
    errors = reprojection_errors(cameras(), found, pixels)
    assert errors[~used].min() > 80 and errors[used].max() < 1e-3
