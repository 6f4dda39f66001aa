"""What files of joints at an even rate ask of poses: a rate, and nothing missing."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.format import Poses, Report
from vvipe.poses import mean_fps
from vvipe.skeletons import Skeleton

DEFAULT_FPS = 30.0


def steady_rate(poses: Poses) -> tuple[float, Report]:
    """Frames per second: the mean rate of time stamps, else the rate told, else 30.

    Returns:
        The rate, and what to report of it: `assumed_fps`, or `uneven_ms`, by how much a time stamp
        is off the even beat at most, where that is more than half a frame.
    """
    stamps, fps = poses.stamp_s, mean_fps(poses.stamp_s)
    if stamps is None or fps is None:
        return (poses.fps, {}) if poses.fps else (DEFAULT_FPS, {"assumed_fps": DEFAULT_FPS})
    beat = np.linspace(stamps[0], stamps[-1], len(stamps))
    off = float(np.abs(stamps - beat).max())
    return fps, {"uneven_ms": round(1000 * off, 3)} if off * fps > 0.5 else {}


@dataclass(frozen=True)
class Complete:
    """Positions of which none is missing.

    Attributes:
        positions: (N, K, 3) without NaN.
        skeleton: Of the K joints.
        seen: (N, K) bool, False where a position was filled in.
        report: `left_out`, joints that are never seen, and `filled_rows`, the number of rows with a
            joint that was filled in, where there are any.
    """

    positions: np.ndarray
    skeleton: Skeleton
    seen: np.ndarray
    report: Report


def without_unseen(positions: np.ndarray, skeleton: Skeleton, where: object) -> Complete:
    """Leaves joints out that are never seen, and fills the gaps of others on straight lines.

    What hangs on a joint that is left out hangs on the next above it that is seen. Before the first
    and after the last time that a joint is seen it stays where it then was.

    Args:
        positions: (N, J, 3), NaN = not seen.
        skeleton: Of the J joints.
        where: For messages.

    Raises:
        VvipeError: No joint is ever seen.
    """
    seen = np.asarray(np.isfinite(positions).all(-1))
    kept = np.flatnonzero(seen.any(0))
    if not len(kept):
        raise VvipeError("no joint is seen anywhere", where=where)
    left_out = [j for i, j in enumerate(skeleton.joints) if i not in kept]
    report: Report = {"left_out": left_out} if left_out else {}
    positions, seen = positions[:, kept].copy(), seen[:, kept]
    rows = np.arange(len(positions))
    for joint in np.flatnonzero(~seen.all(0)):
        known = rows[seen[:, joint]]
        for axis in range(3):
            positions[:, joint, axis] = np.interp(rows, known, positions[known, joint, axis])
    if not seen.all():
        report["filled_rows"] = int((~seen.all(1)).sum())
    part = _part(skeleton, kept) if left_out else skeleton
    return Complete(positions, part, seen, report)


def _part(skeleton: Skeleton, kept: np.ndarray) -> Skeleton:
    joints = tuple(skeleton.joints[i] for i in kept)
    parent_of: dict[str, str] = {}
    for joint in joints:
        above = skeleton.parent_of.get(joint, "")
        while above and above not in joints:
            above = skeleton.parent_of.get(above, "")
        if above:
            parent_of[joint] = above
    return replace(skeleton, joints=joints, parent_of=parent_of)
