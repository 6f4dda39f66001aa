"""Keypoints told as parts of the image, from 0 to 1."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.following import Frames, Seen

_OUTSIDE = 4.0  # images away from the middle: beyond, they are pixels


def in_pixels(frames: Frames, image_size: tuple[int, int] | None, path: Path) -> list[list[Seen]]:
    """The same in pixels, where they were parts of the image.

    Raises:
        VvipeError: They are, and nobody tells the size of the image.
    """
    spans = [
        np.abs(s.keypoints[s.keypoints[:, 2] > 0, :2]).max(initial=0) for f in frames for s in f
    ]
    if not spans or float(np.median(spans)) > _OUTSIDE:
        return [list(f) for f in frames]
    if image_size is None:
        raise VvipeError(
            "normalised coordinates, and no size of the image", where=path,
            hint="give image_size, or convert with --image-size WIDTHxHEIGHT",
        )  # fmt: skip
    size = np.array([*image_size, 1.0])
    return [[replace(s, keypoints=s.keypoints * size) for s in f] for f in frames]
