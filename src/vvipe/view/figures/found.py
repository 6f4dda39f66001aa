"""What a search of a library found: the query, and a body for each hit."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib.figure import Figure

from vvipe.errors import VvipeError
from vvipe.poses import Poses3D
from vvipe.skeletons import get_skeleton
from vvipe.view.draw import draw_pose_2d, draw_pose_3d
from vvipe.view.palette import FAINT_INK, PANEL, SOFT_INK
from vvipe.view.sheet import Sheet, union
from vvipe.view.viewpoint import View

WIDTH, HEIGHT, TEXT = 1.45, 1.75, 0.24
COLUMNS = 6
_COCO13 = get_skeleton("coco13")


def found_figure(
    query: Poses3D,
    found: Poses3D,
    labels: Sequence[tuple[str, str]],
    keypoints: np.ndarray | None = None,
    title: str | None = "Found in the library",
    subtitle: str | None = None,
    view: View | None = None,
) -> Figure:
    """Draws the query's body and those of the hits, best first, each over its keypoints if any.

    Args:
        query: (1, 17, 3) canonical.
        found: (k, 17, 3) canonical.
        labels: Two short lines for each hit.
        keypoints: (k, 13, 2) coco13 pixels, NaN where a hit was 3D; None: none has any.
        title: Heading of the figure; None: none.
        subtitle: A line beneath the title.
        view: From where the bodies are seen.

    Raises:
        VvipeError: There are not as many labels or keypoints as hits.
    """
    count = len(found)
    for what, values in (("labels", labels), ("keypoints", keypoints)):
        if values is not None and len(values) != count:
            raise VvipeError(f"{what} do not fit the hits", expected=count, got=len(values))
    with_2d = keypoints is not None and bool(np.isfinite(keypoints).any())
    columns = min(COLUMNS, count + 1)
    bands = -(-(count + 1) // columns)
    rows = [TEXT, *[HEIGHT] * (1 + with_2d), TEXT]
    sheet = Sheet([WIDTH] * columns, rows * bands, (0.1, 0.03), title, subtitle)
    bodies = [query.positions[0], *found.positions]
    told = [("query", ""), *labels]
    drawn = []
    for place, (body, (above, below)) in enumerate(zip(bodies, told, strict=True)):
        band, column = divmod(place, columns)
        top = band * len(rows)
        sheet.label(top, column, above, SOFT_INK)
        if place and keypoints is not None and np.isfinite(keypoints[place - 1]).any():
            axes = sheet.panel(top + 1, column, fill=PANEL)
            box = draw_pose_2d(axes, keypoints[place - 1], _COCO13)
            sheet.fit(axes, top + 1, column, box, pad=0.12)
        row = top + 1 + with_2d
        axes = sheet.panel(row, column)
        drawn.append(
            (axes, row, column, draw_pose_3d(axes, body, found.skeleton, "canonical", view))
        )
        sheet.label(row + 1, column, below, FAINT_INK)
    shared = union([box for *_, box in drawn])
    for axes, row, column, box in drawn:
        sheet.fit(axes, row, column, shared if box else None)
    return sheet.figure
