"""What a pose becomes before the pose VAE: canonical, in torso lengths."""

from __future__ import annotations

import torch
from torch import Tensor

from vvipe.geometry.bones import universal_lengths
from vvipe.geometry.canonical import hip_rotation, rotate, to_canonical
from vvipe.models.inputs import H36M17 as SKELETON
from vvipe.models.inputs import torso_m
from vvipe.training.config import TrainConfig


def pose_targets(poses: Tensor, config: TrainConfig) -> Tensor:
    """(B, 17, 3) poses -> what the decoder learns to draw, torso lengths.

    Canonical, but for the ablations: without `align` the rotation stays, without `universal` the
    bone lengths.
    """
    root = poses[:, SKELETON.index("hip"), None]
    if config.universal:
        lengths = torch.as_tensor(universal_lengths() / torso_m())
        canonical, removed = to_canonical(poses, lengths, SKELETON)
        return canonical if config.align else rotate(removed.rotation.mT, canonical)
    centred = poses - root
    spine, thorax = (centred[:, SKELETON.index(j)] for j in ("spine", "thorax"))
    scaled = centred / (spine.norm(dim=-1) + (thorax - spine).norm(dim=-1))[:, None, None]
    return rotate(hip_rotation(scaled, SKELETON), scaled) if config.align else scaled
