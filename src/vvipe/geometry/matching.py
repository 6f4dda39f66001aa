"""The matching metric: when two 3D poses count as the same (V-VIPE §4.2, PR-VIPE §4.1)."""

from __future__ import annotations

import numpy as np

from vvipe.geometry.procrustes import mean_distance, procrustes_align
from vvipe.geometry.superpose import superposed_distance
from vvipe.skeletons import get_skeleton

KAPPA = 0.10  # poses match below this, in torso lengths
_H36M17 = get_skeleton("h36m17")


def torso_normalised(positions: np.ndarray) -> np.ndarray:
    """(..., 17, 3) h36m17 centred on the hip, |hip-spine| + |spine-thorax| = 1."""
    hip, spine, thorax = (positions[..., _H36M17.index(j), :] for j in ("hip", "spine", "thorax"))
    torso = np.linalg.norm(spine - hip, axis=-1) + np.linalg.norm(thorax - spine, axis=-1)
    return (positions - hip[..., None, :]) / torso[..., None, None]


def match_distance(query: np.ndarray, found: np.ndarray) -> np.ndarray:
    """Mean joint distance after `found` is Procrustes-aligned onto `query`, in torso lengths.

    Args:
        query: (..., 17, 3) h36m17 positions, any unit and frame.
        found: The same shape.

    Returns:
        (...) distances; the poses match where this is below `KAPPA`.
    """
    query, found = torso_normalised(query), torso_normalised(found)
    return mean_distance(query, procrustes_align(found, query))


def match_matrix(positions: np.ndarray) -> np.ndarray:
    """`match_distance` of every pose to every other, to 1e-5.

    Args:
        positions: (N, 17, 3) h36m17 positions, any unit and frame.

    Returns:
        (N, N) float32; [i, j] has pose i as the query, j as the found one; NaN for NaN poses.
    """
    return match_distances(positions, positions)


def match_distances(query: np.ndarray, found: np.ndarray) -> np.ndarray:
    """`match_distance` of every pose of one set to every pose of another, to 1e-5.

    Args:
        query: (N, 17, 3) h36m17 positions, any unit and frame.
        found: (M, 17, 3).

    Returns:
        (N, M) float32; NaN for NaN poses.
    """
    queries, (_, by_joint) = _centred(query)[0], _centred(found)
    rows = [superposed_distance(pose, by_joint) for pose in queries]
    return np.array(rows, np.float32).reshape(len(query), len(found))


def drop_near_duplicates(positions: np.ndarray, radius: float = 0.02) -> np.ndarray:
    """Indices of poses kept so that none is within `radius` of one kept before it.

    A pose goes when a kept one before it, as the query, is nearer than `radius`: first come,
    first kept.

    Args:
        positions: (N, 17, 3) h36m17, any unit and frame.
        radius: Matching distance, torso lengths.
    """
    if not len(positions):
        return np.zeros(0, int)
    poses, by_joint = _centred(positions)
    may_match = _Filter(poses, radius)
    alive = np.ones(len(poses), bool)
    for i in range(len(poses)):
        if alive[i]:
            rivals = i + 1 + np.flatnonzero(alive[i + 1 :] & may_match(i))
            near = superposed_distance(poses[i], by_joint[..., rivals]) < radius
            alive[rivals[near]] = False
    return np.flatnonzero(alive)


class _Filter:
    """Tells cheaply, and never wrongly, that a later pose is further than `radius` away.

    With joint errors e after alignment, the length between joints a and b differs by at most
    e_a + e_b, so over disjoint pairs the differences sum to at most the sum of e, which is below
    J·radius. The scale in between is known too: with poses scaled to unit spread it lies between
    sqrt(1 - (J·radius)² / spread) and 1, because the squared errors sum to at most (J·radius)².
    """

    def __init__(self, poses: np.ndarray, radius: float) -> None:
        spread = (poses * poses).sum((1, 2))
        scaled = poses / np.sqrt(spread)[:, None, None]
        a, b = np.triu_indices(poses.shape[1], 1)
        lengths = np.linalg.norm(scaled[:, a] - scaled[:, b], axis=-1)
        pairs = _disjoint(np.argsort(-lengths.var(0)), a, b)
        self.lengths = np.ascontiguousarray(lengths[:, pairs].T)
        most = poses.shape[1] * radius
        shrink = 1 - np.sqrt(np.maximum(1 - most**2 / spread, 0))
        self.reach = most / np.sqrt(spread) + shrink * self.lengths.sum(0).max(initial=0) + 1e-4

    def __call__(self, i: int) -> np.ndarray:
        """(N - i - 1,) False where a pose after the i-th surely is not within the radius."""
        gaps = np.abs(self.lengths[:, i + 1 :] - self.lengths[:, i, None]).sum(0)
        return ~(gaps > self.reach[i])


def _disjoint(order: np.ndarray, a: np.ndarray, b: np.ndarray) -> list[int]:
    taken: set[int] = set()
    pairs: list[int] = []
    for pair in order:
        if not taken & {int(a[pair]), int(b[pair])}:
            taken |= {int(a[pair]), int(b[pair])}
            pairs.append(int(pair))
    return pairs


def _centred(positions: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Torso-normalised poses with zero mean as (N, J, 3) and as (J, 3, N), float32."""
    poses = torso_normalised(np.asarray(positions, np.float64))
    poses = (poses - poses.mean(axis=1, keepdims=True)).astype(np.float32)
    return poses, np.ascontiguousarray(np.moveaxis(poses, 0, -1))
