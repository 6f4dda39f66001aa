"""Lifted poses put back before the camera that saw them."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vvipe.errors import VvipeError
from vvipe.geometry.bones import universal_lengths
from vvipe.geometry.canonical import to_canonical
from vvipe.geometry.pnp import place_in_camera
from vvipe.geometry.rays import draw_to_rays
from vvipe.models.inputs import H36M17
from vvipe.poses import Poses2D, Poses3D

_STEEPEST = 1e4  # of a ray, over the focal length; no camera sees so far to its side
FOCAL_OVER_WIDTH = 1.145  # of a camera whose focal length nobody told: Human3.6M's


def check_frame(frame: str) -> None:
    """Raises where a frame of reference is none that a lifted pose can have."""
    if frame not in ("canonical", "camera"):
        raise VvipeError(f"unknown frame {frame!r}", expected="canonical or camera")


def intrinsics(poses: Poses2D, focal_px: float | None = None) -> tuple[np.ndarray, np.ndarray]:
    """The pinhole camera that a lifted pose is placed before, for each pose by itself.

    The principal point is the middle of the image, the focal length 1.145 × the longer side. Where
    `image_size` is not known, each image is taken to be centred on its person and twice as wide as
    the person is tall: such a person stands straight ahead, some five metres away.

    Args:
        poses: (..., J, 2) keypoints.
        focal_px: Takes the place of the focal length.

    Returns:
        (...) focal lengths and (..., 2) principal points, pixels; NaN where nobody is seen.
    """
    seen = np.isfinite(poses.keypoints)
    low = np.where(seen, poses.keypoints, np.inf).min(-2)
    high = np.where(seen, poses.keypoints, -np.inf).max(-2)
    somebody = np.asarray(seen.any((-2, -1)))
    if poses.image_size is not None:
        width = np.full(low.shape[:-1], max(poses.image_size), float)
        centre = np.broadcast_to(np.array(poses.image_size) / 2, low.shape)
    else:
        low, high = (np.where(somebody[..., None], x, np.nan) for x in (low, high))
        width, centre = 2.0 * (high - low).max(-1), (low + high) / 2
    focal = FOCAL_OVER_WIDTH * width if focal_px is None else np.full_like(width, focal_px)
    return (
        np.where(somebody, focal, np.nan).astype(np.float32),
        np.where(somebody[..., None], centre, np.nan).astype(np.float32),
    )


def placed(body: np.ndarray, poses: Poses2D, frame: str, focal_px: float | None = None) -> Poses3D:
    """Bodies that were lifted in the axes of a camera, as poses of the shape of their keypoints.

    Args:
        body: (N, 17, 3) metres, hip at the origin.
        poses: (..., J, 2) the keypoints that they were lifted from, N in all.
        frame: `canonical` or `camera`.
        focal_px: As for `intrinsics`.
    """
    if frame == "canonical":
        body, _ = to_canonical(body, universal_lengths(), H36M17)
    lifted = Poses3D(
        body.reshape(*poses.coords.shape[:-2], len(H36M17), 3), H36M17, frame=poses.frame,
        fps=poses.fps, stamp_s=poses.stamp_s, source=poses.source, frame_of_reference="canonical",
    )  # fmt: skip
    return lifted if frame == "canonical" else in_camera(lifted, poses, focal_px)


def in_camera(lifted: Poses3D, poses: Poses2D, focal_px: float | None = None) -> Poses3D:
    """Canonical poses turned, placed and drawn so that they project onto their keypoints.

    Args:
        lifted: (..., 17, 3) canonical, metres.
        poses: (..., J, 2) the keypoints that they were lifted from.
        focal_px: As for `intrinsics`.

    Returns:
        The same rows in the camera's frame (OpenCV axes), metres; NaN where a keypoint is too far
        to the side for any camera.
    """
    keypoints = poses.to_skeleton("coco13")
    xy = keypoints.keypoints.reshape(-1, 13, 2).astype(np.float64)
    body = lifted.positions.reshape(-1, len(H36M17), 3)
    focal, centre = intrinsics(poses, focal_px)
    with np.errstate(divide="ignore", invalid="ignore"):
        rays = (xy - centre.reshape(-1, 1, 2)) / focal.reshape(-1, 1, 1).astype(np.float64)
    seen_ahead = (np.abs(rays) < _STEEPEST) | np.isnan(xy)
    usable = np.flatnonzero(np.isfinite(body[:, 0, 0]) & seen_ahead.all((1, 2)))
    out = np.full(body.shape, np.nan, np.float32)
    if len(usable):
        columns = H36M17.indices(*keypoints.skeleton.joints)
        mask = np.isfinite(xy[usable, :, 0])
        rotation, shift = place_in_camera(body[usable][:, columns], rays[usable], mask)
        stood = body[usable] @ rotation.mT + shift[:, None]
        out[usable] = draw_to_rays(stood, rays[usable], mask)
    return replace(lifted, coords=out.reshape(lifted.coords.shape), frame_of_reference="camera")
