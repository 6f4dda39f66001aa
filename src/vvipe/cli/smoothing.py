"""The option `--smooth` of the verbs that write motion."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

from vvipe.cli.terminal import note

if TYPE_CHECKING:
    from vvipe.poses import Poses2D, Poses3D

    P = TypeVar("P", bound=Poses2D | Poses3D)

FPS = 30.0


def smoothed(poses: P, width_s: float | None, fps: float | None = None) -> P:
    """The poses smoothed, if that is wanted; a rate that nobody tells is taken as 30.

    Raises:
        VvipeError: As for `smooth_poses`.
    """
    if width_s is None:
        return poses
    from vvipe.geometry.smoothing import smooth_poses

    if width_s > 0 and poses.time_s is None and fps is None:
        note(f"{poses.source}: the frame rate is not told; smoothed as {FPS:g} frames/s")
        fps = FPS
    return smooth_poses(poses, width_s, fps=fps)
