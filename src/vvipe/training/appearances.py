"""What pictures of training poses show beside the pose."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from vvipe.geometry.skeleton_images import CHANNELS, Appearance, clothes
from vvipe.geometry.skeleton_maps import LIMBS, SIZE

_COARSE = 8  # pixels of a background before it is drawn out


def random_clothes(count: int) -> Tensor:
    """(count, 15, 3) colours of limbs: each somebody's own, neighbouring limbs unlike."""
    return clothes(torch.rand(count, len(LIMBS), CHANNELS))


def random_appearance(worn: Tensor) -> Appearance:
    """A place and a light of their own for each, before it people in what is worn, (B, 15, 3)."""
    count = len(worn)
    patches = (_COARSE, _COARSE)  # places are duller than clothes
    coarse = 0.7 * torch.rand(count, 1, *patches) + 0.3 * torch.rand(count, CHANNELS, *patches)
    place = interpolate(coarse, size=(SIZE, SIZE), mode="bilinear", align_corners=False)
    light = 0.6 + 0.4 * torch.rand(count, 1, 1)
    background = place * light[..., None] + 0.05 * torch.randn(count, CHANNELS, SIZE, SIZE)
    width = 4.0 + 4.0 * float(torch.rand(()))
    return Appearance(worn * light, background.clamp(0, 1), width)
