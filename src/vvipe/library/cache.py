"""Vectors laid out for search, in files that can be made anew: the table is the truth."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.library.approximate import Approximate
from vvipe.library.memory import Memory
from vvipe.library.store import Store, is_local

LEAST_ROWS = 100_000  # of fewer, the table is read as fast
COLUMNS = ("content", "id", "frame", "time_s")


def loaded(store: Store) -> tuple[Memory, dict[str, np.ndarray]]:
    """All embeddings of a store as it is now, and the columns that searches need."""
    if store.dataset.count_rows() < LEAST_ROWS:
        return _read(store)
    folder = folder_of(store.uri) / f"v{store.dataset.version}"
    if not folder.is_dir():
        read = _read(store)
        try:
            _write(*read, folder)
        except OSError:  # no room, no permission, or another process was first
            return read
    memory = Memory.mapped(folder / "vectors.faiss", store.dim, store.ranking)
    return memory, {c: np.load(folder / f"{c}.npy", mmap_mode="r") for c in COLUMNS}


def graph(store: Store) -> Approximate | None:
    """The graph of a store as it is now, None where none was made."""
    return Approximate.read(_graph_folder(store))


def make_graph(store: Store, memory: Memory) -> Approximate:
    """Builds the graph of a store, and keeps it for searches to come.

    Raises:
        VvipeError: It cannot be kept.
    """
    made, folder = Approximate.of(memory), _graph_folder(store)
    try:
        _make_room(folder)
        folder.mkdir(parents=True, exist_ok=True)
        made.write(folder)
    except OSError as error:
        raise VvipeError(f"cannot be written ({error.strerror})", where=folder) from error
    return made


def _graph_folder(store: Store) -> Path:
    return folder_of(store.uri) / f"graph-v{store.dataset.version}"


def _make_room(folder: Path) -> None:
    """Removes the files of other versions."""
    version = folder.name.rpartition("v")[2]
    for other in folder.parent.glob("*v*"):
        if other.name.rpartition("v")[2] != version:
            shutil.rmtree(other, ignore_errors=True)


def folder_of(uri: str) -> Path:
    """Where a library's files are kept: inside it, or for one in an object store, in the cache."""
    if is_local(uri):
        return Path(uri) / ".cache"
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "vvipe" / hashlib.sha256(uri.encode()).hexdigest()[:16]


def _read(store: Store) -> tuple[Memory, dict[str, np.ndarray]]:
    columns: dict[str, list[np.ndarray]] = {c: [np.zeros(0)] for c in COLUMNS}
    memory = Memory.of(_parts(store, columns), store.dim, store.ranking)
    return memory, {c: np.concatenate(v[1:] or v) for c, v in columns.items()}


def _parts(
    store: Store, columns: dict[str, list[np.ndarray]]
) -> Iterator[tuple[np.ndarray, np.ndarray]]:
    """Vectors and variances batch by batch; the other columns are gathered beside."""
    for batch in store.dataset.to_batches(columns=["vector", "variance", *COLUMNS]):
        for name, parts in columns.items():
            parts.append(batch[name].to_numpy(zero_copy_only=False))
        vectors, variance = (
            batch[c].values.to_numpy().reshape(-1, store.dim) for c in ("vector", "variance")
        )
        yield vectors, variance


def _write(memory: Memory, columns: dict[str, np.ndarray], folder: Path) -> None:
    """Writes a version's files at once."""
    _make_room(folder)
    partial = folder.with_name(f"{folder.name}-{os.getpid()}")
    partial.mkdir(parents=True)
    memory.write(partial / "vectors.faiss")
    for name, values in columns.items():
        np.save(partial / f"{name}.npy", values)
    partial.rename(folder)
