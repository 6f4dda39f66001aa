"""Files into a library: embedded one after the other, committed many at a time."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa

from vvipe.errors import VvipeError
from vvipe.formats.shards import Shard
from vvipe.library.library import Library
from vvipe.library.sources import Source, find_sources, nothing_added

COMMIT_ROWS, COMMIT_S = 65_536, 30.0
"""What has been embedded is committed at so many rows, or after so long."""


@dataclass
class Added:
    """What has become of the files so far.

    Attributes:
        files: How many there are.
        added: How many went in.
        known: How many were in already, by their content.
        rows: Poses that went in.
        absent: Poses that were left out because too little of them is seen.
        errors: One for each file that could not be read.
        committed: Whether all of it is durable.
        seconds: Since the beginning.
    """

    files: int
    added: int = 0
    known: int = 0
    rows: int = 0
    absent: int = 0
    errors: list[VvipeError] = field(default_factory=list[VvipeError])
    committed: bool = True
    seconds: float = 0.0


def add_files(
    library: Library, model: Any, paths: Iterable[Path], *, skeleton: str | None = None,
    camera: str | None = None, camera_in_path: str | None = None, tags: Sequence[str] = (),
    shard: Shard | None = None, progress: Callable[[Added], None] | None = None,
) -> Added:  # fmt: skip
    """Embeds pose files and adds them; those that are in already are passed over.

    A file is in the library with all its rows or not at all, wherever this is interrupted; what
    was under way is embedded again the next time.

    Args:
        library: Where to.
        model: What embeds them: the library's own model.
        paths: Files, OpenPose folders, and folders of files in any format.
        skeleton: What the joints are, where a file does not say or says it wrong.
        camera: Which camera saw them all.
        camera_in_path: Instead: a regular expression whose first group in a path is the camera.
        tags: For all of them.
        shard: Only the files of this share; workers may add to one library at once.
        progress: Is told after every file and commit.

    Returns:
        What became of them, all of it durable.

    Raises:
        VvipeError: Another model than the library's, or not a single file can be read.
    """
    if model.id != library.store.model:
        raise VvipeError(
            "the library is of another model", where=library.store.uri,
            expected=library.store.model, got=model.id,
        )  # fmt: skip
    found, errors = find_sources(
        paths, skeleton=skeleton, camera=camera, camera_in_path=camera_in_path, tags=tags,
        shard=shard,
    )  # fmt: skip
    state = Added(len(found), errors=errors)
    started = time.monotonic()
    known = library.store.contents()
    pending = _Pending(library)
    try:
        for source in found:
            try:
                content = source.content()
                if content in known:
                    state.known += 1
                else:
                    total, rows = pending.take(model, source, content)
                    known.add(content)
                    state.added += 1
                    state.rows += rows
                    state.absent += total - rows
            except (VvipeError, OSError) as error:
                errors.append(source.error(error))
            pending.commit_if_due()
            state.committed, state.seconds = pending.empty, time.monotonic() - started
            if progress:
                progress(state)
    finally:
        pending.commit()
    if errors and not state.added + state.known:
        raise nothing_added(errors)
    return replace(state, committed=True, seconds=time.monotonic() - started)


class _Pending:
    """Whole files that wait for the next commit."""

    def __init__(self, library: Library) -> None:
        self.store = library.store
        self.batches: list[pa.RecordBatch] = []
        self.since = time.monotonic()

    @property
    def empty(self) -> bool:
        return not self.batches

    def take(self, model: Any, source: Source, content: int) -> tuple[int, int]:
        """Embeds a file; returns how many poses it has, and how many could be embedded."""
        total, batch = source.embedded(model, self.store.columns, content)
        self.batches.append(batch)
        return total, batch.num_rows

    def commit_if_due(self) -> None:
        rows = sum(batch.num_rows for batch in self.batches)
        if rows >= COMMIT_ROWS or time.monotonic() - self.since > COMMIT_S:
            self.commit()

    def commit(self) -> None:
        full = [batch for batch in self.batches if batch.num_rows]
        if full:
            self.store.append(full)
        self.batches, self.since = [], time.monotonic()
