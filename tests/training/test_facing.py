"""The axes of a camera that is turned straight towards the root."""

import math

import pytest
import torch
from view_pairs import CLEAN, straight

from vvipe.geometry.cameras import Camera, look_at, orbit
from vvipe.geometry.keypoints import COLUMNS, normalise_rms
from vvipe.training.config import Views
from vvipe.training.views import draw_cameras, facing, observe, observed

WIDE = Views(random=0.8, aim_m=0.8, roll_rad=0.5)


@pytest.fixture
def cameras(seed):
    return draw_cameras(60, WIDE)


def test_the_turn_agrees_with_rodrigues_formula(cameras):
    expected = straight(cameras)
    assert (expected - cameras.rotation).abs().max() > 0.1
    torch.testing.assert_close(facing(cameras).double(), expected, atol=1e-5, rtol=0)


def test_the_root_is_straight_ahead(cameras):
    rotation = facing(cameras)
    root = (rotation @ -cameras.centre[:, :, None])[..., 0]
    expected = torch.zeros(60, 3)
    expected[:, 2] = cameras.centre.norm(dim=-1)
    torch.testing.assert_close(root, expected, atol=1e-4, rtol=1e-5)
    torch.testing.assert_close(rotation @ rotation.mT, torch.eye(3).expand(60, 3, 3), atol=1e-5,
                               rtol=0)  # fmt: skip
    assert (torch.linalg.det(rotation) > 0).all()


def test_a_camera_turns_no_further_than_it_must(cameras):
    turn = facing(cameras) @ cameras.rotation.mT
    angle = torch.acos(((turn.diagonal(dim1=1, dim2=2).sum(-1) - 1) / 2).clamp(-1, 1))
    ahead = (cameras.rotation[:, 2] * -cameras.centre).sum(-1) / cameras.centre.norm(dim=-1)
    torch.testing.assert_close(angle, torch.acos(ahead), atol=2e-3, rtol=0)


def test_a_camera_that_faces_the_root_stays_as_it_is(seed):
    centre = orbit(torch.rand(20) * 6, torch.rand(20), 4 + torch.rand(20))
    rotation = look_at(centre, torch.zeros(20, 3), torch.randn(20))
    torch.testing.assert_close(facing(Camera(rotation, centre, 1.0)), rotation, atol=1e-5, rtol=0)


def test_normalised_keypoints_are_the_body_in_these_axes_without_its_depth(poses, seed):
    """As far away as a body hides no depth; a tenth of a radian off the middle of the picture."""
    poses = poses[:40]
    centre = orbit(2 * math.pi * torch.rand(40), 0.3 * torch.rand(40), torch.full((40,), 200.0))
    camera = Camera(look_at(centre, 12 * torch.randn(40, 3)), centre, torch.full((40,), 9e4))
    keypoints, mask = observed(poses, camera, CLEAN, "rms")

    def off(rotation):
        flat = (poses[:, COLUMNS] @ rotation.mT)[..., :2]
        return (keypoints - normalise_rms(flat, mask)).abs().max()

    assert off(facing(camera)) < 0.02 and off(camera.rotation) > 0.1


def test_a_view_is_that_of_its_camera(poses):
    how = Views(noise=0.02, dropout=0.5)
    torch.manual_seed(3)
    expected = observe(poses, how, "rms")
    torch.manual_seed(3)
    torch.testing.assert_close(observed(poses, draw_cameras(200, how), how, "rms"), expected)


def test_a_view_without_noise_is_the_projection(poses, seed):
    camera = draw_cameras(200, WIDE)
    keypoints, mask = observed(poses, camera, CLEAN, "rms")
    assert mask.all()
    torch.testing.assert_close(keypoints, normalise_rms(camera.project(poses[:, COLUMNS]), mask))
