"""The way from one pose to another."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from vvipe.poses import Poses3D
from vvipe.view.draw import draw_pose_3d
from vvipe.view.look import SOLID
from vvipe.view.palette import INK, SOFT_INK
from vvipe.view.sheet import Sheet, union
from vvipe.view.viewpoint import View

WIDTH, HEIGHT, TEXT = 1.25, 2.0, 0.3


def interpolation_figure(
    poses: Poses3D,
    fractions: np.ndarray | None = None,
    title: str | None = "From one pose to another",
    subtitle: str | None = None,
    view: View | None = None,
) -> Figure:
    """Draws a strip of bodies from pose A to pose B.

    Args:
        poses: (N, J, 3) one strip, or (R, N, J, 3) one strip a row; first A, last B.
        fractions: (N,) how far each is from A (0) to B (1); None: even steps.
        title: Heading of the figure; None: none.
        subtitle: A line beneath the title.
        view: From where all are seen.
    """
    strips = poses.positions.reshape(-1, *poses.positions.shape[-3:])
    rows, n = strips.shape[:2]
    fractions = np.linspace(0, 1, n) if fractions is None else np.asarray(fractions)
    sheet = Sheet([WIDTH] * n, [HEIGHT, TEXT] * rows, (0.0, 0.06), title, subtitle)
    for row, strip in enumerate(strips):
        axes = [sheet.panel(2 * row, i) for i in range(n)]
        boxes = [
            draw_pose_3d(ax, positions, poses.skeleton, poses.frame_of_reference, view, SOLID)
            for ax, positions in zip(axes, strip, strict=True)
        ]
        for i, (ax, box) in enumerate(zip(axes, boxes, strict=True)):
            sheet.fit(ax, 2 * row, i, union(boxes) if box else None)
            end = {0: "A", n - 1: "B"}.get(i)
            sheet.label(
                2 * row + 1, i, end or f"{fractions[i]:.2f}",
                INK if end else SOFT_INK, "bold" if end else "normal",
            )  # fmt: skip
    return sheet.figure
