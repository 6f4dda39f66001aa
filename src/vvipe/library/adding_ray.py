"""Files into a library by the workers of a Ray cluster: one commit for all of them."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from vvipe.errors import VvipeError
from vvipe.formats.shards import Shard
from vvipe.library.adding import Added
from vvipe.library.library import Library
from vvipe.library.ray_cluster import on_workers, ray_cluster
from vvipe.library.ray_workers import Embedder, Hashed, Written, hash_files
from vvipe.library.sources import Source, find_sources, nothing_added
from vvipe.library.store import Store

PART_BYTES = 1 << 20, 32 << 20
"""Size of the files that a worker takes at a time, at least and at most."""
PARTS_A_WORKER = 4  # at least, if they are large enough, so that all end at about the same time

Recording = Sequence[Hashed]
"""Files of one content, in their order: the first that can be read goes in."""


def add_files_on_ray(
    library: Library, paths: Iterable[Path], *, skeleton: str | None = None,
    camera: str | None = None, camera_in_path: str | None = None, tags: Sequence[str] = (),
    shard: Shard | None = None, workers: int | None = None,
    progress: Callable[[Added], None] | None = None,
) -> Added:  # fmt: skip
    """Embeds pose files on a Ray cluster and adds them, as `add_files` does, in the same order.

    All goes in by one commit in the end. A worker that dies changes nothing in the result; where
    the command itself is interrupted, nothing is added.

    Args:
        library: Where to. Workers open it by its address and load its model by what it `loads`.
        paths: As for `add_files`, as are those below. Workers must see the same files.
        skeleton: What the joints are, where a file does not say or says it wrong.
        camera: Which camera saw them all.
        camera_in_path: Instead: a regular expression whose first group in a path is the camera.
        tags: For all of them.
        shard: Only the files of this share.
        workers: How many embed, by default one a processor of the cluster.
        progress: Is told after every part of the files.

    Returns:
        What became of them, all of it durable.

    Raises:
        VvipeError: Not a single file can be read, a worker cannot reach the library or its model,
            or Ray is not there.
    """
    found, errors = find_sources(
        paths, skeleton=skeleton, camera=camera, camera_in_path=camera_in_path, tags=tags,
        shard=shard,
    )  # fmt: skip
    library.store.load_model()  # if that cannot be done, it is said before anything is started
    with ray_cluster(workers) as count:
        return _Adding(library.store, errors, count, progress).add(found)


class _Adding:
    """One addition, as it goes on."""

    def __init__(
        self, store: Store, errors: list[VvipeError], workers: int,
        progress: Callable[[Added], None] | None,
    ) -> None:  # fmt: skip
        self.store, self.workers, self.progress = store, workers, progress
        self.nowhere, self.unreadable = errors, list[tuple[int, str]]()
        self.files = self.known = 0
        self.written: list[Written] = []
        self.started = time.monotonic()

    def add(self, found: Sequence[Source]) -> Added:
        self.files = len(found)
        recordings = self._hash(found)
        todo = _parts(self._new(recordings, self._contents()), self.workers)
        while todo:
            self._embed(todo)
            known = self._contents()
            again = (self._new(part, known) for part in self._take_back(known))
            todo = [part for part in again if part]
        self._commit()
        added = self._added(committed=True)
        if added.errors and not added.added + added.known:
            raise nothing_added(added.errors)
        return added

    def _hash(self, found: Sequence[Source]) -> list[Recording]:
        """Files by content, in the order of the first of each."""
        if not found:
            return []
        items, step = list(enumerate(found)), -(-len(found) // (self.workers * PARTS_A_WORKER))
        chunks = [items[i : i + step] for i in range(0, len(items), step)]
        hashed: list[Hashed] = []
        for files in on_workers(hash_files, chunks, arguments=(os.getcwd(),)):
            hashed += files
            self._tell()
        recordings: dict[int, list[Hashed]] = {}
        for file in sorted(hashed, key=lambda file: file.place):
            if file.error is None:
                recordings.setdefault(file.content, []).append(file)
            else:
                self.unreadable.append((file.place, file.error))
        return list(recordings.values())

    def _contents(self) -> set[int]:
        """Hashes of all clips that are in by now, whoever added them."""
        self.store.refresh()
        return self.store.contents()

    def _new(self, recordings: Iterable[Recording], known: set[int]) -> list[Recording]:
        """Recordings that are not in; the files of the others are counted."""
        new: list[Recording] = []
        for files in recordings:
            if files[0].content in known:
                self.known += len(files)
            else:
                new.append(files)
        return new

    def _embed(self, parts: Sequence[Sequence[Recording]]) -> None:
        arguments, actors = (self.store.uri, os.getcwd()), min(self.workers, len(parts))
        for written in on_workers(Embedder, parts, actors=actors, arguments=arguments):
            if written.failure:
                raise VvipeError("a worker cannot go on", hint=written.failure)
            self.written.append(written)
            self._tell()

    def _take_back(self, known: set[int]) -> list[Sequence[Recording]]:
        """Parts with a recording that somebody else added meanwhile: they are written anew."""
        late = [w for w in self.written if any(f[0].content in known for f in w.recordings)]
        self.written = [w for w in self.written if w not in late]
        return [written.recordings for written in late]

    def _commit(self) -> None:
        """All rows at once, in the order of the files, whichever worker was done first."""
        from lance_ray import LanceFragmentCommitter

        self.written.sort(key=lambda written: written.recordings[0][0].place)
        pieces = [w.pieces for w in self.written if w.pieces is not None and w.pieces.num_rows]
        if pieces:
            # As Ray Data would call it, but for the order, which Ray Data leaves to chance.
            committer = LanceFragmentCommitter(self.store.uri, mode="append")
            committer.on_write_start()
            committer.on_write_complete([committer.write(pieces, None)])
            self.store.refresh()

    def _tell(self) -> None:
        if self.progress:
            self.progress(self._added(committed=False))

    def _added(self, committed: bool) -> Added:
        unreadable = sorted([*self.unreadable, *(e for w in self.written for e in w.errors)])
        return Added(
            self.files,
            added=sum(w.added for w in self.written),
            known=self.known + sum(w.known for w in self.written),
            rows=sum(w.rows for w in self.written),
            absent=sum(w.absent for w in self.written),
            errors=[*self.nowhere, *(VvipeError(error) for _, error in unreadable)],
            committed=committed,
            seconds=time.monotonic() - self.started,
        )


def _parts(recordings: Sequence[Recording], workers: int) -> list[list[Recording]]:
    """Recordings that follow each other, about as many bytes of them in each part."""
    least, most = PART_BYTES
    size = sum(files[0].size for files in recordings) // (workers * PARTS_A_WORKER)
    size = min(max(size, least), most)
    parts: list[list[Recording]] = []
    room = 0
    for files in recordings:
        if room <= 0:
            parts.append([])
            room = size
        parts[-1].append(files)
        room -= files[0].size
    return parts
