"""The floor of the stage and the shadows on it, as pictures that cost one rectangle each."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_rgb

from vvipe.view.palette import FAINT_INK, INK, PAPER

SIZE_M, CELL_M = 12.0, 0.5


def floor_image(pixels: int = 2048) -> np.ndarray:
    """(H, W, 3) uint8: a grid on paper that fades out towards the edge; opaque, so that shadows
    lie on it whatever is drawn first.
    """
    metres = np.linspace(-SIZE_M / 2, SIZE_M / 2, pixels, dtype=np.float32)
    line = _line(metres, CELL_M, SIZE_M / pixels)
    lines = np.maximum(line[:, None], line)
    fade = np.clip(1 - (metres[:, None] ** 2 + metres**2) / (0.42 * SIZE_M) ** 2, 0, 1)
    alpha = (0.42 * lines * fade)[..., None]
    rgb = (1 - alpha) * np.float32(to_rgb(PAPER)) + alpha * np.float32(to_rgb(FAINT_INK))
    return (255 * rgb).round().astype(np.uint8)


def shadow_image(pixels: int = 128) -> np.ndarray:
    """(H, W, 4) uint8: a soft round shadow."""
    x, y = np.meshgrid(*[np.linspace(-1, 1, pixels)] * 2)
    return _tinted(INK, 0.34 * np.clip(1 - np.hypot(x, y), 0, 1) ** 1.6)


def _line(values: np.ndarray, cell: float, width: float) -> np.ndarray:
    gap = np.abs((values + cell / 2) % cell - cell / 2)
    return np.clip(1.0 - gap / width, 0, 1)


def _tinted(colour: str, alpha: np.ndarray) -> np.ndarray:
    rgb = np.broadcast_to(to_rgb(colour), (*alpha.shape, 3))
    return (255 * np.concatenate([rgb, alpha[..., None]], -1)).round().astype(np.uint8)
