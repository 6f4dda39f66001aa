"""Small squares of a picture, and where they are found again."""

from __future__ import annotations

import cv2
import numpy as np

from vvipe.errors import VvipeError

_FLAT = 1.0  # standard deviation in grey levels below which a patch looks like any other


def grey(frame: np.ndarray | None) -> np.ndarray:
    """(H, W) uint8 of a (H, W, 3) RGB or (H, W) frame.

    Raises:
        VvipeError: It is no picture.
    """
    plain = frame is not None and (frame.ndim == 2 or frame.shape[2:] == (3,))
    if frame is None or frame.dtype != np.uint8 or not plain:
        got = None if frame is None else f"{frame.dtype} {frame.shape}"
        raise VvipeError("no frame", expected="(H, W, 3) uint8", got=got)
    return cv2.cvtColor(frame, cv2.COLOR_RGB2GRAY) if frame.ndim == 3 else frame


def cut(picture: np.ndarray, point: np.ndarray, size: int) -> np.ndarray | None:
    """(size, size) round a point, sampled between pixels; None where it is flat or off the image.

    Args:
        picture: (H, W) uint8.
        point: (2,) u, v; the middle of the first pixel is (0.5, 0.5).
        size: Pixels.
    """
    h, w = picture.shape
    half = size / 2
    u, v = float(point[0]), float(point[1])
    if not (half <= u <= w - half and half <= v <= h - half):
        return None
    patch = cv2.getRectSubPix(picture, (size, size), (u - 0.5, v - 0.5))
    return patch if patch.std() > _FLAT else None


def search(
    picture: np.ndarray, patch: np.ndarray | None, near: np.ndarray, reach: int, alike: float
) -> np.ndarray | None:
    """(2,) the middle of the place most like a patch, if it is enough like it.

    Args:
        picture: (H, W) uint8.
        patch: (s, s) uint8; None is found nowhere.
        near: (2,) u, v round which to look.
        reach: Pixels to each side.
        alike: Least normalised correlation.
    """
    if patch is None:
        return None
    h, w = picture.shape
    size = len(patch)
    left, top = (np.floor(near) - size // 2 - reach).astype(int).clip(0)
    right, bottom = (np.floor(near) + size // 2 + reach + 1).astype(int)
    window = picture[top : max(min(bottom, h), 0), left : max(min(right, w), 0)]
    if min(window.shape) < size:
        return None
    score = cv2.matchTemplate(window, patch, cv2.TM_CCOEFF_NORMED)
    _, best, _, (x, y) = cv2.minMaxLoc(score)
    return np.array([left + x, top + y]) + size / 2 if best >= alike else None
