"""The stage in the middle: floor, light, the query's body and those that stand by it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from vvipe.models.inputs import H36M17
from vvipe.view.look import Look
from vvipe.view.palette import GROUPS, HIT, LEFT, PAPER, RIGHT, mix
from vvipe.viewer.floor import floor_lines, shadow_image
from vvipe.viewer.mannequin import ball_mesh
from vvipe.viewer.page.crowd import Crowd
from vvipe.viewer.posing import MOVABLE
from vvipe.viewer.space import SpaceMap

if TYPE_CHECKING:
    import viser

Place = tuple[float, float, float]
_FOUND = Look(mix(LEFT, PAPER, 0.28), mix(RIGHT, PAPER, 0.28), mix(HIT, PAPER, 0.28))
_FOV_RAD = 0.68
VIEWS = {
    "near": ((-4.6, 0.0, 1.5), (0.0, 0.0, 0.88)),
    "wide": ((-6.2, 0.0, 3.2), (1.2, 0.0, 0.6)),
    "row": ((-9.0, 0.0, 2.8), (0.0, 0.0, 0.8)),
    "map": ((-6.6, 0.0, 7.6), (-0.15, 0.0, 0.0)),
}


class Stage:
    """What stands on the stage of one visitor.

    Args:
        client: The visitor's page.
        picked: Is called with the number of a body, other than the query's, that was clicked.
        dragged: Is called with a joint, a place on the stage, and `start`, `update` or `end`.

    Attributes:
        body: (17, 3) where the query's body stands.
        others: (17, 3) each, where the others stand.
    """

    def __init__(
        self, client: viser.ClientHandle, picked: Callable[[int], object],
        dragged: Callable[[str, np.ndarray, str], object],
    ) -> None:  # fmt: skip
        self._client, self._scene, self._dragged = client, client.scene, dragged
        self._query = Crowd(client, "/query")
        self._others = Crowd(client, "/others", _FOUND, 0.0, picked)
        self._labels: list[Any] = []
        self._shadows: list[Any] = []
        self._points: Any = None
        self._handles: Any = None
        self.body = np.full((len(H36M17), 3), np.nan, np.float32)
        self.others: list[np.ndarray] = []
        self._view = ""
        self._furnish()

    def _furnish(self) -> None:
        scene = self._scene
        scene.configure_environment_map(None)
        scene.configure_default_lights(False)
        scene.add_light_hemisphere(
            "/light/sky", sky_color=(255, 255, 255), ground_color=(150, 156, 170), intensity=2.0
        )
        scene.add_light_directional(
            "/light/key", color=(255, 255, 255), intensity=1.6, cast_shadow=False,
            position=(-3.0, 2.5, 5.0),
        )  # fmt: skip
        lines, shades = floor_lines()
        scene.add_line_segments("/floor", lines, shades, thickness=1.4, thickness_units="screen")

    def look(self, view: str, again: bool = False) -> None:
        """Takes the camera to one of `VIEWS`, where it is not there yet."""
        if view != self._view or again:
            self._view = view
            position, target = VIEWS[view]
            camera = self._client.camera
            with self._client.atomic():
                camera.up_direction, camera.fov = (0.0, 0.0, 1.0), _FOV_RAD
                camera.position, camera.look_at = position, target

    def show_query(self, body: np.ndarray) -> None:
        """Draws the query's body (17, 3), and its joints where they can be dragged."""
        self.body = body
        self._query.show(body[None][: int(np.isfinite(body).any())])
        if self._handles is not None and np.isfinite(body).all():
            self._handles.batched_positions = body[H36M17.indices(*MOVABLE)].astype(np.float32)

    def show_others(self, bodies: Sequence[np.ndarray], labels: Sequence[str]) -> None:
        """Draws other bodies, and a label above each."""
        self.others = list(bodies)
        self._others.show(np.array(bodies).reshape(-1, len(H36M17), 3))
        texts = list(labels)
        with self._client.atomic():
            while len(self._labels) > len(texts):
                self._labels.pop().remove()
            for i, (text, body) in enumerate(zip(texts, bodies, strict=True)):
                place = _above(body)
                if i == len(self._labels):
                    self._labels.append(self._label(i, text, place))
                elif self._labels[i].text != text:
                    self._labels[i].text = text
                self._labels[i].position = place

    def show_shadows(self, bodies: Sequence[np.ndarray]) -> None:
        """A soft shadow under each body."""
        seen = [body for body in bodies if np.isfinite(body).any()]
        while len(self._shadows) > len(seen):
            self._shadows.pop().remove()
        for i, body in enumerate(seen):
            middle = np.nanmean(body[:, :2], 0)
            place = (float(middle[0]), float(middle[1]), 0.004 + 0.001 * i)
            if i == len(self._shadows):
                self._shadows.append(self._shadow(i, place))
            else:
                self._shadows[i].position = place

    def _label(self, i: int, text: str, place: Place) -> Any:
        return self._scene.add_label(
            f"/labels/{i}", text, position=place, anchor="bottom-center", font_screen_scale=0.85
        )

    def _shadow(self, i: int, place: Place) -> Any:
        return self._scene.add_image(
            f"/shadows/{i}", shadow_image(), 1.1, 1.1, format="png", position=place,
            cast_shadow=False, receive_shadow=False,
        )  # fmt: skip

    def let_drag(self, on: bool) -> None:
        """Shows the joints as handles, or hides them."""
        if self._handles is not None:
            self._handles.remove()
            self._handles = None
        if not on or not np.isfinite(self.body).all():
            return
        at = self.body[H36M17.indices(*MOVABLE)].astype(np.float32)
        count = len(MOVABLE)
        self._handles = self._scene.add_batched_meshes_simple(
            "/handles", *ball_mesh(8, 6), np.tile([1.0, 0, 0, 0], (count, 1)), at,
            batched_scales=np.full(count, 0.06, np.float32), batched_colors=_rgb(HIT), lod="off",
            cast_shadow=False, receive_shadow=False,
        )  # fmt: skip

        async def moved(event: Any) -> None:  # on the event loop, so that phases stay in order
            if event.instance_index is not None:
                place = np.array(event.end_position, np.float64)
                self._dragged(MOVABLE[event.instance_index], place, event.phase)

        self._handles.on_drag(moved)

    def show_map(self, space: SpaceMap | None) -> None:
        """Draws the points of the map on the floor; None takes them away."""
        if self._points is not None:
            self._points.remove()
            self._points = None
        if space is not None:
            groups = np.array([_rgb(colour) for colour in GROUPS], np.uint8)
            points = np.column_stack([space.plane, np.full(len(space.plane), 0.02)])
            self._points = self._scene.add_point_cloud(
                "/map", points.astype(np.float32), groups[space.group % len(groups)],
                point_size=0.03, point_shape="circle",
            )  # fmt: skip


def _above(body: np.ndarray) -> Place:
    seen = body[np.isfinite(body).all(1)]
    if not len(seen):
        return 0.0, 0.0, 0.0
    x, y = seen[:, :2].mean(0)
    return float(x), float(y), float(seen[:, 2].max()) + 0.22


def _rgb(colour: str) -> tuple[int, int, int]:
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)
