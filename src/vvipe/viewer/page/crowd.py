"""Bodies on the stage: two batched meshes for any number of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from vvipe.view.look import SOLID, Look
from vvipe.viewer.mannequin import BALLS, RODS, Instances, ball_mesh, colours, instances, rod_mesh

if TYPE_CHECKING:
    from collections.abc import Callable

    import viser


class Crowd:
    """Some bodies that are drawn alike.

    Args:
        client: Whose stage it is.
        name: In the tree of the scene.
        look: Their colours, of which a share `pale` is paper.
        picked: Is called with the number of a body that was clicked.
    """

    def __init__(
        self, client: viser.ClientHandle, name: str, look: Look = SOLID, pale: float = 0.0,
        picked: Callable[[int], object] | None = None,
    ) -> None:  # fmt: skip
        self._client, self._name, self._picked = client, name, picked
        self._colours = colours(look, pale)
        self._meshes: list[Any] = []
        self._count = 0

    def show(self, bodies: np.ndarray) -> None:
        """Draws (B, 17, 3) upright bodies; NaN joints are left out."""
        parts = instances(bodies) if len(bodies) else ()
        with self._client.atomic():
            if len(bodies) != self._count:
                self._rebuild(parts, len(bodies))
                return
            for mesh, placed in zip(self._meshes, parts, strict=True):
                mesh.batched_positions = placed.positions
                mesh.batched_wxyzs = placed.wxyzs
                mesh.batched_scales = placed.scales

    def _rebuild(self, parts: tuple[Instances, ...], count: int) -> None:
        for mesh in self._meshes:
            mesh.remove()
        self._meshes, self._count = [], count
        kinds = (("balls", ball_mesh(), BALLS), ("rods", rod_mesh(), RODS))
        for (kind, mesh, each), placed, colour in zip(kinds, parts, self._colours, strict=False):
            handle = self._client.scene.add_batched_meshes_simple(
                f"{self._name}/{kind}", *mesh, placed.wxyzs, placed.positions,
                batched_scales=placed.scales, batched_colors=np.tile(colour, (count, 1)),
                lod="off", cast_shadow=False, receive_shadow=False,
            )  # fmt: skip
            if self._picked is not None:
                self._listen(handle, each)
            self._meshes.append(handle)

    def _listen(self, handle: Any, each: int) -> None:
        @handle.on_click
        def _(event: Any) -> None:
            if self._picked is not None and event.instance_index is not None:
                self._picked(event.instance_index // each)
