"""The floor under a body: a faint grid that fades out, and a soft shadow."""

from __future__ import annotations

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import PathPatch
from matplotlib.path import Path

from vvipe.view.body import FRAME, HEAD_RADIUS, LIMBS, Joints
from vvipe.view.palette import INK, LINE
from vvipe.view.shapes import capsule, disc
from vvipe.view.viewpoint import Projection

RADIUS, CELL = 1.25, 0.25  # torso lengths


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
    # The grid turns with the viewer, so that floors of neighbouring pictures look alike.
    right, ahead = projection.axes[0], np.cross(projection.axes[0], (0.0, 0.0, 1.0))
    pieces, strengths = [], []
    for a, b in ((right, ahead), (ahead, right)):
        lines = offsets[:, None, None] * a + along[None, :, None] * b
        distance = np.linalg.norm((lines[:, 1:] + lines[:, :-1]) / 2, axis=-1) / radius
        flat = projection(lines + projection.origin)[0]
        pieces.append(np.stack([flat[:, :-1], flat[:, 1:]], axis=2).reshape(-1, 2, 2))
        strengths.append(np.clip(1.15 - 1.15 * distance**2, 0, 1).ravel())
    segments, strength = np.concatenate(pieces), np.concatenate(strengths)
    shown = strength > 0.02
    lines = LineCollection(
        list(segments[shown]), colors=LINE, alpha=strength[shown], linewidths=0.8, zorder=1
    )
    ax.add_collection(lines, autolim=False)


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
    paths = []
    for outline in outlines:
        on_floor = np.column_stack([outline, np.full(len(outline), projection.floor)])
        closed = np.vstack([on_floor, on_floor[:1]])
        paths.append(Path(projection(closed)[0], closed=True))
    # One compound path is filled once, so that overlapping limbs do not darken each other.
    shadow = PathPatch(Path.make_compound_path(*paths), color=INK, alpha=alpha, lw=0, zorder=1.5)
    ax.add_artist(shadow)
