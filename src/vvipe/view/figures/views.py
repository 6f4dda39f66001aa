"""One pose as several cameras see it, and what each view alone is lifted to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from vvipe.errors import VvipeError
from vvipe.poses import Poses2D, Poses3D
from vvipe.view.draw import draw_pose_2d, draw_pose_3d
from vvipe.view.palette import FAINT_INK, PANEL, SOFT_INK
from vvipe.view.sheet import Sheet, union
from vvipe.view.viewpoint import View

WIDTH, HEIGHT, TEXT, GUTTER = 1.55, 1.85, 0.28, 0.04


def views_figure(
    world: Poses3D,
    true: Poses3D,
    seen: Sequence[Poses2D],
    lifted: Sequence[Poses3D],
    errors_mm: np.ndarray,
    title: str | None = "One pose, seen and lifted from several sides",
    subtitle: str | None = "Each camera sees only its own keypoints; every lift has one frame",
    view: View | None = None,
) -> Figure:
    """Draws N poses: the true body, beside it each camera's keypoints and what they are lifted to.

    Args:
        world: (N, J, 3) as they stood before the cameras.
        true: (N, K, 3) the same in the frame of the lifted ones.
        seen: For each of C cameras (N, J, 2).
        lifted: For each camera (N, K, 3).
        errors_mm: (N, C) written beneath.
        title: Heading of the figure; None: none.
        subtitle: A line beneath the title.
        view: From where true and lifted bodies are seen.

    Raises:
        VvipeError: Not as many poses of each.
    """
    count, cameras = len(world), len(seen)
    counts = {len(poses) for poses in (true, *seen, *lifted)}
    if counts != {count} or np.shape(errors_mm) != (count, cameras) or len(lifted) != cameras:
        raise VvipeError("views do not fit the poses", expected=count, got=sorted(counts))
    rows = [HEIGHT, HEIGHT, TEXT]
    sheet = Sheet(
        [WIDTH, GUTTER, *[WIDTH] * cameras], [TEXT, *rows * count], (0.1, 0.05), title, subtitle
    )
    sheet.heading(0, 0, "true")
    for camera in range(cameras):
        sheet.heading(0, camera + 2, f"camera {camera + 1}")
    for i in range(count):
        top = 1 + 3 * i
        axes = sheet.panel(top, 0)
        box = draw_pose_3d(axes, world.positions[i], world.skeleton, world.frame_of_reference, view)
        sheet.fit(axes, top, 0, box)
        for camera, poses in enumerate(seen):
            axes = sheet.panel(top, camera + 2, fill=PANEL)
            box = draw_pose_2d(axes, poses.coords[i], poses.skeleton)
            sheet.fit(axes, top, camera + 2, box, pad=0.12)
        bodies = [(0, true), *((camera + 2, poses) for camera, poses in enumerate(lifted))]
        panels = [(sheet.panel(top + 1, column), column, poses) for column, poses in bodies]
        boxes = [
            draw_pose_3d(axes, poses.positions[i], poses.skeleton, poses.frame_of_reference, view)
            for axes, _, poses in panels
        ]
        for (axes, column, _), box in zip(panels, boxes, strict=True):
            sheet.fit(axes, top + 1, column, union(boxes) if box else None)
        sheet.label(top + 2, 0, "upright, aligned", FAINT_INK)
        for camera, error in enumerate(errors_mm[i]):
            if np.isfinite(error):
                sheet.label(top + 2, camera + 2, f"lifted, {error:.0f} mm off", SOFT_INK)
    return sheet.figure
