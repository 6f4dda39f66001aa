"""Keypoints drawn as a picture, limbs painted over each other: what stands for a photograph.

Numpy or torch. Who was photographed wears any colours before any background, with `plain` the
same ones always. Left limbs are redder than right ones, as a photograph tells sides too.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from array_api_compat import array_namespace, device

from vvipe.geometry.skeleton_maps import LIMBS, SIZE, skeleton_maps

CHANNELS = 3  # red, green, blue
_REDDER = {"left": 1, "right": -1}  # a limb that ends between both sides is neither
_SIDE = [[sum(_REDDER.get(joint.split("_")[0], 0) for joint in end)] for _, end in LIMBS]
_LEAST = (1 + np.array(_SIDE) * [1, 0, -1]) * [0.25, 0, 0.25]
_SPREAD = [0.5, 1, 0.5]


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


def clothes(paint: Any) -> Any:
    """Any (..., 15, 3) numbers from 0 to 1 to colours of limbs that tell their sides."""
    xp = array_namespace(paint)
    there = {"dtype": paint.dtype, "device": device(paint)}
    return xp.asarray(_LEAST, **there) + xp.asarray(_SPREAD, **there) * paint


def plain(count: int) -> Appearance:
    """The same for all: neighbouring limbs unlike, before grey."""
    paint = np.modf(np.arange(len(LIMBS) * CHANNELS) * 0.618)[0].reshape(len(LIMBS), CHANNELS)
    colours = clothes(paint.astype(np.float32))
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
