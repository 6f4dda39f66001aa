"""Variants generated around a pose, by direction and strength of the noise."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from matplotlib.figure import Figure

from vvipe.errors import VvipeError
from vvipe.poses import Poses3D
from vvipe.view.body import Joints
from vvipe.view.draw import draw_projected, upright_joints, view_of
from vvipe.view.floor import draw_floor
from vvipe.view.look import GHOST_SOLID, SOLID
from vvipe.view.palette import FAINT_INK
from vvipe.view.sheet import Sheet, union
from vvipe.view.viewpoint import View

WIDTH, HEIGHT, TEXT = 1.6, 1.95, 0.28


def variants_figure(
    original: Poses3D,
    variants: Poses3D,
    alphas: Sequence[float] = (0.2, 0.3, 0.4, 0.5),
    title: str | None = "New poses around one",
    subtitle: str
    | None = "Each row one random direction, farther with every column; pale: the original",
    view: View | None = None,
) -> Figure:
    """Draws the original in the first column and its variants beside it, in front of its ghost.

    Args:
        original: (J, 3) one pose.
        variants: (D, A, J, 3): a row for each of D directions of noise, a column for each alpha.
        alphas: The A strengths of noise.
        title: Heading of the figure; None: none.
        subtitle: A line beneath the title.
        view: From where all are seen.

    Raises:
        VvipeError: The variants do not fit the alphas.
    """
    if variants.positions.ndim != 4 or variants.positions.shape[1] != len(alphas):
        raise VvipeError(
            "variants do not fit the alphas", got=variants.positions.shape,
            expected=f"(directions, {len(alphas)}, joints, 3)",
        )  # fmt: skip
    directions = len(variants)
    widths, heights = [WIDTH] * (1 + len(alphas)), [TEXT, *[HEIGHT, TEXT] * directions]
    sheet = Sheet(widths, heights, (0.0, 0.02), title, subtitle)
    sheet.heading(0, 0, "original")
    for column, alpha in enumerate(alphas, start=1):
        sheet.heading(0, column, f"α = {alpha:g}")
    first = upright_joints(original.positions, original.skeleton, original.frame_of_reference)
    for d in range(directions):
        row = [
            upright_joints(positions, variants.skeleton, variants.frame_of_reference)
            for positions in variants.positions[d]
        ]
        _draw_row(sheet, 1 + 2 * d, first, row, original.frame_of_reference, view)
        moved_mm = 1000 * np.array([_mean_distance(first, joints) for joints in row])
        for column, mm in enumerate(moved_mm, start=1):
            if np.isfinite(mm):
                sheet.label(2 + 2 * d, column, f"{mm:.0f} mm away", FAINT_INK)
    return sheet.figure


def _draw_row(
    sheet: Sheet, row: int, first: Joints, variants: list[Joints], frame: str, view: View | None
) -> None:
    seen_from = view_of(first, frame, view)
    if seen_from.floor is not None:  # low enough for all of the row
        lowest = min((p[2] for body in variants for p in body.values()), default=seen_from.floor)
        floor = min(seen_from.floor, float(lowest) - 0.06 * seen_from.torso)
        seen_from = replace(seen_from, floor=floor, origin=np.array([*seen_from.origin[:2], floor]))
    axes = [sheet.panel(row, column) for column in range(1 + len(variants))]
    boxes = []
    for ax, joints in zip(axes, [first, *variants], strict=True):
        draw_floor(ax, joints, seen_from)
        if joints is not first:
            draw_projected(ax, first, seen_from, GHOST_SOLID)
        boxes.append(draw_projected(ax, joints, seen_from, SOLID))
    for column, (ax, box) in enumerate(zip(axes, boxes, strict=True)):
        sheet.fit(ax, row, column, union(boxes) if box else None)


def _mean_distance(a: Joints, b: Joints) -> float:
    both = [float(np.linalg.norm(a[role] - b[role])) for role in a if role in b and role != "skull"]
    return float(np.mean(both)) if both else float("nan")
