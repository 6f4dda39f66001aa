"""Smoothing of motion: robust local fits over time, without lag, and a live form with little.

At every instant a parabola is fitted to the frames around, weighted by a bell curve (Savitzky and
Golay 1964), and again with less weight for what is far off, such as a frame whose sides were
swapped (Cleveland 1979). Frames may come at any rate, even or not, and may be missing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import replace
from typing import TypeVar

import numpy as np

from vvipe.errors import VvipeError
from vvipe.geometry.bones import bone_lengths, with_bone_lengths
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import Skeleton, map_joints

WIDTH_S = 0.12
"""The width that serves lifted poses best at 15 to 60 frames/s (docs/smoothing.md)."""
LIVE_WIDTH_S = 0.15
_REACH = 2.5  # of the bell curve, in widths
_TIMES_TYPICAL = 6.0  # what is that many typical residuals off is hardly believed
_LEAST_TRUST = 1e-4
_LEAST_TYPICAL = 1e-3  # of the extent of the motion, or exact motion would doubt itself
_RIDGE = 1e-3  # so that few points make a line or a mean, not a wild curve
_RIGID = 0.01

P = TypeVar("P", bound=Poses2D | Poses3D)


def smooth_poses(poses: P, width_s: float = WIDTH_S, *, fps: float | None = None) -> P:
    """The same poses in steadier motion; what is not seen stays so.

    3D poses are smoothed about their hips, and these by themselves, so that a doubtful distance
    from the camera does not hide what the limbs do; bones that kept their length keep it. 2D
    keypoints count as much as their confidence.

    Args:
        poses: (N, J, 2 or 3).
        width_s: Standard deviation of the bell curve; 0 changes nothing.
        fps: Frames per second, where the poses do not say.

    Raises:
        VvipeError: Not a width, no rate, or frames that do not follow each other.
    """
    if not 0 <= width_s < np.inf:
        raise VvipeError("not a width of smoothing in seconds", got=width_s)
    if not width_s or len(poses) < 2:
        return poses
    time_s = _times(poses, fps)
    if isinstance(poses, Poses2D):
        keypoints = smooth(poses.coords, time_s, width_s, trust=poses.confidence)
        return replace(poses, coords=keypoints)
    root = _roots(poses)
    around = smooth(poses.coords - root, time_s, width_s)
    positions = around + smooth(root, time_s, width_s)
    return replace(poses, coords=_as_rigid_as(positions, poses.coords, poses.skeleton))


def smooth(
    values: np.ndarray, time_s: np.ndarray, width_s: float, *, trust: np.ndarray | None = None
) -> np.ndarray:
    """Robust local parabolas at every frame.

    Args:
        values: (N, ..., D) points, NaN = not seen, which stays so.
        time_s: (N,) seconds, rising.
        width_s: Standard deviation of the bell curve.
        trust: (N, ...) weights from 0 to 1.

    Returns:
        (N, ..., D) of the type of `values`.
    """
    points = values.reshape(len(values), -1, values.shape[-1]).astype(np.float64)
    seen = np.asarray(np.isfinite(points).all(-1))
    points = np.where(seen[..., None], points, 0.0)
    given = seen * (1.0 if trust is None else trust.reshape(seen.shape))
    fitted = _local_parabolas(points, given, time_s, width_s)
    for _ in range(3):
        belief = _belief(points - fitted, points, seen)
        fitted = _local_parabolas(points, given * belief, time_s, width_s)
    return np.where(seen[..., None], fitted, np.nan).reshape(values.shape).astype(values.dtype)


class LiveSmoother:
    """Smooths frame by frame as they come: robust lines through the last frames, at their end.

    Args:
        width_s: Standard deviation of the half bell curve over the past.
    """

    def __init__(self, width_s: float = LIVE_WIDTH_S) -> None:
        self.width_s = width_s
        self._past: deque[tuple[float, np.ndarray]] = deque()

    def __call__(self, values: np.ndarray, time_s: float) -> np.ndarray:
        """(..., D) points of the next frame, smoothed; NaN = not seen, which stays so."""
        self._past.append((time_s, np.asarray(values, np.float64).reshape(-1, values.shape[-1])))
        while self._past[0][0] < time_s - _REACH * self.width_s:
            self._past.popleft()
        points = np.stack([p for _, p in self._past])
        before = (np.array([t for t, _ in self._past]) - time_s) / self.width_s
        seen = np.asarray(np.isfinite(points).all(-1))
        points = np.where(seen[..., None], points, 0.0)
        bell = np.exp(-0.5 * before**2)[:, None] * seen
        terms, belief = np.stack([np.ones_like(before), before], -1), np.ones_like(bell)
        line = np.zeros((points.shape[1], 2, points.shape[2]))
        for _ in range(4):
            weighted = (bell * belief)[..., None] * terms[:, None]
            line = _solve(
                np.einsum("tjp,tq->jpq", weighted, terms),
                np.einsum("tjp,tjd->jpd", weighted, points),
            )
            off = points - np.einsum("tp,jpd->tjd", terms, line)
            belief = _belief(off, points, seen)
        now = np.where(seen[-1, :, None], line[:, 0], np.nan)
        return now.reshape(values.shape).astype(values.dtype)


def _belief(off: np.ndarray, points: np.ndarray, seen: np.ndarray) -> np.ndarray:
    """(N, J) weights of points so far off the fit: Tukey's biweight, never quite 0."""
    size = np.where(seen | ~seen.any(0), np.linalg.norm(off, axis=-1), np.nan)
    least = _LEAST_TYPICAL * float(np.ptp(points, axis=(0, 1)).max())
    typical = np.maximum(np.nanmedian(size, axis=0), least)
    ratio = np.nan_to_num(size / np.maximum(_TIMES_TYPICAL * typical, 1e-12), nan=1.0)
    return np.maximum(np.clip(1 - ratio**2, 0, None) ** 2, _LEAST_TRUST)


