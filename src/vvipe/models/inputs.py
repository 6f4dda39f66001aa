"""From poses of any skeleton to what the encoders see, the same in training and in use."""

from __future__ import annotations

from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.geometry.bones import bone_lengths, fill_missing, universal_lengths
from vvipe.geometry.canonical import Removed, to_canonical
from vvipe.geometry.keypoints import KEYPOINTS, MIN_VISIBLE, NORMALISERS
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import Skeleton, get_skeleton

H36M17 = get_skeleton("h36m17")
TORSO = H36M17.indices("spine", "thorax")
# Without these a 3D pose has no canonical frame.
NEEDED = H36M17.indices("hip", "left_hip", "right_hip", "spine", "thorax")


DOUBT = 0.2  # logarithm of a bone's length over the universal one; best on both validation sets


def torso_m() -> float:
    """Torso of the universal skeleton, |hip-spine| + |spine-thorax|, metres: the models' unit."""
    return float(universal_lengths()[TORSO].sum())


def as_poses(
    values: Any, skeleton: str | Skeleton | None = None, dims: int | None = None
) -> Poses2D | Poses3D:
    """Poses pass through; a plain array becomes poses of a skeleton.

    Args:
        values: Poses2D, Poses3D, or an array (..., J, 2 or 3).
        skeleton: Name of the array's skeleton; needed for arrays.
        dims: 2 or 3 for arrays of width 3: keypoints with confidence, or positions. By default
            detector skeletons hold keypoints and motion capture skeletons positions.

    Raises:
        VvipeError: No skeleton, or a shape that does not fit it.
    """
    if isinstance(values, Poses2D | Poses3D):
        return values
    if skeleton is None:
        raise VvipeError("a plain array needs its skeleton", hint='give skeleton="coco17", say')
    skeleton = get_skeleton(skeleton)
    try:
        array = np.asarray(values, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise VvipeError("the array does not hold numbers", where="array") from error
    if array.ndim < 2 or array.shape[-1] not in (2, 3):
        raise VvipeError(
            "not an array of poses", where="array", expected=f"(..., {len(skeleton)}, 2 or 3)",
            got=array.shape,
        )  # fmt: skip
    if array.shape[-1] == 2:
        return Poses2D(array, skeleton)
    if (dims or skeleton.dims) == 2:
        return Poses2D(array[..., :2], skeleton, confidence=np.nan_to_num(array[..., 2]))
    return Poses3D(array, skeleton)


def as_keypoints(
    values: Any, skeleton: str | Skeleton | None = None, dims: int | None = None
) -> Poses2D:
    """2D poses to be lifted, arguments as for `as_poses`.

    Raises:
        VvipeError: As `as_poses`; 3D poses.
    """
    poses = as_poses(values, skeleton, dims)
    if not isinstance(poses, Poses2D):
        raise VvipeError("only 2D keypoints can be lifted", where=poses.source, got="3D poses")
    return poses


def keypoint_inputs(poses: Poses2D, normaliser: str) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Normalised coco13 keypoints (N, 13, 2), mask (N, 13) and which poses can be embedded (N,)."""
    mapped = poses.to_skeleton(KEYPOINTS)
    xy = mapped.keypoints.reshape(-1, len(KEYPOINTS), 2)
    mask = np.isfinite(xy[..., 0]).astype(np.float32)
    spread = np.nanmax(np.where(mask[..., None] > 0, xy, -np.inf), 1, initial=-np.inf) - np.nanmin(
        np.where(mask[..., None] > 0, xy, np.inf), 1, initial=np.inf
    )
    usable = (mask.sum(1) >= MIN_VISIBLE) & (spread.max(-1) > 1e-6)
    points = NORMALISERS[normaliser](xy.astype(np.float64), mask)  # squares of any float32 fit
    return points.astype(np.float32), mask, usable


def pose_inputs(poses: Poses3D) -> tuple[np.ndarray, np.ndarray, np.ndarray, Removed]:
    """Canonical poses (N, 17, 3) in torso lengths, mask (N, 17), usable (N,), and what was removed.

    A pose needs both hips, and a thorax or what makes one; other joints may be missing.
    """
    positions = poses.to_skeleton(H36M17).positions.reshape(-1, len(H36M17), 3)
    mask = np.isfinite(positions[..., 0])
    usable = mask[:, NEEDED].sum(axis=1) == len(NEEDED)
    positions = np.where(usable[:, None, None], positions, np.nan)
    filled, lengths = fill_missing(positions, universal_lengths(), H36M17)
    canonical, removed = to_canonical(filled, lengths, H36M17)
    usable = usable & (bone_lengths(filled, H36M17)[:, TORSO].min(1) > 1e-6)
    return canonical / torso_m(), mask.astype(np.float32), usable, removed


def own_lengths(log_ratio: np.ndarray) -> np.ndarray:
    """(N, 17) logarithms of bone lengths over the universal ones to metres, torso as long.

    Most people are built nearly as the universal skeleton, and one view tells small differences
    badly: a bone is believed where it is told to be quite different, half where it is by `DOUBT`.
    """
    told = (log_ratio / DOUBT) ** 8
    lengths = np.exp(log_ratio * told / (1 + told)) * universal_lengths()
    return lengths * (torso_m() / lengths[:, TORSO].sum(1, keepdims=True))


def whole_lengths(lengths: np.ndarray, mask: np.ndarray) -> np.ndarray:
    """(N, 17) bone lengths, those of bones not seen from the universal skeleton at their size.

    Args:
        lengths: (N, 17) as `pose_inputs` removed them.
        mask: (N, 17) its mask.
    """
    seen = (mask > 0) & (mask[:, list(H36M17.parents)] > 0)
    size = lengths[:, TORSO].sum(1, keepdims=True) / torso_m()
    return np.where(seen, lengths, universal_lengths() * size)
