"""Keypoints and lifted bodies along a sequence."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from vvipe.errors import VvipeError
from vvipe.poses import Poses2D, Poses3D
from vvipe.view.draw import draw_pose_2d, draw_pose_3d
from vvipe.view.palette import FAINT_INK, PANEL
from vvipe.view.sheet import Sheet, union
from vvipe.view.viewpoint import View

WIDTH, HEIGHT_2D, HEIGHT_3D, TEXT = 1.35, 1.75, 1.75, 0.26


def contact_sheet(
    keypoints: Poses2D,
    lifted: Poses3D,
    count: int | None = None,
    columns: int = 5,
    title: str | None = "A sequence, lifted",
    subtitle: str | None = None,
    view: View | None = None,
) -> Figure:
    """Draws poses along a sequence: the keypoints, beneath them the lifted body, upright.

    Args:
        keypoints: (N, J, 2).
        lifted: (N, K, 3) the same instants.
        count: Draw this many, evenly spread; None: all.
        columns: Poses side by side.
        title: Heading of the figure; None: none.
        subtitle: A line beneath the title.
        view: From where the bodies are seen.

    Raises:
        VvipeError: The numbers of poses differ, or there is none.
    """
    if len(keypoints) != len(lifted) or not len(keypoints):
        raise VvipeError(
            "not one lifted pose for each 2D pose", expected=len(keypoints), got=len(lifted)
        )
    count = min(count or len(keypoints), len(keypoints))
    picked = np.linspace(0, len(keypoints) - 1, count).round().astype(int)
    columns = min(columns, count)
    bands = -(-count // columns)
    heights = [TEXT, HEIGHT_2D, HEIGHT_3D] * bands
    sheet = Sheet([WIDTH] * columns, heights, (0.1, 0.04), title, subtitle)
    axes_2d, axes_3d, boxes_2d, boxes_3d = [], [], [], []
    for place, i in enumerate(picked):
        band, column = divmod(place, columns)
        sheet.label(3 * band, column, _name(keypoints, int(i)), FAINT_INK)
        axes_2d.append(sheet.panel(3 * band + 1, column, fill=PANEL))
        axes_3d.append(sheet.panel(3 * band + 2, column))
        boxes_2d.append(draw_pose_2d(axes_2d[-1], keypoints.coords[i], keypoints.skeleton))
        boxes_3d.append(
            draw_pose_3d(
                axes_3d[-1], lifted.positions[i], lifted.skeleton, lifted.frame_of_reference, view
            )
        )
    for place in range(count):
        band, column = divmod(place, columns)
        sheet.fit(axes_2d[place], 3 * band + 1, column, boxes_2d[place], pad=0.12)
        shared = union(boxes_3d) if boxes_3d[place] else None
        sheet.fit(axes_3d[place], 3 * band + 2, column, shared)
    return sheet.figure


def _name(poses: Poses2D, i: int) -> str:
    if poses.time_s is not None:
        return f"{poses.time_s[i]:.2f} s"
    return f"frame {i if poses.frame is None else poses.frame[i]}"
