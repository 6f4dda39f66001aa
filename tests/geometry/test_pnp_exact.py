"""Placing made-up bodies whose place is known, no file needed."""

import numpy as np
import pytest
from bodies import moving

from vvipe import get_skeleton
from vvipe.geometry.cameras import look_at, orbit
from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.geometry.pnp import place_in_camera
from vvipe.geometry.rotations import euler_to_rotmat

COLUMNS = get_skeleton("h36m17").indices(*KEYPOINTS.joints)
COUNT = 40


def views(rng, body, near=2.5, far=6.0):
    """True rotations, translations and rays of (N, 13, 3) bodies before cameras all around."""
    azimuth, elevation = rng.uniform(-np.pi, np.pi, COUNT), rng.uniform(-0.3, 0.6, COUNT)
    centre = orbit(azimuth, elevation, rng.uniform(near, far, COUNT))
    rotation = look_at(centre, np.zeros(3), rng.normal(0, 0.2, COUNT))
    translation = -(rotation @ centre[..., None])[..., 0]
    placed = body @ rotation.mT + translation[:, None]
    return rotation, translation, placed[..., :2] / placed[..., 2:]


@pytest.fixture
def body():
    positions = moving(frames=COUNT).positions.astype(np.float64)
    return (positions - positions[:, :1])[:, COLUMNS]


def angles_rad(a, b):
    """Angle of the rotation between two, by its trace."""
    trace = np.trace(a @ b.mT, axis1=1, axis2=2)
    return np.arccos(np.clip((trace - 1) / 2, -1, 1))


def test_a_clean_view_gives_rotation_and_translation_back(rng, body):
    true_rotation, true_translation, rays = views(rng, body)
    rotation, translation = place_in_camera(body, rays, np.ones((COUNT, 13)))
    assert angles_rad(rotation, true_rotation).max() < 1e-3
    np.testing.assert_allclose(translation, true_translation, atol=0.01)


def test_rotations_are_proper(rng, body):
    rays = rng.normal(0, 0.1, (COUNT, 13, 2))  # of no body at all
    for points in (body, body * [1, 1, 0], np.zeros_like(body)):
        rotation, translation = place_in_camera(points, rays, np.ones((COUNT, 13)))
        np.testing.assert_allclose(np.linalg.det(rotation), 1, atol=1e-6)
        np.testing.assert_allclose(rotation @ rotation.mT, np.tile(np.eye(3), (COUNT, 1, 1)),
                                   atol=1e-6)  # fmt: skip
        assert np.isfinite(translation).all()


@pytest.mark.parametrize("thickness", [0.01, 0.03, 0.1])
@pytest.mark.parametrize("axis", [0, 1, 2])
def test_nearly_flat_bodies(rng, body, thickness, axis):
    """A flat body has two places that project nearly alike: the one that fits is chosen."""
    flat = body.copy()
    flat[..., axis] *= thickness
    true_rotation, true_translation, rays = views(rng, flat, near=2.0, far=3.0)
    rotation, translation = place_in_camera(flat, rays, np.ones((COUNT, 13)))
    placed = flat @ rotation.mT + translation[:, None]
    off = np.abs(placed[..., :2] / placed[..., 2:] - rays).max((1, 2))
    assert np.quantile(off, 0.9) < 2e-3  # two pixels at a focal length of 1000
    right = angles_rad(rotation, true_rotation) < 0.02
    assert right.mean() >= 0.9
    np.testing.assert_allclose(translation[right], true_translation[right], atol=0.1)


@pytest.mark.parametrize("seen", [6, 9, 12])
def test_keypoints_that_are_missing(rng, body, seen):
    true_rotation, true_translation, rays = views(rng, body)
    mask = np.argsort(rng.random((COUNT, 13)), 1) < seen
    rays[~mask] = np.nan
    rotation, translation = place_in_camera(body, rays, mask)
    right = angles_rad(rotation, true_rotation) < 0.02
    assert right.mean() >= {6: 0.8, 9: 0.9, 12: 1.0}[seen]
    np.testing.assert_allclose(translation[right], true_translation[right], atol=0.05)


def test_a_single_keypoint_gives_something_finite(body):
    rays, mask = np.zeros((COUNT, 13, 2)), np.zeros((COUNT, 13))
    for seen in (0, 1, 2):
        mask[:, :seen] = 1
        rotation, translation = place_in_camera(body, rays, mask)
        assert np.isfinite(rotation).all() and np.isfinite(translation).all()


def test_noise_moves_the_body_a_little(rng, body):
    true_rotation, true_translation, rays = views(rng, body)
    noisy = rays + rng.normal(0, 0.002, rays.shape)
    rotation, translation = place_in_camera(body, noisy, np.ones((COUNT, 13)))
    assert np.median(angles_rad(rotation, true_rotation)) < 0.05
    assert np.median(np.abs(translation - true_translation)) < 0.05


def test_bodies_do_not_touch_each_other(rng, body):
    _, _, rays = views(rng, body)
    mask = np.ones((COUNT, 13))
    together = place_in_camera(body, rays, mask)
    for i in (0, 7, COUNT - 1):
        alone = place_in_camera(body[i : i + 1], rays[i : i + 1], mask[i : i + 1])
        for all_, one in zip(together, alone, strict=True):
            np.testing.assert_allclose(all_[i], one[0], atol=1e-9)


def test_the_frame_of_the_body_does_not_matter(rng, body):
    true_rotation, _, rays = views(rng, body)
    turn = euler_to_rotmat(np.array([0.4, -1.0, 2.0]), "ZYX")
    rotation, translation = place_in_camera(body @ turn.T + [1, 2, 3], rays, np.ones((COUNT, 13)))
    assert angles_rad(rotation @ turn, true_rotation).max() < 1e-3
    placed = (body @ turn.T + [1, 2, 3]) @ rotation.mT + translation[:, None]
    np.testing.assert_allclose(placed[..., :2] / placed[..., 2:], rays, atol=1e-3)
