"""What a worker of a Ray cluster does: it hashes files, embeds them and writes their rows."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import pyarrow as pa

from vvipe.errors import VvipeError
from vvipe.library.ray_cluster import packed, unpacked
from vvipe.library.sources import Source
from vvipe.library.store import Store

ROWS_A_PIECE = 65_536


@dataclass(frozen=True)
class Hashed:
    """A file and its content, or why it cannot be read.

    Attributes:
        place: Among all files.
        source: The file.
        content: Its hash.
        size: In bytes.
        error: None if it can be read.
    """

    place: int
    source: Source
    content: int = 0
    size: int = 0
    error: str | None = None


@dataclass
class Written:
    """Recordings whose rows lie beside the table, for a commit to take them in.

    Attributes:
        recordings: Files of the same content each.
        pieces: The table that lance-ray's committer wants.
        added: How many files are in it.
        known: How many were left out as one of the same content is in it.
        rows: How many poses.
        absent: Poses that were left out because too little of them is seen.
        errors: Of files that cannot be read, with the files' places.
        failure: Why nothing was written.
    """

    recordings: Sequence[Sequence[Hashed]]
    pieces: pa.Table | None = None
    added: int = 0
    known: int = 0
    rows: int = 0
    absent: int = 0
    errors: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    failure: str | None = None


def hash_files(row: dict[str, bytes], folder: str) -> dict[str, bytes]:
    """Packed places and sources to packed `Hashed`."""
    _go_to(folder)
    return packed([_hashed(place, source) for place, source in unpacked(row)])


class Embedder:
    """Packed recordings to packed `Written`; it loads the model once.

    Args:
        uri: Of the library.
        folder: What relative paths start from.
    """

    def __init__(self, uri: str, folder: str) -> None:
        _go_to(folder)
        self.uri = uri

    def __call__(self, row: dict[str, bytes]) -> dict[str, bytes]:
        """Writes the rows of a part of the files."""
        written = Written(unpacked(row))
        try:
            self._write(written)
        except (VvipeError, OSError) as error:
            written.failure = str(error)
        return packed(written)

    @cached_property
    def _store(self) -> Store:
        return Store.open(self.uri)

    @cached_property
    def _model(self) -> Any:
        return self._store.load_model()

    def _write(self, written: Written) -> None:
        from lance_ray import LanceFragmentWriter

        model, store = self._model, self._store
        writer = LanceFragmentWriter(
            self.uri, schema=store.columns, max_rows_per_file=ROWS_A_PIECE,
            transform=lambda _: _tables(written, model, store.columns),
            data_storage_version=store.dataset.data_storage_version, use_legacy_format=None,
        )  # fmt: skip
        written.pieces = writer({})


def _tables(written: Written, model: Any, columns: Any) -> Iterator[Any]:
    """Rows recording by recording, so that one is in memory; what becomes of each is noted."""
    for files in written.recordings:
        batch = _first_readable(files, written, model, columns)
        if batch is not None and batch.num_rows:
            yield pa.Table.from_batches([batch])


def _first_readable(files: Sequence[Hashed], written: Written, model: Any, columns: Any) -> Any:
    """Rows of the first file that can be read; None if none can."""
    for tried, file in enumerate(files, 1):
        try:
            total, batch = file.source.embedded(model, columns, file.content)
        except (VvipeError, OSError) as error:
            written.errors.append((file.place, str(file.source.error(error))))
        else:
            written.added += 1
            written.known += len(files) - tried
            written.rows += batch.num_rows
            written.absent += total - batch.num_rows
            return batch
    return None


def _hashed(place: int, source: Source) -> Hashed:
    try:
        return Hashed(place, source, source.content(), _size(source.path))
    except (VvipeError, OSError) as error:
        return Hashed(place, source, error=str(source.error(error)))


def _size(path: Path) -> int:
    return sum(f.stat().st_size for f in path.iterdir()) if path.is_dir() else path.stat().st_size


def _go_to(folder: str) -> None:
    """Relative paths mean the same as where the command was given."""
    with contextlib.suppress(OSError):  # a folder that is not here: absolute paths may be
        os.chdir(folder)
