"""Bodies that one view may mean, beside the likeliest."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
from matplotlib.figure import Figure

from vvipe.errors import VvipeError
from vvipe.geometry.turning import pitched
from vvipe.poses import Poses2D, Poses3D
from vvipe.view.draw import draw_pose_2d, draw_pose_3d, draw_projected, upright_joints
from vvipe.view.figures.lifting import root_aligned_errors_mm
from vvipe.view.level import before_camera
from vvipe.view.look import GHOST_STICKS, STICKS
from vvipe.view.palette import FAINT_INK, PANEL, SOFT_INK
from vvipe.view.sheet import Sheet, union
from vvipe.view.viewpoint import View, projection, upright

WIDTH, HEIGHT, TEXT, GUTTER = 1.4, 1.75, 0.28, 0.04
FRONT_DEG, FROM_LEFT = 180.0, View(azim_deg=90.0)  # the camera's azimuth, a viewer on its left
_PALE_STICKS = replace(GHOST_STICKS, alpha=0.6)


def hypotheses_figure(
    keypoints: Poses2D,
    mean: Poses3D,
    samples: Poses3D,
    elevation_rad: np.ndarray,
    title: str | None = "What one view may mean",
    subtitle: str
    | None = "Above as the camera sees them, beneath from its left; grey: all of them",
) -> Figure:
    """Draws N poses: the keypoints, and what they are lifted to beside S samples, from two sides.

    Args:
        keypoints: (N, J, 2) what was lifted.
        mean: (N, K, 3) the usual lift, in the camera's frame.
        samples: (S, N, K, 3) likewise.
        elevation_rad: (N,) how far the camera looks down, which tells the vertical.
        title: Heading of the figure; None: none.
        subtitle: A line beneath the title.

    Raises:
        VvipeError: Not as many of each, or bodies that are not in the camera's frame.
    """
    n = len(keypoints)
    if samples.coords.shape[1:] != mean.coords.shape or not n == len(mean) == len(elevation_rad):
        raise VvipeError(
            "hypotheses do not fit the poses", expected=f"(samples, {n}, joints, 3)",
            got=f"{samples.shape} and {len(mean)} means",
        )  # fmt: skip
    if {mean.frame_of_reference, samples.frame_of_reference} != {"camera"}:
        raise VvipeError("hypotheses are not in the camera's frame", got=mean.frame_of_reference)
    count, skeleton = len(samples), mean.skeleton
    away_mm = root_aligned_errors_mm(samples, Poses3D(mean.coords[None], skeleton))
    every = np.concatenate([mean.positions[None], samples.positions])
    every = before_camera(Poses3D(every, skeleton, frame_of_reference="camera"))[0].positions
    sheet = Sheet(
        [WIDTH, GUTTER, *[WIDTH] * (1 + count)], [TEXT, *[HEIGHT, HEIGHT, TEXT] * n],
        (0.06, 0.03), title, subtitle,
    )  # fmt: skip
    for column, name in enumerate(("keypoints", "", "mean", *map(str, range(1, count + 1)))):
        sheet.heading(0, column, name)
    for i in range(n):
        top, elevation = 1 + 3 * i, float(np.nan_to_num(elevation_rad[i]))
        axes = sheet.panel(top, 0, fill=PANEL)
        box = draw_pose_2d(axes, keypoints.coords[i], keypoints.skeleton)
        sheet.fit(axes, top, 0, box, pad=0.12)
        stood = Poses3D(upright(pitched(every[:, i], -elevation), "camera"), skeleton)
        as_filmed = View(elev_deg=float(np.degrees(elevation)), azim_deg=FRONT_DEG)
        _draw_row(sheet, top, stood, as_filmed)
        _draw_row(sheet, top + 1, stood, FROM_LEFT)
        _draw_overlay(sheet, top + 1, stood, FROM_LEFT)
        sheet.label(top + 2, 2, "away from it →", FAINT_INK)
        for column, mm in enumerate(away_mm[:, i], start=3):
            if np.isfinite(mm):
                sheet.label(top + 2, column, f"{mm:.0f} mm", SOFT_INK)
    return sheet.figure


def _draw_row(sheet: Sheet, row: int, bodies: Poses3D, view: View) -> None:
    axes = [sheet.panel(row, 2 + column) for column in range(len(bodies))]
    boxes = [
        draw_pose_3d(ax, body, bodies.skeleton, "world", view)
        for ax, body in zip(axes, bodies.positions, strict=True)
    ]
    for column, (ax, box) in enumerate(zip(axes, boxes, strict=True), start=2):
        sheet.fit(ax, row, column, union(boxes) if box else None)


def _draw_overlay(sheet: Sheet, row: int, bodies: Poses3D, view: View) -> None:
    """The samples as grey sticks, the mean in colours before them."""
    mean, *samples = (upright_joints(x, bodies.skeleton, "world") for x in bodies.positions)
    seen_from, axes = projection(mean, view, on_floor=False), sheet.panel(row, 0)
    boxes = [draw_projected(axes, joints, seen_from, _PALE_STICKS) for joints in samples]
    sheet.fit(axes, row, 0, union([*boxes, draw_projected(axes, mean, seen_from, STICKS)]))
