"""The floor of the stage and the shadows on it, drawn with little."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_rgb

from vvipe.view.palette import INK, LINE, PAPER

RADIUS_M, CELL_M, PIECE_M = 4.0, 0.5, 1.0


def floor_lines() -> tuple[np.ndarray, np.ndarray]:
    """(S, 2, 3) segments of a grid, metres, and (S, 2, 3) uint8 colours that fade into paper.

    Lines and not a picture: what a picture covers is shaded anew in every frame.
    """
    lines, breaks = (np.arange(-RADIUS_M, RADIUS_M + gap / 2, gap) for gap in (CELL_M, PIECE_M))
    a, b = np.meshgrid(lines, breaks, indexing="ij")
    across = np.stack([a, b, np.zeros_like(a)], -1)
    along = across[..., [1, 0, 2]]
    segments = np.concatenate(
        [np.stack([x[:, :-1], x[:, 1:]], 2).reshape(-1, 2, 3) for x in (along, across)]
    )
    strength = np.clip(1 - (np.linalg.norm(segments, axis=-1) / RADIUS_M) ** 2, 0, 1)
    seen = strength.max(1) > 0.02
    ink, paper = np.array(to_rgb(LINE)), np.array(to_rgb(PAPER))
    colours = paper + strength[seen, :, None] * (ink - paper)
    return segments[seen].astype(np.float32), (255 * colours).round().astype(np.uint8)


def shadow_image(pixels: int = 128) -> np.ndarray:
    """(H, W, 4) uint8: a soft round shadow."""
    x, y = np.meshgrid(*[np.linspace(-1, 1, pixels)] * 2)
    return _tinted(INK, 0.34 * np.clip(1 - np.hypot(x, y), 0, 1) ** 1.6)


def _tinted(colour: str, alpha: np.ndarray) -> np.ndarray:
    rgb = np.broadcast_to(to_rgb(colour), (*alpha.shape, 3))
    return (255 * np.concatenate([rgb, alpha[..., None]], -1)).round().astype(np.uint8)
