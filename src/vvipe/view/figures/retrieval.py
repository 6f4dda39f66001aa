"""A query and what was found for it, side by side."""

from __future__ import annotations

import numpy as np
from matplotlib.figure import Figure

from vvipe.errors import VvipeError
from vvipe.poses import Poses2D, Poses3D
from vvipe.view.draw import draw_pose_2d, draw_pose_3d
from vvipe.view.palette import HIT, MISS, PANEL, SOFT_INK
from vvipe.view.sheet import Sheet, union
from vvipe.view.viewpoint import View

WIDTH, HEIGHT_2D, HEIGHT_3D, TEXT, GUTTER = 1.45, 1.75, 1.7, 0.28, 0.02


def retrieval_figure(
    query: Poses2D,
    found: Poses2D,
    distances: np.ndarray,
    hits: np.ndarray | None = None,
    query_3d: Poses3D | None = None,
    found_3d: Poses3D | None = None,
    title: str | None = "The same pose, found from another side",
    subtitle: str | None = None,
    view: View | None = None,
    errors_mm: np.ndarray | None = None,
) -> Figure:
    """Draws queries, one a row, each beside its k retrieved poses, best first.

    Args:
        query: (Q, J, 2) keypoints, as camera A saw them.
        found: (Q, k, J, 2) keypoints, as camera B saw them.
        distances: (Q, k) matching distances, written beneath.
        hits: (Q, k) bool; frames are green or red, with a tick or a cross. None: no verdict.
        query_3d: (Q, J, 3) the query's true or lifted pose, drawn beneath it.
        found_3d: (Q, k, J, 3) the same for what was found.
        title: Heading of the figure; None: none.
        subtitle: A line beneath the title.
        view: For the 3D poses.
        errors_mm: (Q, k) how far what was found truly is, written beside the distance.

    Raises:
        VvipeError: The shapes do not fit.
    """
    q, k = np.shape(distances)
    _check_shape("found does", found.coords.shape[:-2], (q, k))
    _check_shape("query does", query.coords.shape[:-2], (q,))
    if hits is not None:
        _check_shape("hits do", np.shape(hits), (q, k))
    with_3d = query_3d is not None or found_3d is not None
    rows = [HEIGHT_2D] + [HEIGHT_3D] * with_3d + [TEXT]
    sheet = Sheet([WIDTH, GUTTER, *[WIDTH] * k], [TEXT, *rows * q], title=title, subtitle=subtitle)
    sheet.heading(0, 0, "query")
    for rank in range(k):
        sheet.heading(0, rank + 2, str(rank + 1))
    for i in range(q):
        top, bottom = 1 + i * len(rows), (i + 1) * len(rows)
        _draw_2d(sheet, top, 0, query.coords[i], query)
        for j in range(k):
            verdict = None if hits is None else bool(np.asarray(hits)[i, j])
            edge = {None: None, True: HIT, False: MISS}[verdict]
            _draw_2d(sheet, top, j + 2, found.coords[i, j], found, edge)
            mark = {None: "", True: "  ✓", False: "  ✗"}[verdict]
            off = "" if errors_mm is None else f" · {errors_mm[i, j]:.0f} mm"
            sheet.label(bottom, j + 2, f"{distances[i, j]:.2f}{off}{mark}", edge or SOFT_INK)
        sheet.label(bottom, 0, "distance →" if errors_mm is None else "distance · error →")
        if with_3d:
            bodies = [] if query_3d is None else [(0, query_3d.coords[i], query_3d)]
            if found_3d is not None:
                bodies += [(j + 2, found_3d.coords[i, j], found_3d) for j in range(k)]
            _draw_3d(sheet, top + 1, bodies, view)
    return sheet.figure


def _draw_2d(
    sheet: Sheet, row: int, column: int, xy: np.ndarray, poses: Poses2D, edge: str | None = None
) -> None:
    ax = sheet.panel(row, column, edge, PANEL)
    sheet.fit(ax, row, column, draw_pose_2d(ax, xy, poses.skeleton), pad=0.12)


def _draw_3d(
    sheet: Sheet, row: int, bodies: list[tuple[int, np.ndarray, Poses3D]], view: View | None
) -> None:
    axes = [(sheet.panel(row, column), column) for column, _, _ in bodies]
    boxes = [
        draw_pose_3d(ax, positions, poses.skeleton, poses.frame_of_reference, view)
        for (ax, _), (_, positions, poses) in zip(axes, bodies, strict=True)
    ]
    shared = union(boxes)
    for (ax, column), box in zip(axes, boxes, strict=True):
        sheet.fit(ax, row, column, shared if box else None)


def _check_shape(what: str, got: tuple[int, ...], expected: tuple[int, ...]) -> None:
    if got != expected:
        raise VvipeError(f"{what} not fit the distances", expected=expected, got=got)
