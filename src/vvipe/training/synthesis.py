"""Pose synthesis: poses beyond those recorded, made from those that were (ours).

Poses here are (B, 17, 3) torch tensors on h36m17, world frame (z up), metres, root at the origin.
"""

from __future__ import annotations

import torch
from torch import Tensor

from vvipe.geometry.bones import bone_vectors, walk
from vvipe.geometry.canonical import canonical_rotation, hip_rotation
from vvipe.skeletons import get_skeleton
from vvipe.training.config import Synthesis

SKELETON = get_skeleton("h36m17")
_ARMS = tuple(SKELETON.indices(f"{s}_elbow", f"{s}_wrist") for s in ("left", "right"))
_LEGS = tuple(SKELETON.indices(f"{s}_knee", f"{s}_ankle") for s in ("left", "right"))
_HIPS = SKELETON.indices("left_hip", "right_hip")
_SHOULDERS = SKELETON.indices("left_shoulder", "right_shoulder")
_HEAD = SKELETON.indices("nose", "head")
_UPPER = SKELETON.indices("thorax", "nose", "head") + [
    SKELETON.index(f"{side}_{part}")
    for side in ("left", "right")
    for part in ("shoulder", "elbow", "wrist")
]  # fmt: skip
_MIRROR = torch.as_tensor(SKELETON.mirror)


def synthesise(poses: Tensor, how: Synthesis) -> Tensor:
    """Mirrors, swaps limbs, bends joints and varies bone lengths, each by its chance or spread."""
    poses = mirrored(poses, how.mirror)
    bones = bone_vectors(poses, SKELETON)
    if how.limb_swap:
        bones = _swap_limbs(poses, bones, how.limb_swap)
    if how.bend_rad:
        bones = _bend(bones, how.bend_rad)
    if how.bone_lengths:
        factor = 1 + how.bone_lengths * torch.randn(bones.shape[:2])
        factor = (factor + factor[:, _MIRROR]) / 2**0.5 - (2**0.5 - 1)  # both sides alike
        bones = bones * factor[..., None]
    return walk(bones, SKELETON)


def other_rig(poses: Tensor, how: Synthesis) -> Tensor:
    """The same poses as another rig or detector would have them: joints placed elsewhere.

    Shoulders and hips are narrower or wider, shoulders higher or lower, arms and legs move along;
    and every joint is off by a little of its own.
    """
    bones = bone_vectors(poses, SKELETON)
    up = torch.nn.functional.normalize(bones[:, SKELETON.index("thorax")], dim=-1)[:, None]
    width = bones[:, _SHOULDERS].norm(dim=-1, keepdim=True)
    lift = how.shoulder_height * torch.randn(len(poses), 1, 1) * width * up
    bones[:, _SHOULDERS] = bones[:, _SHOULDERS] * _between(how.shoulder_width, poses) + lift
    bones[:, _HIPS] = bones[:, _HIPS] * _between(how.hip_width, poses)
    return walk(bones, SKELETON) + how.placement_m * torch.randn_like(poses)


def _between(bounds: tuple[float, float], poses: Tensor) -> Tensor:
    return bounds[0] + (bounds[1] - bounds[0]) * torch.rand(len(poses), 1, 1)


def random_rotations(count: tuple[int, ...], spread_rad: float) -> Tensor:
    """(*count, 3, 3) rotations about random axes, angles normal with this spread per axis."""
    return rotvec_to_rotmat(spread_rad * torch.randn(*count, 3))


def rotvec_to_rotmat(rotvec: Tensor) -> Tensor:
    """(..., 3) axis times angle in radians to (..., 3, 3)."""
    x, y, z = rotvec.unbind(-1)
    zero = torch.zeros_like(x)
    skew = torch.stack([zero, -z, y, z, zero, -x, -y, x, zero], -1).unflatten(-1, (3, 3))
    return torch.linalg.matrix_exp(skew)


def mirrored(poses: Tensor, chance: float) -> Tensor:
    """(B, 17, 2 or 3) poses, each with this chance its mirror image: sides swapped, x turned."""
    flipped = poses[:, _MIRROR] * torch.tensor([-1.0, 1.0, 1.0])[: poses.shape[-1]]
    return torch.where((torch.rand(len(poses)) < chance)[:, None, None], flipped, poses)


def _swap_limbs(poses: Tensor, bones: Tensor, chance: float) -> Tensor:
    """Limbs of other poses of the batch, turned with the part of the torso that they hang on."""
    out = bones.clone()
    frames = {"hips": hip_rotation(poses, SKELETON), "shoulders": _shoulder_rotation(bones)}
    for limbs, frame in ((_LEGS, frames["hips"]), (_ARMS, frames["shoulders"])):
        for limb in limbs:
            other = torch.randperm(len(poses))
            turn = frame.mT @ frame[other]
            swap = (torch.rand(len(poses)) < chance)[:, None, None]
            out[:, limb] = torch.where(swap, bones[other][:, limb] @ turn.mT, bones[:, limb])
    return out


def _shoulder_rotation(bones: Tensor) -> Tensor:
    left, right, up = (
        bones[:, SKELETON.index(j)] for j in ("left_shoulder", "right_shoulder", "thorax")
    )
    return canonical_rotation(left, right, up)


def _bend(bones: Tensor, spread_rad: float) -> Tensor:
    out = bones.clone()
    for group in (_UPPER, _HEAD, *_ARMS, *_LEGS):
        out[:, group] = out[:, group] @ random_rotations((len(bones),), spread_rad)
    for limb in (*_ARMS, *_LEGS):
        out[:, limb[1:]] = out[:, limb[1:]] @ random_rotations((len(bones),), spread_rad)
    return out
