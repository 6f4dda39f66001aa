"""The searchable library of embedded poses."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from os import PathLike, fspath
from typing import Any

import numpy as np
import pyarrow as pa

from vvipe.embeddings import Embeddings
from vvipe.errors import VvipeError
from vvipe.library.beat import seconds
from vvipe.library.content import content_of
from vvipe.library.filters import Filter
from vvipe.library.hits import Hit, MotionHit
from vvipe.library.rows import Clip, frames_of, to_batch
from vvipe.library.snapshot import Snapshot
from vvipe.library.store import Store
from vvipe.poses import Poses2D, Poses3D

FOLD = 2.0
"""Neighbouring frames within this distance of a hit belong to it: half of those that one camera saw
0.05 torso lengths apart, which is half of what counts as the same pose."""


class Library:
    """Embedded poses in a Lance table, searched in memory.

    Example:
        lib = vvipe.Library.create("lib")
        lib.add(model.embed(poses), poses)
        hits = lib.search(model.embed(query)[0], k=10)
    """

    def __init__(self, store: Store) -> None:
        self.store = store
        self._read: Snapshot | None = None

    @classmethod
    def create(cls, uri: str | PathLike[str], model: Any = "vvipe") -> Library:
        """Makes an empty library.

        Args:
            uri: A folder that is not there yet, or an object-store address.
            model: A loaded model, or its name or folder: what all its rows are embedded by.

        Raises:
            VvipeError: Something is there already, or there is no such model.
        """
        if isinstance(model, str | PathLike):
            from vvipe.models import load

            model = load(model)
        about = {
            "model": model.id, "loads": _loads(model), "ranking": getattr(model, "ranking", ""),
        }  # fmt: skip
        return cls(Store.create(fspath(uri), about, model.dim))

    @classmethod
    def open(cls, uri: str | PathLike[str]) -> Library:
        """Opens a library.

        Raises:
            VvipeError: There is none.
        """
        return cls(Store.open(fspath(uri)))

    def __len__(self) -> int:
        return self.store.dataset.count_rows()

    def add(
        self, embeddings: Embeddings, poses: Poses2D | Poses3D | None = None, *,
        clip: str | None = None, camera: str | None = None, tags: Sequence[str] = (),
    ) -> int:  # fmt: skip
        """Adds embeddings of one recording; rows without one (NaN) are left out.

        Args:
            embeddings: (N, D), or (D,) for one pose.
            poses: What was embedded, row for row, so that hits can be drawn and have a time.
            clip: Name of the recording; by default its source.
            camera: Which camera saw it.
            tags: Words to filter by.

        Returns:
            How many rows were added, 0 where these embeddings are in already. They are durable.

        Raises:
            VvipeError: Embeddings of another model, or poses that do not fit.
        """
        embeddings = self.checked(embeddings)
        if poses is not None and poses.coords.shape[:-2] != embeddings.shape[:-1]:
            raise VvipeError(
                "not a pose for each embedding", where=embeddings.source,
                expected=embeddings.shape[:-1], got=poses.coords.shape[:-2],
            )  # fmt: skip
        content = content_of(embeddings.vectors.tobytes(), embeddings.source.encode())
        if self.store.has(content):
            return 0
        about = Clip(content, embeddings.source, clip or embeddings.source, camera, tuple(tags))
        batch = to_batch(self.store.columns, about, embeddings, poses)
        if batch.num_rows:
            self.store.append([batch])
        return batch.num_rows

    def search(
        self, query: Any, k: int = 10, where: Filter | None = None, fold: float = FOLD,
        exact: bool = True,
    ) -> list[Hit]:  # fmt: skip
        """The poses nearest to one, whatever side they were seen from.

        Args:
            query: One embedding, (D,) or (1, D), of this library's model. Plain vectors count as
                sure of every dimension.
            k: How many hits, fewer where there are no more.
            where: What may be found.
            fold: Neighbouring frames of a hit within this distance of it belong to it; 0 gives
                every frame by itself.
            exact: Compare every row; else ask the graph, see `recall`.

        Raises:
            VvipeError: Not one embedding of this model, too few joints were seen to have one, or
                no graph where one is to be asked.
        """
        return self._snapshot().poses(self._one(query), k, where, fold, exact)

    @property
    def recall(self) -> float:
        """Of approximate searches: the share of the ten nearest that they find, as measured.

        Raises:
            VvipeError: No graph.
        """
        return self._snapshot().graph().recall

    def make_graph(self) -> float:
        """Builds the graph for approximate searches of the library as it is; returns `recall`."""
        return self._snapshot().make_graph().recall

    def search_motion(
        self, query: Embeddings, k: int = 10, where: Filter | None = None, *,
        fps: float | None = None, time_s: np.ndarray | None = None,
        mirrored: Embeddings | None = None, exact: bool = True,
    ) -> list[MotionHit]:  # fmt: skip
        """The passages most like a motion, whatever side it was seen from, up to twice as fast.

        A clip is searched from end to end (subsequence warping at 15 frames a second).

        Args:
            query: (T, D) embeddings of a motion; frames in which nobody is seen (NaN) fit anything.
            k: How many hits, no two of them mostly the same passage.
            where: What may be found.
            fps: The query's frames per second, 30 unless told.
            time_s: (T,) seconds of its frames, where their rate is uneven.
            mirrored: Embeddings of the motion's mirror image, if that will do too.
            exact: Search every clip; else only where the graph finds neighbours of a few of the
                motion's moments.

        Raises:
            VvipeError: Not embeddings of this model, nobody is ever seen, or no graph where one is
                to be asked.
        """
        query = self.checked(query)
        if not np.isfinite(query.vectors).all(1).any():
            raise VvipeError("too few joints are seen to embed a motion", where=query.source)
        frame = frames_of(query)
        queries = [query] if mirrored is None else [query, self.checked(mirrored)]
        return self._snapshot().motions(queries, seconds(frame, time_s, fps), k, where, exact)

    def warm(self) -> None:
        """Reads what searches need; from then on several threads may search at once."""
        self._snapshot()

    def remove(self, where: Filter) -> int:
        """Removes rows; returns how many. `optimize` gives their space back."""
        return self.store.delete(where.to_sql())

    def optimize(self, keep: timedelta = timedelta(hours=1)) -> None:
        """Joins what many additions left in pieces, and frees what was removed before `keep`."""
        self.store.compact(keep)

    def info(self) -> dict[str, Any]:
        """`rows`, `clips`, `cameras`, `tags`, `model`, `ranking`, `version`, `pieces`."""
        clips = self.clips()
        pieces = self.store.dataset.get_fragments()
        return {
            "rows": len(self),
            "clips": len(clips),
            "cameras": sorted({c["camera"] for c in clips} - {None}),
            "tags": sorted({tag for c in clips for tag in c["tags"]}),
            "model": self.store.model,
            "ranking": self.store.ranking,
            "version": self.store.dataset.version,
            "pieces": len(pieces),
        }

    def clips(self) -> list[dict[str, Any]]:
        """`clip`, `source`, `camera`, `tags` and `rows` of each recording, in the order added."""
        found: dict[int, dict[str, Any]] = {}
        columns = ("content", "clip", "source", "camera", "tags")
        for batch in self.store.dataset.to_batches(columns=list(columns)):
            content = batch["content"].to_numpy()
            first = np.flatnonzero(np.diff(content, prepend=content[:1] - 1))
            counts = np.diff(first, append=len(content))
            told = batch.take(pa.array(first)).to_pylist()
            for row, count in zip(told, counts.tolist(), strict=True):
                key = row.pop("content")
                known = found.setdefault(key, row | {"tags": row["tags"] or [], "rows": 0})
                known["rows"] += count
        return list(found.values())

    def checked(self, embeddings: Embeddings) -> Embeddings:
        """Embeddings with one leading dimension.

        Raises:
            VvipeError: They are of another model, or have another number of dimensions.
        """
        if embeddings.model not in ("", self.store.model):
            raise VvipeError(
                "embeddings of another model", where=embeddings.source,
                expected=self.store.model, got=embeddings.model,
            )  # fmt: skip
        if embeddings.vectors.ndim == 1:
            embeddings = Embeddings(
                embeddings.vectors[None], embeddings.variance[None], None, embeddings.source,
                embeddings.model,
            )  # fmt: skip
        if embeddings.vectors.ndim != 2 or embeddings.vectors.shape[1] != self.store.dim:
            raise VvipeError(
                "wrong shape of embeddings", where=embeddings.source,
                expected=f"(N, {self.store.dim})", got=embeddings.vectors.shape,
            )  # fmt: skip
        return embeddings

    def _one(self, query: Any) -> Embeddings:
        if not isinstance(query, Embeddings):
            vectors = np.asarray(query, np.float32)
            query = Embeddings(vectors, np.zeros_like(vectors), source="query")
        query = self.checked(query)
        if len(query) != 1:
            raise VvipeError("one pose is searched for at a time", got=f"{len(query)} poses")
        if not np.isfinite(query.vectors).all():
            raise VvipeError("too few joints are seen to embed a pose", where=query.source)
        return query

    def _snapshot(self) -> Snapshot:
        """All embeddings in memory, read again after a change."""
        if self._read is None or self._read.version != self.store.dataset.version:
            self._read = None  # the old ones go before the new ones come
            self._read = Snapshot(self.store)
        return self._read


def _loads(model: Any) -> str:
    """What loads the model again: its name where it ships, else its folder."""
    from vvipe.models import shipped_models

    folder = model.folder
    return folder.name if folder.name in shipped_models() else str(folder.absolute())
