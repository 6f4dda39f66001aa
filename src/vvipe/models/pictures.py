"""People cut out of photographs, framed as the painted keypoints are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from vvipe.errors import VvipeError
from vvipe.geometry.keypoints import KEYPOINTS, view_frame
from vvipe.geometry.skeleton_maps import REACH, SIZE
from vvipe.poses import Poses2D

_FINE = 4  # times as fine, before neighbouring pixels are averaged


def person_pictures(
    images: Sequence[np.ndarray], poses: Poses2D, normaliser: str = "rms"
) -> np.ndarray:
    """Cuts the person of each pose out of its image.

    Args:
        images: N of (H, W, 3) uint8, red, green, blue.
        poses: (N, J, 2) keypoints in them, pixels.
        normaliser: The model's rule for 2D keypoints.

    Returns:
        (N, 3, 64, 64) float32, 0 to 1; black beyond the image; NaN where nobody is seen.

    Raises:
        VvipeError: Not an image for each pose, or images of another kind.
    """
    if len(images) != len(poses):
        raise VvipeError("not an image for each pose", expected=len(poses), got=len(images))
    mapped = poses.to_skeleton(KEYPOINTS)
    centre, size = view_frame(mapped.keypoints, mapped.mask, normaliser)
    out = np.full((len(poses), 3, SIZE, SIZE), np.nan, np.float32)
    for i, image in enumerate(images):
        if image.ndim != 3 or image.shape[2] != 3 or image.dtype != np.uint8:
            raise VvipeError(
                "not a picture in colours", where=f"image {i}", expected="(H, W, 3) uint8",
                got=f"{image.shape} {image.dtype}",
            )  # fmt: skip
        if mapped.mask[i].any():
            out[i] = _cut(image, centre[i, 0], float(size[i, 0, 0]) * REACH)
    return out


def _cut(image: np.ndarray, centre: np.ndarray, reach_px: float) -> np.ndarray:
    step = 2 * reach_px / (SIZE * _FINE)
    (left, top), side = centre - reach_px, SIZE * _FINE
    place = (step, 0.0, float(left), 0.0, step, float(top))
    fine = Image.fromarray(image).transform(
        (side, side), Image.Transform.AFFINE, place, resample=Image.Resampling.BILINEAR
    )
    small = fine.resize((SIZE, SIZE), Image.Resampling.BOX)
    return np.moveaxis(np.asarray(small, np.float32) / 255, -1, 0)