def _local_parabolas(
    points: np.ndarray, weight: np.ndarray, time_s: np.ndarray, width_s: float
) -> np.ndarray:
    """(N, J, D) values at every frame of the parabolas fitted around it."""
    frames = len(points)
    moments = np.zeros((*weight.shape, 5))
    sums = np.zeros((*weight.shape, 3, points.shape[-1]))
    last = np.searchsorted(time_s, time_s + _REACH * width_s, "right") - 1
    steps = int((last - np.arange(frames)).max())
    for step in range(-steps, steps + 1):
        rows = np.arange(max(0, -step), min(frames, frames - step))
        apart = (time_s[rows + step] - time_s[rows]) / width_s
        bell = np.exp(-0.5 * apart**2) * (np.abs(apart) <= _REACH)
        powers = (bell * apart ** np.arange(5)[:, None]).T[:, None] * weight[rows + step, :, None]
        moments[rows] += powers
        sums[rows] += powers[..., :3, None] * points[rows + step, :, None]
    return _solve(moments[..., np.add.outer(np.arange(3), np.arange(3))], sums)[..., 0, :]


def _solve(system: np.ndarray, right: np.ndarray) -> np.ndarray:
    size = system.shape[-1]
    return np.linalg.solve(system + np.diag([1e-12] + [_RIDGE] * (size - 1)), right)


def _times(poses: Poses2D | Poses3D, fps: float | None) -> np.ndarray:
    times = poses.time_s
    if times is None and fps is not None and poses.frame is not None:
        times = poses.frame / fps
    if times is None:
        raise VvipeError("the frame rate is not told", where=poses.source)
    if (np.diff(times) <= 0).any():
        raise VvipeError(
            "frames do not follow each other", where=poses.source, hint="one person a file"
        )
    return np.asarray(times, np.float64)


def _roots(poses: Poses3D) -> np.ndarray:
    """(N, 1, 3) the middle of the hips; the origin for all where it is not always seen."""
    hips = Skeleton("root", ("hip",), dims=3)
    root = map_joints(poses.coords, poses.skeleton, hips)[0]
    lost = np.isnan(root).any((1, 2)) & poses.mask.any(1)
    return np.zeros_like(root) if lost.any() else root


def _as_rigid_as(positions: np.ndarray, before: np.ndarray, skeleton: Skeleton) -> np.ndarray:
    """Positions with the bone lengths of those before, if these were the same in all rows."""
    whole = np.isfinite(before).all((1, 2))
    roots = [j for j, p in enumerate(skeleton.parents) if p < 0]
    if not whole.any() or len(roots) != 1:
        return positions
    lengths = bone_lengths(before[whole], skeleton)
    usual = np.median(lengths, axis=0)
    if (np.abs(lengths - usual) > _RIGID * usual).any():
        return positions
    out = positions.copy()
    walked = with_bone_lengths(positions[whole], usual, skeleton)
    out[whole] = walked + positions[whole][:, roots]
    return out
