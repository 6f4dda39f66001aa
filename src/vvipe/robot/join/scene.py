"""The table, the ball and the gripper as a part of a film's picture."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import LineCollection
from matplotlib.patches import Circle, Polygon
from PIL import Image, ImageDraw

from vvipe.robot.planning.episodes import Trace
from vvipe.robot.planning.trap import Trap
from vvipe.view.canvas import Canvas, font, grown
from vvipe.view.palette import CENTRE, HIT, INK, LEFT, LINE, MISS, PANEL, RIGHT, SOFT_INK

_DOWN = np.radians(35)  # from where it is seen: over the robot's shoulder, this far above
_BALL_M = 0.02


class TablePanel:
    """An episode seen from behind the robot: ahead is up, left is left.

    Args:
        name: Written above.
        trace: What happened.
        rows: (N,) which step of it belongs to each moment of the film, also between two; what is
            below 0 has not begun.
        table: Where balls may roll at all.
        spots: Name -> the part of the table where its balls roll.
        height: Pixels.
    """

    def __init__(
        self, name: str, trace: Trace, rows: np.ndarray, table: Trap,
        spots: Mapping[str, Trap], height: int,
    ) -> None:  # fmt: skip
        self.name, self._trace, self._rows = name, trace, rows
        self._table, self._spots = table, spots
        low, high = np.array(table.box.low), np.array(table.box.high)
        around = _flat(np.array([[*low[:2], low[2]], [*high[:2], low[2] + 0.15]]))
        box = grown((*_pair(around.min(0)), *_pair(around.max(0))), 1.1, 0.08)
        self.size = (round(height * 1.1), height)
        self._canvas = Canvas(self.size, box)
        self._ground = self._named(box)

    def picture(self, i: int) -> Image.Image:
        """Of the film's moment i."""
        at = max(float(self._rows[i]), 0.0)
        return self._canvas.drawn(lambda axes: self._draw(axes, at), self._ground)

    def _draw(self, axes: Axes, at: float) -> None:
        trace, plane = self._trace, self._table.plane
        row, over = int(at), at >= len(self._trace.gripper) - 1
        for trap in (self._table, *self._spots.values()):
            axes.add_patch(Polygon(_square(trap), fill=False, edgecolor=LINE, linewidth=1.2))
        if row and not over:
            path = _flat(trace.path[min(row, len(trace.path)) - 1])
            axes.add_collection(LineCollection([path], colors=LEFT, linewidths=1.2, alpha=0.5))
            goal = _flat(trace.goal[min(row, len(trace.goal)) - 1])
            axes.add_patch(Circle(_pair(goal), _BALL_M * 0.5, color=LEFT, alpha=0.6))
        ball, gripper = between(trace.ball, at), between(trace.gripper, at)
        axes.add_patch(Circle(_pair(_flat(ball)), _BALL_M, color=RIGHT))
        shadow = _flat(np.array([*gripper[:2], plane]))
        hand = _flat(gripper)
        way = np.concatenate([_flat(trace.gripper[: row + 1]), hand[None]])
        axes.add_collection(LineCollection([way], colors=CENTRE, linewidths=1.0, alpha=0.6))
        axes.add_collection(LineCollection([np.stack([shadow, hand])], colors=INK, linewidths=1.6))
        axes.add_patch(Circle(_pair(shadow), self._table.radius, fill=False, edgecolor=INK))
        axes.add_patch(Circle(_pair(hand), _BALL_M * 0.6, color=INK))
        if over:
            colour = HIT if trace.caught else MISS
            ring = Circle(_pair(shadow), self._table.radius * 1.3, fill=False, edgecolor=colour)
            ring.set_linewidth(4)
            axes.add_patch(ring)

    def _named(self, box: tuple[float, float, float, float]) -> Image.Image:
        ground = Image.new("RGB", self.size, PANEL)
        pen, letters = ImageDraw.Draw(ground), font(max(10, self.size[1] // 34))
        for name, trap in self._spots.items():
            x, y = _square(trap)[:, 0].mean(), _square(trap)[:, 1].min()
            across = (x - box[0]) / (box[2] - box[0]) * self.size[0]
            down = (box[3] - y) / (box[3] - box[1]) * self.size[1]
            pen.text((float(across), float(down) + 3), name, SOFT_INK, letters, "ma")
        return ground


def between(values: np.ndarray, at: float) -> np.ndarray:
    """(...) at a place between two rows of (T, ...); at either end what is there."""
    row = min(int(at), len(values) - 1)
    share = at - row
    return values[row] + share * (values[min(row + 1, len(values) - 1)] - values[row])


def _flat(places: np.ndarray) -> np.ndarray:
    """(..., 3) metres -> (..., 2) on the picture: left is -y, up is ahead and above."""
    up = places[..., 0] * np.sin(_DOWN) + places[..., 2] * np.cos(_DOWN)
    return np.stack([-places[..., 1], up], -1)


def _pair(place: np.ndarray) -> tuple[float, float]:
    return float(place[0]), float(place[1])


def _square(trap: Trap) -> np.ndarray:
    (x0, y0, z), (x1, y1, _) = trap.box.low, trap.box.high
    return _flat(np.array([[x0, y0, z], [x0, y1, z], [x1, y1, z], [x1, y0, z]]))
