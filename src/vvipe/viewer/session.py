"""What one visitor of the viewer does: the recording, the query, its matches. No page in it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from vvipe.library import Filter
from vvipe.viewer.abilities import can, decoded
from vvipe.viewer.collection import Collection, Match
from vvipe.viewer.directions import Directions, directions_of
from vvipe.viewer.playhead import Playhead
from vvipe.viewer.query import Query, dragged, made_possible, of_row, of_vector
from vvipe.viewer.recording import Recording

_MOST_UNDONE = 100


class Session:
    """The state of one visitor.

    Attributes:
        model: A representation.
        collection: What is searched, None where there is nothing.
        recordings: What can be opened.
        recording: What is open.
        head: Where in it one is.
        query: The pose that is searched for.
        matches: What was found for it.
        k: How many matches are wanted.
        where: What may be found.
        elsewhere: Nothing of the query's own recording is to be found.
        ends: The two poses to go from and to, as far as they were picked.
    """

    def __init__(
        self, model: Any, collection: Collection | None, recordings: Sequence[Recording] = ()
    ) -> None:
        self.model, self.collection = model, collection
        self.recordings = list(recordings)
        self.recording: Recording | None = None
        self.head = Playhead()
        self.query: Query | None = None
        self.matches: list[Match] = []
        self.k, self.where, self.elsewhere = 8, Filter(), True
        self.ends: list[Query | None] = [None, None]
        self._before: list[Query] = []
        self._directions: Directions | None = None

    def open(self, recording: Recording) -> None:
        """Opens a recording at its first pose that can be searched for."""
        if recording not in self.recordings:
            self.recordings.append(recording)
        self.recording = recording
        self.head = Playhead(
            len(recording), recording.fps, recording.first_usable(), self.head.speed
        )
        self.follow()

    def follow(self) -> None:
        """The query becomes the row where the playhead is; what was edited is gone."""
        if self.recording is not None:
            self._before.clear()
            self.query = of_row(self.recording, self.head.row)

    @property
    def edited(self) -> bool:
        """Whether the query is another pose than the recording's."""
        return bool(self._before)

    def change(self, query: Query, remember: bool = True) -> None:
        """Takes another query; `undo` goes back, unless it is one move in a drag."""
        if self.query is not None and remember:
            self._before = [*self._before[-_MOST_UNDONE:], self.query]
        self.query = query

    def drag(self, joint: str, target: np.ndarray, first: bool) -> None:
        """Draws a joint of the query towards a place in the canonical frame.

        Args:
            joint: One of `posing.MOVABLE`.
            target: (3,).
            first: Whether a drag begins; `undo` goes back to before it.
        """
        if self.query is not None:
            self.change(dragged(self.model, self.query, joint, target), first)

    def make_possible(self) -> None:
        """The query becomes the nearest pose that the model knows; part of the same edit."""
        if self.query is not None:
            self.change(made_possible(self.model, self.query), remember=False)

    def undo(self) -> None:
        """Takes the last edit back."""
        if self._before:
            self.query = self._before.pop()

    def reset(self) -> None:
        """Takes all edits back."""
        if self._before:
            self.query = self._before[0]
            self._before.clear()

    def search(self) -> list[Match]:
        """Finds the poses like the query; nothing where it shows too little."""
        query, own = self.query, self.recording
        if self.collection is None or query is None or not query.usable:
            return []
        source = own.embeddings.source if self.elsewhere and own is not None else None
        where = self.where or None
        return self.collection.matches(query.embedding, self.k, where, source)

    @property
    def directions(self) -> Directions | None:
        """The main directions of what is searched; None for a model that cannot decode."""
        if self._directions is None and self.collection is not None and can(self.model, "decode"):
            self._directions = directions_of(self.collection.sample(4000)[1])
        return self._directions

    def steer(self, direction: int, coordinate: float, first: bool) -> None:
        """Moves the query along one of the main directions, in standard deviations."""
        directions = self.directions
        if directions is not None and self.query is not None and self.query.usable:
            vector = directions.steered(self.query.vector, direction, coordinate)
            self.change(of_vector(self.model, vector, "steered"), first)

    def pick_end(self, end: int) -> None:
        """Remembers the query as where a path begins (0) or ends (1)."""
        self.ends[end] = self.query

    def path(self, steps: int) -> tuple[np.ndarray, np.ndarray] | None:
        """(steps, D) points from the one picked pose to the other, and their bodies."""
        a, b = self.ends
        if a is None or b is None or not can(self.model, "interpolate", "decode"):
            return None
        vectors = self.model.interpolate(a.vector, b.vector, steps)
        return vectors, decoded(self.model, vectors)

    def blend(self, share: float, first: bool) -> None:
        """The query becomes the point at a share of the path."""
        found = self.path(2)
        if found is not None:
            vector = (1 - share) * found[0][0] + share * found[0][1]
            self.change(of_vector(self.model, vector, f"{share:.0%} from A to B"), first)

    def variants(
        self, strength: float, count: int, seed: int
    ) -> tuple[np.ndarray, np.ndarray] | None:
        """(count, D) new points around the query, and their bodies."""
        if self.query is None or not self.query.usable or not can(self.model, "generate", "decode"):
            return None
        around = self.model.generate(self.query.vector, (strength,), count, seed)
        vectors = np.asarray(around).reshape(count, -1)
        return vectors, decoded(self.model, vectors)
