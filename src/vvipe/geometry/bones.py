"""The universal skeleton: every person given the same bone lengths, directions kept."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import numpy as np
from array_api_compat import array_namespace

from vvipe.skeletons import Skeleton, get_skeleton

# Median bone lengths of the CMU training subjects on h36m17, metres, by child joint (left and
# right alike); measured by `benchmarks/universal_skeleton.py`.
UNIVERSAL_LENGTHS_M: dict[str, float] = {
    "hip": 0.0, "spine": 0.219, "thorax": 0.233, "nose": 0.220, "head": 0.281,
    "right_hip": 0.092, "right_knee": 0.412, "right_ankle": 0.423,
    "left_hip": 0.092, "left_knee": 0.412, "left_ankle": 0.423,
    "left_shoulder": 0.199, "left_elbow": 0.289, "left_wrist": 0.189,
    "right_shoulder": 0.199, "right_elbow": 0.289, "right_wrist": 0.189,
}  # fmt: skip


def universal_lengths(skeleton: str = "h36m17") -> np.ndarray:
    """(J,) bone length to each joint from its parent, metres, 0 for the root."""
    return np.array([UNIVERSAL_LENGTHS_M[j] for j in get_skeleton(skeleton).joints], np.float32)


def bone_vectors(positions: Any, skeleton: Skeleton) -> Any:
    """(..., J, 3) vector from each joint's parent to the joint; roots hold their own position."""
    xp = array_namespace(positions)
    return xp.asarray(_difference_matrix(skeleton.parents), dtype=positions.dtype) @ positions


def bone_lengths(positions: Any, skeleton: Skeleton) -> Any:
    """(..., J) distance from each joint's parent, 0 for roots, in the unit of `positions`."""
    xp = array_namespace(positions)
    bones = bone_vectors(positions, skeleton)
    is_bone = xp.asarray([float(p >= 0) for p in skeleton.parents], dtype=positions.dtype)
    return _norm(xp, bones)[..., 0] * is_bone


def with_bone_lengths(positions: Any, lengths: Any, skeleton: Skeleton) -> Any:
    """Walks the skeleton from the root at the origin, directions kept, lengths replaced.

    Args:
        positions: (..., J, 3), numpy or torch.
        lengths: (J,) or (..., J) new lengths; the root's is ignored.
        skeleton: Must have one root.

    Returns:
        (..., J, 3) with the root at the origin; NaN throughout where any joint is NaN, so fill
        those first (`fill_missing`).
    """
    xp = array_namespace(positions)
    bones = bone_vectors(positions, skeleton)
    is_bone = xp.asarray([[float(p >= 0)] for p in skeleton.parents], dtype=positions.dtype)
    unit = bones * is_bone / xp.clip(_norm(xp, bones), 1e-9, None)
    return walk(unit * lengths[..., None], skeleton)


def fill_missing(
    positions: np.ndarray, lengths: np.ndarray, skeleton: Skeleton
) -> tuple[np.ndarray, np.ndarray]:
    """Puts missing joints on their parents, so that the rest of the skeleton can be walked.

    A seen joint beyond a missing one keeps its distance from the nearest seen joint before it,
    scaled as the torso is.

    Args:
        positions: (N, J, 3), NaN = missing; the root must be seen, or the pose stays NaN.
        lengths: (J,) bone lengths wanted.
        skeleton: Its joints, parents before children not required.

    Returns:
        (N, J, 3) without NaN where the root is seen, and (N, J) lengths for `with_bone_lengths`.
    """
    missing = np.isnan(positions[..., 0])
    filled = positions.copy()
    beyond = np.zeros_like(missing)
    for _ in skeleton.joints:  # as many rounds as the longest path has bones, at most
        for parent, child in skeleton.bones:
            hole = np.isnan(filled[:, child, 0])
            filled[hole, child] = filled[hole, parent]
            beyond[:, child] = missing[:, parent] & ~missing[:, child]
    observed = bone_lengths(filled, skeleton)
    torso = [skeleton.index(j) for j in ("spine", "thorax")]
    scale = lengths[torso].sum() / np.maximum(observed[:, torso].sum(1), 1e-9)
    return filled, np.where(beyond, observed * scale[:, None], lengths).astype(np.float32)


def walk(bones: Any, skeleton: Skeleton) -> Any:
    """(..., J, 3) joint positions from (..., J, 3) bone vectors: each is the sum along its path."""
    xp = array_namespace(bones)
    return xp.asarray(_path_matrix(skeleton.parents), dtype=bones.dtype) @ bones


def _norm(xp: Any, vectors: Any) -> Any:
    return xp.sqrt(xp.sum(vectors * vectors, axis=-1, keepdims=True) + 1e-18)


@lru_cache
def _difference_matrix(parents: tuple[int, ...]) -> np.ndarray:
    matrix = np.eye(len(parents), dtype=np.float32)
    for child, parent in enumerate(parents):
        if parent >= 0:
            matrix[child, parent] = -1
    return matrix


@lru_cache
def _path_matrix(parents: tuple[int, ...]) -> np.ndarray:
    return np.linalg.inv(_difference_matrix(parents)).round().astype(np.float32)
