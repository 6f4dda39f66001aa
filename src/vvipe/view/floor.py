"""The floor under a body: a faint grid that fades out, and a soft shadow."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from vvipe.view.body import FRAME, HEAD_RADIUS, LIMBS, Joints
from vvipe.view.palette import INK, LINE
from vvipe.view.shapes import capsule, disc
from vvipe.view.viewpoint import Projection

RADIUS, CELL = 1.25, 0.25  # torso lengths
_STRENGTHS = 12


def draw_floor(ax: Axes, joints: Joints, projection: Projection) -> None:
    """Draws grid and shadow; nothing where there is no floor or it is seen edge-on."""
    if projection.floor is None or projection.axes[2, 2] < 0.03:
        return
    _draw_grid(ax, projection)
    for grow, alpha in ((2.2, 0.03), (1.6, 0.04), (1.0, 0.06)):
        _draw_shadow(ax, joints, projection, grow, alpha)


def _draw_grid(ax: Axes, projection: Projection) -> None:
    radius, cell = RADIUS * projection.torso, CELL * projection.torso
    offsets = np.arange(-radius + cell / 2, radius, cell)
    along = np.linspace(-radius, radius, 31)
    right = np.array((1.0, 0.0, 0.0)) if projection.fixed_floor else projection.axes[0]
    ahead = np.cross(right, (0.0, 0.0, 1.0))
    pieces, strengths = [], []
    for a, b in ((right, ahead), (ahead, right)):
        shift = -(projection.origin @ a) % cell if projection.fixed_floor else 0.0
        lines = (offsets + shift)[:, None, None] * a + along[None, :, None] * b
        distance = np.linalg.norm((lines[:, 1:] + lines[:, :-1]) / 2, axis=-1) / radius
        flat = projection(lines + projection.origin)[0]
        pieces.append(np.stack([flat[:, :-1], flat[:, 1:]], axis=2).reshape(-1, 2, 2))
        strengths.append(np.clip(1.15 - 1.15 * distance**2, 0, 1).ravel())
    segments, strength = np.concatenate(pieces), np.concatenate(strengths)
    # A path for each of a few strengths draws several times as fast as one for each segment.
    level = np.round(np.clip(strength, 0, 1) * _STRENGTHS).astype(int)
    for strong in np.unique(level[level > 0]):
        flat = segments[level == strong].reshape(-1, 2)
        codes = np.tile(np.array([Path.MOVETO, Path.LINETO], Path.code_type), len(flat) // 2)
        lines = PathPatch(
            Path(flat, codes), fill=False, edgecolor=LINE, alpha=strong / _STRENGTHS, lw=0.8,
            capstyle="butt", zorder=1,
        )  # fmt: skip
        ax.add_artist(lines)


def _draw_shadow(
    ax: Axes, joints: Joints, projection: Projection, grow: float, alpha: float
) -> None:
    flat = {role: point[:2] for role, point in joints.items()}
    size = projection.torso * grow
    outlines = [
        capsule(flat[limb.start], flat[limb.end], size * limb.radius[0], size * limb.radius[1])
        for limb in (*LIMBS, *FRAME)
        if limb.start in flat and limb.end in flat
    ]
    if "skull" in flat:
        outlines.append(disc(flat["skull"], size * HEAD_RADIUS * 0.8))
    if not outlines:
        return
    corners = np.concatenate([np.vstack([outline, outline[:1]]) for outline in outlines])
    codes = np.full(len(corners), Path.LINETO, Path.code_type)
    ends = np.cumsum([len(outline) + 1 for outline in outlines])
    codes[np.r_[0, ends[:-1]]], codes[ends - 1] = Path.MOVETO, Path.CLOSEPOLY
    on_floor = np.column_stack([corners, np.full(len(corners), projection.floor)])
    # One compound path is filled once, so that overlapping limbs do not darken each other.
    path = Path(projection(on_floor)[0], codes)
    ax.add_artist(PathPatch(path, color=INK, alpha=alpha, lw=0, zorder=1.5))
