"""One version of a library in memory, and what is searched in it."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from itertools import pairwise

import numpy as np

from vvipe.embeddings import Embeddings
from vvipe.errors import VvipeError
from vvipe.library.approximate import Approximate
from vvipe.library.beat import NOBODY, clips_at_beats, clips_of, rows_at_beats, seconds
from vvipe.library.cache import graph, loaded, make_graph
from vvipe.library.candidates import windows
from vvipe.library.filters import Filter
from vvipe.library.folding import folded, span
from vvipe.library.hits import Hit, MotionHit
from vvipe.library.motion import Passage, passages
from vvipe.library.store import Store

_MOST = 1 << 16  # rows that are looked at for one search
_SHOWN = ("id", "source", "clip", "frame", "time_s", "camera", "tags")


class Snapshot:
    """The embeddings of all rows of a store as it is now.

    Attributes:
        version: Of the store.
    """

    def __init__(self, store: Store) -> None:
        self.version: int = store.dataset.version
        self._store = store
        self._graph: Approximate | None = None
        self._memory, columns = loaded(store)
        self._content, self._id, self._frame = (columns[c] for c in ("content", "id", "frame"))
        self._time_s = seconds(self._frame, columns["time_s"])

    def graph(self) -> Approximate:
        """The graph for approximate searches.

        Raises:
            VvipeError: None was made of the library as it is now.
        """
        if self._graph is None:
            self._graph = graph(self._store)
        if self._graph is None:
            hint = f"make it: vvipe library optimize {self._store.uri} --graph"
            raise VvipeError("no graph for approximate search", where=self._store.uri, hint=hint)
        return self._graph

    def make_graph(self) -> Approximate:
        """Builds it."""
        self._graph = make_graph(self._store, self._memory)
        return self._graph

    def poses(
        self, query: Embeddings, k: int, where: Filter | None, fold: float, exact: bool = True
    ) -> list[Hit]:
        """The k poses nearest to one; arguments as for `Library.search`."""
        allowed = self._allowed(where)
        nearest = self._memory.nearest if exact else partial(self.graph().nearest, self._memory)
        count = k
        while True:
            rows, distances = nearest(query, count, allowed)
            found = rows[0] >= 0
            rows, distances = rows[:, found], distances[:, found]
            picked = self._picked(rows[0], fold)
            if len(picked) >= k or rows.shape[1] < count or count > _MOST:
                break
            count *= 4
        distance_of = dict(zip(rows[0].tolist(), distances[0].tolist(), strict=True))
        return self._hits(picked[:k], distance_of)

    def motions(
        self, queries: Iterable[Embeddings], times: np.ndarray, k: int, where: Filter | None,
        exact: bool = True,
    ) -> list[MotionHit]:  # fmt: skip
        """The k passages most like any of several motions; see `Library.search_motion`.

        Args:
            queries: The motion, and its mirror image if that will do too: (T, D) each.
            times: (T,) seconds.
            k: How many.
            where: What may be found.
            exact: Search every clip from end to end; else only where the graph finds neighbours.
        """
        beats = rows_at_beats(times)
        allowed = self._allowed(where)
        everywhere = self._clips(allowed) if exact else []
        found: list[tuple[Passage, bool]] = []
        for mirrored, query in enumerate(queries):
            vectors = np.where((beats == NOBODY)[:, None], np.nan, query.vectors[beats])
            at_beats = Embeddings(vectors, query.variance[beats], None, query.source, query.model)
            parts = everywhere if exact else self._windows(at_beats, allowed)
            found += [(p, bool(mirrored)) for p in passages(self._memory, at_beats, parts, k)]
        found.sort(key=lambda x: x[0].cost)
        return [self._motion_hit(rank, *one) for rank, one in enumerate(found[:k], 1)]

    def _clips(self, allowed: np.ndarray | None) -> list[np.ndarray]:
        """Rows at the beats of all clips."""
        edges = pairwise(clips_of(self._content))
        clips = (np.arange(first, last) for first, last in edges)
        return clips_at_beats(clips, self._time_s, allowed)

    def _windows(self, query: Embeddings, allowed: np.ndarray | None) -> list[np.ndarray]:
        """Rows at the beats of where a motion may be."""
        edges = clips_of(self._content)
        nearest = partial(self.graph().nearest, self._memory, allowed=allowed)
        return clips_at_beats(windows(nearest, query, edges, self._time_s), self._time_s, allowed)

    def _allowed(self, where: Filter | None) -> np.ndarray | None:
        if where is None:
            return None
        return np.isin(self._id, self._store.read("id", where=where.to_sql())["id"].to_numpy())

    def _picked(self, rows: np.ndarray, fold: float) -> list[tuple[int, tuple[int, int]]]:
        """Rows that are hits of their own, from best to worst, each with its span."""
        if not fold:
            return [(int(row), (int(row), int(row))) for row in rows]

        def span_of(row: int) -> tuple[int, int]:
            here = self._memory.embeddings(np.array([row]))
            return span(row, self._content, lambda near: self._memory.distance(here, near) < fold)

        return list(folded(rows, self._content, span_of))

    def _hits(
        self, picked: list[tuple[int, tuple[int, int]]], distance_of: dict[int, float]
    ) -> list[Hit]:
        told = self._store.take([row for row, _ in picked], *_SHOWN) if picked else []
        hits: list[Hit] = []
        for rank, ((row, edges), about) in enumerate(zip(picked, told, strict=True), 1):
            about["tags"] = tuple(about["tags"] or ())
            frames = (int(self._frame[edges[0]]), int(self._frame[edges[1]]))
            hits.append(Hit(rank, row=row, span=frames, distance=distance_of[row], **about))
        return hits

    def _motion_hit(self, rank: int, passage: Passage, mirrored: bool) -> MotionHit:
        ends = [passage.first, passage.last]
        about = self._store.take([passage.first], "source", "clip", "camera")[0]
        (first, last), (start_s, end_s) = self._frame[ends], self._time_s[ends]
        return MotionHit(
            rank, about["source"], about["clip"], int(first), int(last), passage.cost,
            float(start_s), float(end_s), about["camera"], mirrored,
        )  # fmt: skip
