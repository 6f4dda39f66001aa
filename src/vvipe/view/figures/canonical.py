"""What the canonical frame does: poses before and after their position and turn are taken away."""

from __future__ import annotations

from matplotlib.figure import Figure

from vvipe.errors import VvipeError
from vvipe.poses import Poses3D
from vvipe.view.draw import draw_pose_3d
from vvipe.view.palette import INK
from vvipe.view.sheet import Sheet, union
from vvipe.view.viewpoint import View

WIDTH, HEIGHT, TEXT = 1.45, 1.95, 0.3
_FROM = View(azim_deg=145.0)


def canonical_figure(
    before: Poses3D,
    after: Poses3D,
    title: str | None = "One frame of reference for every pose",
    subtitle: str | None = "Seen from one place: hips and spine point the same way after alignment",
) -> Figure:
    """Draws N poses, a column each: above as recorded, beneath in the canonical frame.

    Args:
        before: (N, J, 3).
        after: (N, K, 3) canonical.
        title: Heading of the figure; None: none.
        subtitle: A line beneath the title.

    Raises:
        VvipeError: Not as many poses after as before.
    """
    if len(before) != len(after) or not len(before):
        raise VvipeError(
            "not an aligned pose for each", expected=len(before) or "at least 1", got=len(after)
        )
    sheet = Sheet([WIDTH] * len(before), [TEXT, HEIGHT] * 2, (0.06, 0.04), title, subtitle)
    for band, (name, poses) in enumerate((("as recorded", before), ("aligned", after))):
        sheet.label(2 * band, 0, name, INK, "bold")
        panels = [sheet.panel(2 * band + 1, column) for column in range(len(poses))]
        boxes = [
            draw_pose_3d(axes, positions, poses.skeleton, poses.frame_of_reference, _FROM)
            for axes, positions in zip(panels, poses.positions, strict=True)
        ]
        for column, (axes, box) in enumerate(zip(panels, boxes, strict=True)):
            sheet.fit(axes, 2 * band + 1, column, union(boxes) if box else None)
    return sheet.figure
