import math

import numpy as np
import pytest
import torch

from vvipe.geometry.cameras import Camera, look_at, orbit, stand_on_floor


def camera_at(centre, target, roll_rad=0.0, focal_px=1145.0):
    centre, target = np.asarray(centre, float), np.asarray(target, float)
    return Camera(look_at(centre, target, roll_rad), centre, focal_px, (1000, 800))


def naive_projection(point, rotation, centre, focal, size):
    x, y, z = (sum(row[d] * (point[d] - centre[d]) for d in range(3)) for row in rotation)
    return [focal * x / z + size[0] / 2, focal * y / z + size[1] / 2]


def test_look_at_is_a_right_handed_frame(rng):
    rotation = look_at(*rng.normal(size=(2, 4, 25, 3)), roll_rad=rng.normal(size=(4, 25)))
    np.testing.assert_allclose(np.linalg.det(rotation), 1, atol=1e-12)
    eye = np.broadcast_to(np.eye(3), rotation.shape)
    np.testing.assert_allclose(rotation @ rotation.swapaxes(-1, -2), eye, atol=1e-12)
    right, down, forward = np.moveaxis(rotation, -2, 0)
    np.testing.assert_allclose(np.cross(right, down), forward, atol=1e-12)


def test_the_target_is_at_the_centre_of_the_image(rng):
    for centre, target in rng.normal(size=(10, 2, 3)):
        pixel = camera_at(centre, target, roll_rad=0.4).project(target[None])
        np.testing.assert_allclose(pixel, [[500, 400]], atol=1e-9)


def test_up_is_up_and_right_is_right_in_the_image():
    # The camera stands at -y and looks along +y, so that the world's x is to its right.
    camera = camera_at([0, -4, 1], [0, 0, 1])
    ahead, above, beside = camera.project(np.array([[0.0, 0, 1], [0, 0, 1.5], [0.5, 0, 1]]))
    assert above[1] < ahead[1] and above[0] == pytest.approx(ahead[0])
    assert beside[0] > ahead[0] and beside[1] == pytest.approx(ahead[1])
    tilted = camera_at([3, 4, 2], [0, 0, 1])
    assert tilted.project(np.array([[0, 0, 1.5]]))[0, 1] < 400


def test_a_positive_roll_turns_the_image_against_the_camera():
    """Rolled clockwise as seen from behind, the camera sees what is above it on its left."""
    camera = camera_at([0, -4, 1], [0, 0, 1], roll_rad=math.pi / 6)
    x, y = camera.project(np.array([[0, 0, 1.5]]))[0] - [500, 400]
    length = 1145 * 0.5 / 4
    assert (x, y) == pytest.approx((-length / 2, -length * math.sqrt(3) / 2))


def test_projection_agrees_with_loops(rng):
    centre = rng.normal([0, 0, 8], size=(6, 3))
    points, focal = rng.normal(size=(6, 17, 3)), rng.uniform(500, 2000, 6)
    camera = Camera(look_at(centre, rng.normal(size=(6, 3))), centre, focal, (640, 480))
    got, in_camera = camera.project(points), camera.to_camera(points)
    for i, j in np.ndindex(6, 17):
        if in_camera[i, j, 2] > 0:
            naive = naive_projection(
                points[i, j], camera.rotation[i], centre[i], focal[i], (640, 480)
            )
            np.testing.assert_allclose(got[i, j], naive, atol=1e-6)
    assert (in_camera[..., 2] > 0).any()


def test_what_is_behind_the_camera_is_not_seen():
    camera = camera_at([0, -4, 1], [0, 0, 1])
    pixels = camera.project(np.array([[0.0, -5, 1], [0, -4, 1], [0, 0, 1]]))
    assert np.isnan(pixels[:2]).all() and np.isfinite(pixels[2]).all()


def test_nearer_is_larger():
    camera = camera_at([0, -4, 1], [0, 0, 1])
    near, far = camera.project(np.array([[0.1, -1, 1], [0.1, 1, 1]]))[:, 0] - 500
    assert near / far == pytest.approx(5 / 3)


def test_torch_agrees_with_numpy(rng):
    centre, target = rng.normal(size=(2, 5, 3))
    points, roll = rng.normal(size=(5, 17, 3)), rng.normal(size=5)
    focal = np.full(5, 1000.0)
    array = Camera(look_at(centre, target, roll), centre, focal)
    c, t, r, f = (torch.tensor(x) for x in (centre, target, roll, focal))
    tensor = Camera(look_at(c, t, r), c, f)
    np.testing.assert_allclose(tensor.rotation, array.rotation, atol=1e-12)
    np.testing.assert_allclose(tensor.project(torch.tensor(points)), array.project(points))


def test_orbit_by_trigonometry():
    offset = orbit(np.radians([0.0, 90, 180]), np.radians([0.0, 0, 30]), np.array([2.0, 3, 4]))
    np.testing.assert_allclose(
        offset, [[2, 0, 0], [0, 3, 0], [-4 * math.sqrt(0.75), 0, 2]], atol=1e-12
    )


def test_standing_on_the_floor_only_shifts(rng):
    poses = rng.normal(size=(8, 17, 3))
    standing = stand_on_floor(poses, root=0)
    np.testing.assert_allclose(standing[:, 0, :2], 0, atol=1e-12)
    np.testing.assert_allclose(standing[..., 2].min(1), 0, atol=1e-12)
    shift = standing - poses
    np.testing.assert_allclose(shift, np.broadcast_to(shift[:, :1], shift.shape), atol=1e-12)
