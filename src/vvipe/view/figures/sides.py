"""A lifted body seen again from other sides, as it has to look real there too."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from vvipe.errors import VvipeError
from vvipe.geometry.turning import pitched, to_image, yawed
from vvipe.poses import Poses2D, Poses3D
from vvipe.view.draw import draw_pose_2d, draw_pose_3d
from vvipe.view.level import before_camera
from vvipe.view.palette import PANEL
from vvipe.view.sheet import Sheet, union
from vvipe.view.viewpoint import View, upright

WIDTH, HEIGHT, TEXT, GUTTER = 1.3, 1.75, 0.28, 0.04
AZIMUTHS_DEG = (45, 90, 135, 180, 225, 270, 315)


def sides_figure(
    keypoints: Poses2D,
    lifted: Poses3D,
    elevation_rad: np.ndarray,
    azimuths_deg: Sequence[float] = AZIMUTHS_DEG,
    title: str | None = "One view, lifted and seen from all around",
    subtitle: str | None = "Turned about the vertical; above projected again",
) -> Figure:
    """Draws N poses: the keypoints and the lifted body, beside it how it looks from other sides.

    Args:
        keypoints: (N, J, 2) what was lifted.
        lifted: (N, K, 3) in the camera's frame.
        elevation_rad: (N,) how far the camera looks down, which tells the vertical.
        azimuths_deg: How far around the other cameras stand, each as high as the first.
        title: Heading of the figure; None: none.
        subtitle: A line beneath the title.

    Raises:
        VvipeError: Not as many of each, or the bodies are not in the camera's frame.
    """
    if not len(keypoints) == len(lifted) == len(elevation_rad):
        raise VvipeError(
            "not a lifted pose and an elevation for each pose", expected=len(keypoints),
            got=f"{len(lifted)} and {len(elevation_rad)}",
        )  # fmt: skip
    if lifted.frame_of_reference != "camera":
        raise VvipeError(
            "only what is before a camera is seen from other sides", expected="camera frame",
            got=lifted.frame_of_reference,
        )  # fmt: skip
    lifted, distances = before_camera(lifted)
    turns = np.radians([0.0, *azimuths_deg])
    sheet = Sheet(
        [WIDTH, GUTTER, *[WIDTH] * len(azimuths_deg)], [TEXT, *[HEIGHT, HEIGHT] * len(keypoints)],
        (0.06, 0.05), title, subtitle,
    )  # fmt: skip
    sheet.heading(0, 0, "as filmed")
    for column, degrees in enumerate(azimuths_deg, start=2):
        sheet.heading(0, column, f"{degrees:g}°")
    for i, (body, elevation) in enumerate(zip(lifted.positions, elevation_rad, strict=True)):
        stood = yawed(np.repeat(pitched(body, -elevation)[None], len(turns), 0), turns)
        seen = to_image(pitched(stood, elevation), float(distances[i]))
        _draw_2d(sheet, 1 + 2 * i, keypoints[i : i + 1], Poses2D(seen[1:], lifted.skeleton))
        _draw_3d(sheet, 2 + 2 * i, Poses3D(upright(stood, "camera"), lifted.skeleton))
    return sheet.figure


def _draw_2d(sheet: Sheet, row: int, keypoints: Poses2D, others: Poses2D) -> None:
    axes = [sheet.panel(row, 0, fill=PANEL)]
    axes += [sheet.panel(row, column, fill=PANEL) for column in range(2, 2 + len(others))]
    boxes = [
        draw_pose_2d(ax, xy, poses.skeleton)
        for ax, (xy, poses) in zip(
            axes, [(x, p) for p in (keypoints, others) for x in p.keypoints], strict=True
        )
    ]
    sheet.fit(axes[0], row, 0, boxes[0], pad=0.12)
    for column, (ax, box) in enumerate(zip(axes[1:], boxes[1:], strict=True), start=2):
        sheet.fit(ax, row, column, union(boxes[1:]) if box else None, pad=0.12)


def _draw_3d(sheet: Sheet, row: int, bodies: Poses3D) -> None:
    columns = [0, *range(2, 1 + len(bodies))]
    axes = [sheet.panel(row, column) for column in columns]
    view = View(azim_deg=180.0)
    boxes = [
        draw_pose_3d(ax, body, bodies.skeleton, "world", view)
        for ax, body in zip(axes, bodies.positions, strict=True)
    ]
    for ax, column, box in zip(axes, columns, boxes, strict=True):
        sheet.fit(ax, row, column, union(boxes) if box else None)
