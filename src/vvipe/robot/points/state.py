"""The state that a policy is told: where the points are, as numbers."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vvipe.errors import VvipeError
from vvipe.geometry.procrustes import procrustes_rotation
from vvipe.robot.points.camera import Camera
from vvipe.robot.points.prescribed import PrescribedPoints

KINDS = ("scaled", "camera", "anchored")
_LEAST_ANCHORS = 3


@dataclass(frozen=True)
class PointState:
    """How points become a state.

    Attributes:
        points: Prescribed, in the order of the pixels.
        kind: `scaled`, the paper's: [(u - W/2) d / (W/2), (v - H/2) d / (H/2), d], which knows no
            focal length. `camera`: metres, x right, y down, z forward, by the true focal length.
            `anchored` (ours): metres in the axes of the camera that annotated, wherever the camera
            is now: the points that never move are laid onto where they were on the annotated frame
            (Kabsch), and all others with them, so that no camera need be calibrated in place. The
            anchors themselves are then constant, and left out.
        relative_to: The point from which all others count, such as the gripper's; itself it stays
            as it is. None for no such point.
    """

    points: PrescribedPoints
    kind: str = "anchored"
    relative_to: str | None = "gripper"

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise VvipeError(f"unknown state {self.kind!r}", expected=" or ".join(KINDS))
        if self.kind == "anchored" and self.points.anchors.sum() < _LEAST_ANCHORS:
            raise VvipeError(
                "too few anchors", expected=f"{_LEAST_ANCHORS} points that never move, not in line",
                got=int(self.points.anchors.sum()), hint="prescribe more, or kind='camera'",
            )  # fmt: skip
        if self.relative_to is not None:
            self.points.index(self.relative_to)

    def __call__(self, pixels: np.ndarray, depth: np.ndarray, camera: Camera) -> np.ndarray:
        """(..., K) three numbers a point, in their order.

        Args:
            pixels: (..., N, 2) u, v.
            depth: (..., N) metres; 0 where it is not known, as for a point outside of the image:
                such a point is then (0, 0, 0) in the first two kinds, as in the paper.
            camera: Its size and, but for `scaled`, its focal length are used; where it stands is
                not.
        """
        if self.kind == "scaled":
            placed = scaled_points(pixels, depth, camera, camera.middle_px)
        else:
            placed = placed_points(pixels, depth, camera)
        if self.kind == "anchored":
            placed = self._anchored(placed, depth > 0)
        if self.relative_to is not None:
            placed = self._relative(placed)
        left_out = self.points.helpers
        if self.kind == "anchored":
            left_out = left_out | self.points.anchors
        placed = placed[..., ~left_out, :]
        return placed.reshape(*placed.shape[:-2], -1)

    def _relative(self, placed: np.ndarray) -> np.ndarray:
        assert self.relative_to is not None
        at = self.points.index(self.relative_to)
        out = placed - placed[..., at : at + 1, :]
        out[..., at, :] = placed[..., at, :]
        return out

    def _anchored(self, placed: np.ndarray, known: np.ndarray) -> np.ndarray:
        """(..., N, 3) in the axes of the annotating camera.

        With fewer than three anchors known, the camera is taken to be where it was.
        """
        held = (known & self.points.anchors)[..., None]
        count = held.sum(-2, keepdims=True)
        seen = np.broadcast_to(self.points.seen_m, placed.shape)
        here = (placed * held).sum(-2, keepdims=True) / np.maximum(count, 1)
        there = (seen * held).sum(-2, keepdims=True) / np.maximum(count, 1)
        rotation, _ = procrustes_rotation((placed - here) * held, (seen - there) * held)
        moved = (placed - here) @ np.swapaxes(rotation, -1, -2) + there
        return np.where(count >= _LEAST_ANCHORS, moved, placed)


def scaled_points(
    pixels: np.ndarray, depth: np.ndarray, camera: Camera, scale_px: np.ndarray
) -> np.ndarray:
    """(..., N, 3) [(u - W/2) d / s_u, (v - H/2) d / s_v, d], and 0 where the depth is 0."""
    known = depth[..., None] > 0
    across = np.where(known, (pixels - camera.middle_px) * depth[..., None] / scale_px, 0.0)
    return np.concatenate([across, np.where(known, depth[..., None], 0.0)], -1)


def placed_points(pixels: np.ndarray, depth: np.ndarray, camera: Camera) -> np.ndarray:
    """(..., N, 3) metres in the camera's axes (x right, y down, z forward), 0 without depth."""
    return scaled_points(pixels, depth, camera, np.full(2, camera.focal_px))


def depth_at(depth: np.ndarray, pixels: np.ndarray) -> np.ndarray:
    """(N,) metres of a (H, W) depth image under (N, 2) pixels; 0 outside of it, as in the paper."""
    h, w = depth.shape
    inside = (pixels >= 0).all(-1) & (pixels[..., 0] < w) & (pixels[..., 1] < h)
    at = np.where(inside[..., None], pixels, 0).astype(int)
    return np.where(inside, depth[at[..., 1], at[..., 0]], 0.0)
