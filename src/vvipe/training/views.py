"""Views of training poses: cameras, projection, and what a detector does to the keypoints.

Poses are (B, 17, 3) torch tensors, world frame (z up), metres, root at the origin; the floor is
taken to lie 0.95 m below the root.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from torch import Tensor

from vvipe.detectors.detections import detected, draw
from vvipe.detectors.noise import fitted_noise
from vvipe.geometry.cameras import Camera, look_at, orbit
from vvipe.geometry.canonical import rotate
from vvipe.geometry.keypoints import COLUMNS, KEYPOINTS, NORMALISERS, centred_square
from vvipe.geometry.layouts import HUMAN36M
from vvipe.geometry.rotations import rotmat_between
from vvipe.training.config import Views
from vvipe.training.synthesis import rotvec_to_rotmat

_ROOT_HEIGHT_M = 0.95
_OWN_CAMERAS = torch.as_tensor(HUMAN36M.centres_m, dtype=torch.float32)


def observe(poses: Tensor, how: Views, normaliser: str) -> tuple[Tensor, Tensor]:
    """Normalised keypoints (B, 13, 2) and mask (B, 13), each pose by a camera of its own."""
    if how.tilt:
        poses = tilted(poses, how.tilt)
    return observed(poses, draw_cameras(len(poses), how), how, normaliser)


def observed(poses: Tensor, camera: Camera, how: Views, normaliser: str) -> tuple[Tensor, Tensor]:
    """As `observe`, by these cameras."""
    keypoints = camera.project(poses[:, COLUMNS])
    # A camera so near that a joint falls behind it sees nothing there.
    mask = torch.isfinite(keypoints[..., 0]).float() * kept(len(poses), len(KEYPOINTS), how.dropout)
    normalise = NORMALISERS[normaliser]
    exact = keypoints
    if how.noise:
        keypoints = keypoints + spread_noise(keypoints, mask, how.noise)
    if how.detector:
        chosen = torch.rand(len(poses)) < how.detector
        found, seen, _ = detected(exact, mask, draw(torch.randn, (len(poses),)), fitted_noise())
        keypoints = torch.where(chosen[:, None, None], found, keypoints)
        mask = torch.where(chosen[:, None], seen, mask)
    return normalise(keypoints, mask), mask


def draw_cameras(count: int, how: Views) -> Camera:
    """Random cameras around the root and, for the rest of the share, those of Human3.6M."""
    azimuth = torch.rand(count) * 2 * math.pi
    low, high = how.elevation_rad
    elevation = low + torch.rand(count) * (high - low)
    near, far = how.distance_m
    centre = orbit(azimuth, elevation, near + torch.rand(count) * (far - near))
    target = how.aim_m * torch.randn(count, 3)
    roll = how.roll_rad * torch.randn(count)
    own = torch.rand(count) >= how.random
    if own.any():
        floor = torch.tensor([0.0, 0.0, _ROOT_HEIGHT_M])
        chosen = _OWN_CAMERAS[: how.own]
        theirs = chosen[torch.randint(len(chosen), (count,))] - floor
        centre = torch.where(own[:, None], theirs, centre)
        target = torch.where(own[:, None], torch.zeros(3), target)
        roll = torch.where(own, torch.zeros(()), roll)
    return Camera(look_at(centre, target, roll), centre, torch.full((count,), 1145.0))


def facing(camera: Camera) -> Tensor:
    """(B, 3, 3) from the world to a camera's axes, were it turned straight towards the root.

    A view whose keypoints are normalised looks as that camera's.
    """
    towards = -(camera.rotation @ camera.centre[:, :, None])[..., 0]
    towards = towards / towards.norm(dim=-1, keepdim=True)
    turn = rotmat_between(towards.double().numpy(), np.array([0.0, 0.0, 1.0]))
    return torch.from_numpy(turn).float() @ camera.rotation


def tilted(poses: Tensor, chance: float) -> Tensor:
    """Some bodies turned by any angle about a horizontal axis.

    Who lies, falls or stands on hands is rare in what was recorded, and a camera sees them from
    sides that no standing body shows.
    """
    turn = (torch.rand(len(poses)) < chance) * (torch.rand(len(poses)) * 2 - 1) * math.pi
    axis = torch.rand(len(poses)) * 2 * math.pi
    zero = torch.zeros_like(turn)
    rotvec = torch.stack([turn * axis.cos(), turn * axis.sin(), zero], -1)
    return rotate(rotvec_to_rotmat(rotvec), poses)


def kept(count: int, joints: int, chance: float) -> Tensor:
    """(count, joints) mask: some poses lose some joints, most none; at least six always stay."""
    if not chance:
        return torch.ones(count, joints)
    share = torch.rand(count, 1) * 0.5 * (torch.rand(count, 1) < chance)
    mask = (torch.rand(count, joints) >= share).float()
    return torch.where(mask.sum(1, keepdim=True) >= 6, mask, torch.ones_like(mask))


def spread_noise(keypoints: Tensor, mask: Tensor, spread: float) -> Tensor:
    """Heavy-tailed noise (Student's t, 3 degrees of freedom), its size drawn for each pose."""
    size = centred_square(keypoints, mask)[1].sqrt()
    tails = (torch.randn(*keypoints.shape, 3).square().mean(-1)).rsqrt()
    level = spread * torch.rand(len(keypoints), 1, 1) * 2
    return torch.randn_like(keypoints) * tails.clamp(max=4) * level * size
