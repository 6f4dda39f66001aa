import numpy as np
import pytest

from vvipe import get_skeleton
from vvipe.geometry.bones import universal_lengths
from vvipe.geometry.cameras import Camera, look_at, orbit
from vvipe.geometry.canonical import to_canonical
from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.geometry.pnp import place_in_camera

H36M17 = get_skeleton("h36m17")
COLUMNS = H36M17.indices(*KEYPOINTS.joints)


def naive_error(points, rays, mask, rotation, translation):
    """Sum of squared reprojection errors of one body, by loops."""
    total = 0.0
    for point, ray, seen in zip(points, rays, mask, strict=True):
        if seen:
            x, y, z = rotation @ point + translation
            total += (x / z - ray[0]) ** 2 + (y / z - ray[1]) ** 2
    return total


@pytest.fixture
def scene(data_root, rng):
    """Real bodies in front of cameras all around: canonical, in the camera's frame, rays."""
    from vvipe.datasets import cmu_catalogue

    clip = next(c for c in cmu_catalogue(data_root / "cmu") if c.name == "49_02")
    world = clip.poses().to_skeleton("h36m17").positions[::12]
    count = len(world)
    root = world[:, H36M17.index("hip")]
    centre = root + orbit(
        rng.uniform(-np.pi, np.pi, count), rng.uniform(-0.2, 0.5, count), rng.uniform(3, 6, count)
    )
    in_camera = Camera(look_at(centre, root), centre, 1.0).to_camera(world)[:, COLUMNS]
    canonical, _ = to_canonical(world, universal_lengths(), H36M17)
    return (
        world[:, COLUMNS],
        canonical[:, COLUMNS],
        in_camera,
        in_camera[..., :2] / in_camera[..., 2:],
    )


def test_a_body_of_the_right_shape_is_put_where_it_was(scene):
    world, _, in_camera, rays = scene
    rotation, translation = place_in_camera(world, rays, np.ones(rays.shape[:2]))
    np.testing.assert_allclose(np.linalg.det(rotation), 1, atol=1e-9)
    placed = world @ rotation.swapaxes(1, 2) + translation[:, None]
    off_m = np.linalg.norm(placed - in_camera, axis=-1).mean(1)
    assert np.quantile(off_m, 0.95) < 0.01


def test_hidden_joints_do_not_count(scene):
    world, _, _, rays = scene
    mask = np.ones(rays.shape[:2])
    mask[:, KEYPOINTS.indices("left_wrist", "right_ankle")] = 0
    results = [
        place_in_camera(world, np.where(mask[..., None] > 0, rays, hidden), mask)
        for hidden in (np.nan, 0.0, 50.0)
    ]
    for rotation, translation in results[1:]:
        np.testing.assert_allclose(rotation, results[0][0])
        np.testing.assert_allclose(translation, results[0][1])


def test_no_nearby_placement_is_better(scene, rng):
    _, canonical, _, rays = scene
    mask = np.ones(rays.shape[:2])
    rotations, translations = place_in_camera(canonical, rays, mask)
    for i in range(len(rays)):
        best = naive_error(canonical[i], rays[i], mask[i], rotations[i], translations[i])
        for _ in range(20):
            turn = np.linalg.qr(np.eye(3) + 0.03 * rng.normal(size=(3, 3)))[0]
            turn *= np.sign(np.diag(turn))
            shift = translations[i] + 0.03 * rng.normal(size=3)
            other = naive_error(canonical[i], rays[i], mask[i], turn @ rotations[i], shift)
            assert other > best * (1 - 1e-3)


def test_bodies_are_in_front_of_the_camera(scene):
    _, canonical, _, rays = scene
    rotation, translation = place_in_camera(canonical, rays, np.ones(rays.shape[:2]))
    depth = (canonical @ rotation.swapaxes(1, 2) + translation[:, None])[..., 2]
    assert depth.min() > 0.5
