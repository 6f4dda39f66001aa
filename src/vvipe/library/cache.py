"""Vectors laid out for search, in files that can be made anew: the table is the truth."""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np

from vvipe.library.memory import Memory
from vvipe.library.store import Store

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


def folder_of(uri: str) -> Path:
    """Where a library's files are kept: inside it, or for one in an object store, in the cache."""
    if "://" not in uri:
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
    """Writes a version's files at once, and removes those of others."""
    shutil.rmtree(folder.parent, ignore_errors=True)
    partial = folder.with_name(f"{folder.name}-{os.getpid()}")
    partial.mkdir(parents=True)
    memory.write(partial / "vectors.faiss")
    for name, values in columns.items():
        np.save(partial / f"{name}.npy", values)
    partial.rename(folder)
