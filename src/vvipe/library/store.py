"""The table on disk or in an object store: a Lance dataset that knows its model."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

import lance
import pyarrow as pa

from vvipe.errors import VvipeError
from vvipe.library.rows import schema

FORMAT = "1"
_PREFIX = "vvipe."


class Store:
    """Rows of poses; every change is one commit, and a reader sees whole commits only.

    Attributes:
        uri: Folder or object-store address.
        model: `name@hash` of the model that embedded the rows.
        ranking: How its embeddings are compared, `matching` or `euclidean`.
        loads: What to give `vvipe.load` to have the model again.
        dim: Dimensions of the embeddings.
    """

    def __init__(self, dataset: lance.LanceDataset, uri: str) -> None:
        about = {k.decode(): v.decode() for k, v in (dataset.schema.metadata or {}).items()}
        if about.get(f"{_PREFIX}format") != FORMAT:
            raise VvipeError("a Lance table, but not a library of poses", where=uri)
        self.uri, self.dataset, self.columns = uri, dataset, dataset.schema
        self.model, self.ranking, self.loads = (
            about[_PREFIX + key] for key in ("model", "ranking", "loads")
        )
        self.dim: int = dataset.schema.field("vector").type.list_size

    @classmethod
    def create(cls, uri: str, about: Mapping[str, str], dim: int) -> Store:
        """An empty table.

        Args:
            uri: A folder that is not there yet, or an address such as `s3://bucket/lib`.
            about: `model`, `ranking` and `loads`.
            dim: Dimensions of the embeddings.

        Raises:
            VvipeError: Something is there, or nothing can be written there.
        """
        if is_local(uri) and os.path.exists(uri):
            raise VvipeError("is there already", where=uri, hint="choose another name")
        columns = schema(dim, {_PREFIX + k: v for k, v in {**about, "format": FORMAT}.items()})
        try:
            return cls(lance.write_dataset(columns.empty_table(), uri, mode="create"), uri)
        except OSError as error:
            raise VvipeError(f"cannot be made ({_first(error)})", where=uri) from error

    @classmethod
    def open(cls, uri: str) -> Store:
        """A table that is there.

        Raises:
            VvipeError: Nothing there, or no library.
        """
        try:
            return cls(lance.dataset(uri), uri)
        except (ValueError, OSError) as error:
            if isinstance(error, VvipeError):
                raise
            there = is_local(uri) and os.path.exists(uri)
            what = f"not a library ({_first(error)})" if there else "no library there"
            hint = f"make one: vvipe library create {uri}"
            raise VvipeError(what, where=uri, hint=None if there else hint) from error

    def load_model(self, needs: tuple[str, ...] = ()) -> Any:
        """The model that embedded the rows.

        Args:
            needs: Methods that it must have beyond `embed` and `distance`.

        Raises:
            VvipeError: It is gone, or it is another one by now.
        """
        from vvipe.models import load

        model = load(self.loads, needs=needs)
        if model.id != self.model:
            raise VvipeError(
                f"{self.loads} is another model by now", where=self.uri, expected=self.model,
                got=model.id, hint="make a new library and add the files again",
            )  # fmt: skip
        return model

    def refresh(self) -> None:
        """Goes on to what others have committed by now."""
        self.dataset.checkout_latest()

    def append(self, batches: Iterable[Any]) -> None:
        """Adds rows in one commit; when this returns they are durable."""
        reader = pa.RecordBatchReader.from_batches(self.columns, batches)
        self.dataset = lance.write_dataset(reader, self.uri, mode="append")

    def delete(self, where: str) -> int:
        """Removes the rows that a filter picks; returns how many."""
        count = self.dataset.count_rows(where)
        if count:
            self.dataset.delete(where)
        return count

    def compact(self, keep: timedelta) -> None:
        """Joins small files, and drops what only versions older than `keep` still need."""
        self.dataset.optimize.compact_files()
        self.dataset.cleanup_old_versions(older_than=keep)

    def contents(self) -> set[int]:
        """Hashes of all clips that are in."""
        seen: set[int] = set()
        for batch in self.dataset.to_batches(columns=["content"]):
            seen.update(batch["content"].unique().to_pylist())
        return seen

    def has(self, content: int) -> bool:
        """Whether a clip of this content is in."""
        return self.dataset.count_rows(f"content = {content}") > 0

    def read(self, *columns: str, where: str | None = None) -> Any:
        """Columns of all rows, or of those that a filter picks, as an Arrow table.

        Raises:
            VvipeError: A filter that is not understood.
        """
        try:
            return self.dataset.to_table(columns=list(columns), filter=where)
        except (ValueError, OSError) as error:
            raise VvipeError(f"filter {where!r}: {_first(error)}", where=self.uri) from error

    def take(self, rows: Any, *columns: str) -> list[dict[str, Any]]:
        """Columns of rows by their place in the table."""
        return self.dataset.take(rows, columns=list(columns)).to_pylist()


def is_local(uri: str) -> bool:
    """Whether a library is a folder, and not in an object store."""
    return "://" not in uri


def _first(error: Exception) -> str:
    return str(error).partition("\n")[0].partition(", /")[0][:200]
