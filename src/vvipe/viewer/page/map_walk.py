"""The map of a visitor: made when it is first asked for, points picked by clicks."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from vvipe.errors import VvipeError
from vvipe.viewer.showing import OnMap
from vvipe.viewer.space import space_map_of

if TYPE_CHECKING:
    from vvipe.viewer.page.visitor import Visitor


class MapWalk:
    """The map, and going about on it."""

    def __init__(self, visitor: Visitor) -> None:
        self._visitor = visitor
        self.shown: OnMap | None = None

    def toggle(self) -> None:
        """Shows the map of the space, or goes back to the matches."""
        visitor = self._visitor
        collection = visitor.session.collection
        if collection is None:
            raise VvipeError("nothing to map", hint="name a library")
        if self.shown is not None:
            visitor.show(visitor.matches if visitor.showing is self.shown else self.shown)
            return

        def work() -> OnMap:
            space = space_map_of(collection)
            if space is None:
                raise VvipeError("too few poses for a map", where=collection.title)
            rows = space.rows[space.keys]
            return OnMap(space, np.stack([collection.at(int(r))[1].body for r in rows]))

        visitor.jobs.away("map", work, self._made)

    def _made(self, made: OnMap) -> None:
        self.shown = made
        self._visitor.show(made)

    def click(self, origin: np.ndarray, direction: np.ndarray) -> None:
        """The point of the map that a ray meets becomes the query."""
        if self.shown is not None and self._visitor.showing is self.shown:
            point = self.shown.space.picked(origin, direction)
            if point is not None:
                self.take(point)

    def take(self, point: int) -> None:
        """A point of the map becomes the query."""
        collection = self._visitor.session.collection
        assert self.shown is not None and collection is not None
        title, match = collection.at(int(self.shown.space.rows[point]))
        self._visitor.take(match.vector, title)
