"""Frames in which a detector took the left for the right, told by what comes before and after."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, TypeVar

import numpy as np

from vvipe.embeddings import Embeddings
from vvipe.poses import Poses2D, Poses3D

P = TypeVar("P", Poses2D, Poses3D, Poses2D | Poses3D)

_DOUBT = 1.0  # usual steps that a frame must save to be called swapped
_LEAST = 1e-9
_FOLLOWS = 0.5  # of what swapped sides change: frames with longer steps do not follow each other


def sides_put_right(model: Any, poses: P) -> tuple[P, np.ndarray]:
    """The same motion, frames with swapped sides put right, and which these are.

    Of each frame as it is and with its sides swapped, those are taken that make the shortest way
    through the embedding space and through the image (Viterbi), where both are measured by their
    usual steps; most frames are taken to be right.

    Args:
        model: A representation.
        poses: (N, J, 2) frames that follow each other. What is no motion, 3D poses and rows whose
            frame numbers do not rise, stays as it is.

    Returns:
        The poses, and (N,) bool.
    """
    if not isinstance(poses, Poses2D) or (np.diff(_frame(poses)) <= 0).any():
        return poses, np.zeros(len(poses), bool)
    _, _, swapped = _both(model, poses)
    other = with_swapped_sides(poses)
    coords = np.where(swapped[:, None, None], other.coords, poses.coords)
    if poses.confidence is None or other.confidence is None:
        return replace(poses, coords=coords), swapped
    confidence = np.where(swapped[:, None], other.confidence, poses.confidence)
    return replace(poses, coords=coords, confidence=confidence), swapped


def embedded_in_sequence(model: Any, poses: Poses2D | Poses3D) -> Embeddings:
    """Embeddings of a motion, its sides as `sides_put_right` has them.

    Args:
        model: A representation.
        poses: (N, J, 2 or 3) frames that follow each other; 3D poses are taken as they are.
    """
    if not isinstance(poses, Poses2D):
        return model.embed(poses)
    given, other, swapped = _both(model, poses)
    vectors, variance = (
        np.where(swapped[:, None], getattr(other, name), getattr(given, name))
        for name in ("vectors", "variance")
    )
    return replace(given, vectors=vectors, variance=variance)


def _frame(poses: Poses2D) -> np.ndarray:
    return np.arange(len(poses)) if poses.frame is None else poses.frame


def _both(model: Any, poses: Poses2D) -> tuple[Embeddings, Embeddings, np.ndarray]:
    """Embeddings as given, with all sides swapped, and (N,) bool: which to take."""
    crossed = with_swapped_sides(poses)
    given, other = model.embed(poses), model.embed(crossed)
    rows = np.flatnonzero(np.isfinite(given.vectors).all(1))
    swapped = np.zeros(len(poses), bool)
    swapped[rows] = swapped_frames(
        *(
            np.concatenate(curves, 1)
            for curves in zip(
                _by_usual_step(given.vectors[rows], other.vectors[rows]),
                _by_usual_step(*(_in_image(p[rows]) for p in (poses, crossed))),
                strict=True,
            )
        )
    )
    return given, other, swapped


def _by_usual_step(given: np.ndarray, other: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Both curves in units of the first one's usual step."""
    step = np.sqrt(np.median(_square(np.diff(given, axis=0)))) if len(given) > 1 else 1.0
    return given / max(step, _LEAST), other / max(step, _LEAST)


def _in_image(poses: Poses2D) -> np.ndarray:
    """(N, 2·J) pixels from the middle of the joints that are seen; NaN joints tell nothing."""
    keypoints = poses.keypoints.astype(np.float64)
    return (keypoints - np.nanmean(keypoints, 1, keepdims=True)).reshape(len(poses), -1)


def _square(steps: np.ndarray) -> np.ndarray:
    return np.nan_to_num(steps * steps).sum(-1)


def with_swapped_sides(poses: Poses2D) -> Poses2D:
    """The same keypoints, each called as its counterpart on the other side of the body."""
    columns = poses.skeleton.mirror
    confidence = None if poses.confidence is None else poses.confidence[..., columns]
    return replace(poses, coords=poses.coords[..., columns, :], confidence=confidence)


def swapped_frames(given: np.ndarray, other: np.ndarray) -> np.ndarray:
    """(N,) bool, which of (N, D) points to take from `other` for the shortest way.

    None where the steps from frame to frame are so long that they tell nothing of the sides.
    """
    count = len(given)
    if count < 2:
        return np.zeros(count, bool)
    both = np.stack([given, other])
    usual = float(np.median(_square(np.diff(given, axis=0))))
    if usual > _FOLLOWS**2 * np.median(_square(given - other)):
        return np.zeros(count, bool)
    price = np.array([0.0, _DOUBT * usual])
    cost = price.copy()
    came = np.zeros((count, 2), int)
    for i in range(1, count):
        steps = _square(both[:, None, i] - both[None, :, i - 1])  # (to, from)
        ways = cost + steps
        came[i] = ways.argmin(1)
        cost = ways.min(1) + price
    state = int(cost.argmin())
    states = [state]
    for i in range(count - 1, 0, -1):
        state = int(came[i, state])
        states.append(state)
    return np.array(states[::-1], bool)
