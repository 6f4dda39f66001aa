"""Lifted poses put back before the camera that saw them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vvipe.errors import VvipeError
from vvipe.geometry.pnp import place_in_camera
from vvipe.models.inputs import H36M17
from vvipe.poses import Poses2D, Poses3D

FOCAL_OVER_WIDTH = 1.145  # of a camera whose focal length nobody told


def check_frame(frame: str) -> None:
    """Raises where a frame of reference is none that a lifted pose can have."""
    if frame not in ("canonical", "camera"):
        raise VvipeError(f"unknown frame {frame!r}", expected="canonical or camera")


def in_camera(lifted: Poses3D, poses: Poses2D, focal_px: float | None) -> Poses3D:
    """Canonical poses turned and placed so that they project onto their keypoints.

    Args:
        lifted: (..., 17, 3) canonical, metres.
        poses: The keypoints that they were lifted from.
        focal_px: By default 1.145 × the image's width, or where that is not known, a guess.

    Returns:
        The same rows in the camera's frame (OpenCV axes), metres.
    """
    keypoints = poses.to_skeleton("coco13")
    xy = keypoints.keypoints.reshape(-1, 13, 2).astype(np.float64)
    seen = np.isfinite(xy[..., 0])
    body = lifted.positions.reshape(-1, len(H36M17), 3)
    usable = np.flatnonzero(np.isfinite(body[:, 0, 0]))
    width, centre = _image(poses, xy)
    focal = FOCAL_OVER_WIDTH * width if focal_px is None else focal_px
    out = np.full(body.shape, np.nan, np.float32)
    if len(usable):
        columns = H36M17.indices(*keypoints.skeleton.joints)
        rays = (xy[usable] - centre) / focal
        rotation, shift = place_in_camera(body[usable][:, columns], rays, seen[usable])
        out[usable] = body[usable] @ rotation.mT + shift[:, None]
    return replace(lifted, coords=out.reshape(lifted.coords.shape), frame_of_reference="camera")


def _image(poses: Poses2D, xy: np.ndarray) -> tuple[float, np.ndarray]:
    """Width and principal point in pixels.

    Where the image's size is unknown, a guess: centred on all keypoints, and twice as wide as the
    tallest person.
    """
    if poses.image_size is not None:
        return float(max(poses.image_size)), np.array(poses.image_size) / 2
    if not np.isfinite(xy).any():
        return 1.0, np.zeros(2)
    low, high = np.nanmin(xy, axis=(0, 1)), np.nanmax(xy, axis=(0, 1))
    tallest = np.nanmax(np.fmax.reduce(xy, 1) - np.fmin.reduce(xy, 1))
    return 2 * float(tallest), (low + high) / 2
