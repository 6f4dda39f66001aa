"""What stands beside the query on the stage, and where."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Protocol

import numpy as np

from vvipe.view.charts import shortened
from vvipe.viewer.collection import Match, called
from vvipe.viewer.partner import Partner
from vvipe.viewer.placing import behind, in_row, standing
from vvipe.viewer.space import SpaceMap

_MAP_SCALE = 0.42  # of the bodies that stand on the map


@dataclass(frozen=True, eq=False)
class Placement:
    """Bodies on the stage.

    Attributes:
        query: (17, 3) where the query's body stands.
        others: (17, 3) each, where the others stand.
        labels: One for each of the others.
        view: From where they are best seen, one of `stage.VIEWS`.
    """

    query: np.ndarray
    others: list[np.ndarray] = field(default_factory=list[np.ndarray])
    labels: list[str] = field(default_factory=list[str])
    view: str = "near"


class Showing(Protocol):
    """One way to fill the stage."""

    def placed(self, body: np.ndarray, row: int, vector: np.ndarray) -> Placement:
        """Where everything stands.

        Args:
            body: (17, 3) the query's, upright.
            row: Where the playhead is.
            vector: (D,) the query's, perhaps NaN.
        """
        ...


@dataclass(eq=False)
class Matches:
    """The query with what was found.

    Attributes:
        found: Best first.
        opened: The one that stands beside the query.
        arrangement: One of `placing.ARRANGEMENTS`.
    """

    found: Sequence[Match] = ()
    opened: int = 0
    arrangement: str = "Beside"

    @property
    def match(self) -> Match | None:
        """The one that is open."""
        return self.found[self.opened] if self.opened < len(self.found) else None

    def placed(self, body: np.ndarray, row: int, vector: np.ndarray) -> Placement:
        """Beside the query, over it, or all of them behind."""
        match = self.match
        if match is None:
            return Placement(standing(body))
        if self.arrangement == "All":
            places = behind(len(self.found))
            others = [standing(m.body, at) for m, at in zip(self.found, places, strict=True)]
            labels = [f"{m.hit.rank} · {m.hit.distance:.1f}" for m in self.found]
            return Placement(standing(body), others, labels, "wide")
        label = f"{match.hit.rank} · {shortened(called(match.hit), 24)}"
        if self.arrangement == "Overlaid":
            return Placement(standing(body), [standing(match.body)], [label])
        left, right = in_row(2)
        return Placement(standing(body, left), [standing(match.body, right)], [label])


@dataclass(eq=False)
class Choices:
    """Bodies to go on with: along a path, or variants of the query.

    Attributes:
        bodies: (B, 17, 3) canonical.
        vectors: (B, D).
        labels: One each.
        title: What a query made of one is called.
        in_front: Whether the query stands in front of them, else it is one of them itself.
    """

    bodies: np.ndarray
    vectors: np.ndarray
    labels: list[str]
    title: str
    in_front: bool = True

    def placed(self, body: np.ndarray, row: int, vector: np.ndarray) -> Placement:
        """In a row behind the query."""
        places = in_row(len(self.bodies), 0.9, 0.8)
        others = [standing(b, at) for b, at in zip(self.bodies, places, strict=True)]
        return Placement(standing(body, (-0.8, 0.0)), others, self.labels, "row")


@dataclass(eq=False)
class Together:
    """Another recording that plays beside the query, or over it."""

    partner: Partner
    arrangement: str = "Beside"

    def placed(self, body: np.ndarray, row: int, vector: np.ndarray) -> Placement:
        """Beside the query, or over it."""
        other = self.partner.body(row)
        left, right = ((0.0, 0.0),) * 2 if self.arrangement == "Overlaid" else in_row(2)
        if other is None:
            return Placement(standing(body, left))
        label = shortened(self.partner.recording.name, 28)
        return Placement(standing(body, left), [standing(other, right)], [label])


@dataclass(eq=False)
class OnMap:
    """The map on the floor, key poses and the query standing where they lie in the space.

    Attributes:
        space: The map.
        bodies: (K, 17, 3) canonical bodies of its keys.
    """

    space: SpaceMap
    bodies: np.ndarray

    def placed(self, body: np.ndarray, row: int, vector: np.ndarray) -> Placement:
        """Small key poses, and the query a little larger."""
        at = self.space.plane[self.space.keys]
        others = [self._small(b, xy, _MAP_SCALE) for b, xy in zip(self.bodies, at, strict=True)]
        here = self.space.place(vector) if np.isfinite(vector).all() else np.zeros(2)
        return Placement(self._small(body, here, 1.5 * _MAP_SCALE), others, [""] * len(at), "map")

    @staticmethod
    def _small(body: np.ndarray, at: np.ndarray, scale: float) -> np.ndarray:
        return standing(body) * scale + np.array([*at, 0.0], np.float32)
