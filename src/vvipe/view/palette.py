"""The one set of colours and type sizes that every figure uses; safe for colour-blind readers."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_rgb

LEFT, RIGHT, CENTRE = "#2176c7", "#e8701a", "#7b8698"
GHOST = "#b4bcc9"
HIT, MISS = "#1a9a6c", "#d0435b"
INK, SOFT_INK, FAINT_INK = "#1c2330", "#667085", "#7b8698"
PAPER, PANEL, LINE = "#ffffff", "#f4f6f9", "#e1e6ed"

# Ten groups told apart by hue and by lightness; none so pale or so dark that it is lost on a page
# of either kind.
GROUPS = (
    "#3b6fb6", "#e8853a", "#2f8f4e", "#c8417f", "#2fa4c7",
    "#9a7416", "#8f6cc4", "#7d3656", "#86a832", "#d27f8f",
)  # fmt: skip

TITLE_PT, HEADING_PT, LABEL_PT, SMALL_PT = 15.0, 10.0, 9.0, 8.0

RGB = tuple[float, float, float]


def mix(colour: str | RGB, other: str | RGB, share: float) -> RGB:
    """`colour` with `share` (0..1) of `other` mixed in."""
    a, b = np.array(to_rgb(colour)), np.array(to_rgb(other))
    red, green, blue = (1 - share) * a + share * b
    return float(red), float(green), float(blue)
