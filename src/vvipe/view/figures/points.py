"""What the geometry-aware representation makes of one view: other views, G, and a body."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.colors import to_rgb

from vvipe.errors import VvipeError
from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.geometry.skeleton_maps import LIMBS
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import Skeleton
from vvipe.view.draw import draw_pose_2d, draw_pose_3d
from vvipe.view.palette import CENTRE, INK, LEFT, PANEL, RIGHT, mix
from vvipe.view.sheet import Sheet, SheetFigure, union
from vvipe.view.viewpoint import View, upright

WIDTH, HEIGHT, TEXT, GUTTER, MADE = 1.2, 1.6, 0.28, 0.04, 1.2
DOT_PT2 = 5.0


def points_figure(
    keypoints: Poses2D,
    views: np.ndarray,
    points: np.ndarray,
    bodies: Poses3D,
    azimuths_deg: Sequence[float],
    title: str | None = "One view, and what others are made of it",
    subtitle: str | None = "The camera goes round: as the decoder draws it · the points · the body",
) -> SheetFigure:
    """Draws N poses, each from K sides.

    Args:
        keypoints: (N, J, 2) what was seen.
        views: (N, K, 15, 64, 64) maps, (N, K, 3, 64, 64) pictures or (N, K, 13, 2) keypoints.
        points: (N, K, M, 3) G in the axes of each camera.
        bodies: (N, K, 17, 3) likewise, in the camera's frame.
        azimuths_deg: (K,) how far around each camera stands.
        title: Heading of the figure; None: none.
        subtitle: A line beneath the title.

    Raises:
        VvipeError: Not as many of each.
    """
    count, sides = len(keypoints), len(azimuths_deg)
    shapes = [x.shape[:2] for x in (views, points, bodies.positions)]
    if any(shape != (count, sides) for shape in shapes):
        raise VvipeError(
            "not every pose from every side",
            expected=(count, sides),
            got=", ".join(map(str, shapes)),
        )
    rows = [TEXT, *[MADE, HEIGHT, HEIGHT] * count]
    sheet = Sheet([WIDTH, GUTTER, *[WIDTH] * sides], rows, (0.06, 0.05), title, subtitle)
    sheet.heading(0, 0, "as filmed")
    for column, degrees in enumerate(azimuths_deg, start=2):
        sheet.heading(0, column, f"{degrees:g}°")
    for i in range(count):
        row = 1 + 3 * i
        axes = sheet.panel(row, 0, fill=PANEL)
        box = draw_pose_2d(axes, keypoints.keypoints[i], keypoints.skeleton)
        sheet.fit(axes, row, 0, box, pad=0.12)
        _made(sheet, row, views[i])
        _cloud(sheet, row + 1, points[i])
        _bodies(sheet, row + 2, bodies.positions[i], bodies.skeleton)
    return sheet.figure


def _made(sheet: Sheet, row: int, views: np.ndarray) -> None:
    if views.ndim == 3:
        axes = [sheet.panel(row, 2 + k, fill=PANEL) for k in range(len(views))]
        boxes = [draw_pose_2d(ax, xy, KEYPOINTS) for ax, xy in zip(axes, views, strict=True)]
        for k, ax in enumerate(axes):
            sheet.fit(ax, row, 2 + k, union(boxes), pad=0.12)
        return
    for k, view in enumerate(views):
        image = view if len(view) == 3 else _painted(view)
        axes = sheet.panel(row, 2 + k)
        axes.imshow(np.moveaxis(image.clip(0, 1), 0, -1), interpolation="bilinear", aspect="equal")


def _painted(maps: np.ndarray) -> np.ndarray:
    """(15, 64, 64) maps as a picture (3, 64, 64), limbs in the colours of their side."""
    image = np.broadcast_to(np.array(to_rgb(PANEL))[:, None, None], (3, *maps.shape[1:]))
    for share, (_, end) in zip(maps.clip(0, 1), LIMBS, strict=True):
        sides = {joint.split("_")[0] for joint in end} if len(end) == 1 else set()
        colour = LEFT if sides == {"left"} else RIGHT if sides == {"right"} else CENTRE
        image = image * (1 - share) + share * np.array(to_rgb(colour))[:, None, None]
    return image


def _cloud(sheet: Sheet, row: int, points: np.ndarray) -> None:
    """Points, the nearer the darker, each pale or strong by its depth alone; one scale for all."""
    flat = points[..., :2] * (1, -1)
    (x0, y0), (x1, y1) = flat.min((0, 1)), flat.max((0, 1))
    for k, cloud in enumerate(points):
        axes = sheet.panel(row, 2 + k)
        order = np.argsort(-cloud[:, 2])
        near = (cloud[order, 2].max() - cloud[order, 2]) / max(float(np.ptp(cloud[:, 2])), 1e-9)
        colours = [mix(PANEL, INK, 0.25 + 0.75 * float(n)) for n in near]
        axes.scatter(*flat[k, order].T, s=DOT_PT2, c=colours, linewidths=0)
        sheet.fit(axes, row, 2 + k, (x0, y0, x1, y1))


def _bodies(sheet: Sheet, row: int, bodies: np.ndarray, skeleton: Skeleton) -> None:
    stood = upright(bodies, "camera")
    axes = [sheet.panel(row, 2 + k) for k in range(len(stood))]
    boxes = [
        draw_pose_3d(ax, body, skeleton, "world", View(azim_deg=180.0))
        for ax, body in zip(axes, stood, strict=True)
    ]
    for k, (ax, box) in enumerate(zip(axes, boxes, strict=True)):
        sheet.fit(ax, row, 2 + k, union(boxes) if box else None)
