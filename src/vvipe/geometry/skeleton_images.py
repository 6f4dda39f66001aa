"""Keypoints drawn as a picture, limbs painted over each other: what stands for a photograph.

Numpy or torch. Who was photographed wears any colours before any background; with `plain` the
same ones always.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from array_api_compat import array_namespace, device

from vvipe.geometry.skeleton_maps import LIMBS, SIZE, skeleton_maps

CHANNELS = 3  # red, green, blue


@dataclass(frozen=True)
class Appearance:
    """What a picture shows beside the pose.

    Attributes:
        limbs: (B, 15, 3) colours, 0 to 1.
        background: (B, 3, 64, 64).
        width_px: Of the limbs.
    """

    limbs: Any
    background: Any
    width_px: float = 6.0


def plain(count: int) -> Appearance:
    """The same for all: bright limbs, left ones redder, before grey."""
    hue = np.linspace(0.25, 1.0, len(LIMBS), dtype=np.float32)
    colours = np.stack([1.25 - hue, np.full_like(hue, 0.85), hue], -1)
    grey = np.full((count, CHANNELS, SIZE, SIZE), 0.3, np.float32)
    return Appearance(np.broadcast_to(colours, (count, *colours.shape)).copy(), grey)


def skeleton_images(keypoints: Any, mask: Any, appearance: Appearance) -> Any:
    """Paints the limbs of `skeleton_maps`, the trunk first.

    Args:
        keypoints: (B, 13, 2) normalised, finite.
        mask: (B, 13) 1 = seen.
        appearance: Of B pictures.

    Returns:
        (B, 3, 64, 64), 0 to 1.
    """
    xp = array_namespace(keypoints)
    maps = skeleton_maps(keypoints, mask, width_px=appearance.width_px)
    there = {"dtype": keypoints.dtype, "device": device(keypoints)}
    colours, image = (xp.asarray(x, **there) for x in (appearance.limbs, appearance.background))
    for limb in range(len(LIMBS)):
        share = maps[:, limb, None]
        image = image * (1 - share) + share * colours[:, limb, :, None, None]
    return image
