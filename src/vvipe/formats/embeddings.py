"""Embeddings in files: npz, or Parquet with the same columns."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.embeddings import Embeddings
from vvipe.errors import VvipeError
from vvipe.formats.atomic import replacing
from vvipe.formats.npz import load_arrays

EMBEDDING_SUFFIXES = (".npz", ".parquet")
_COLUMNS = ("embeddings", "variance", "frame", "source", "model")


def write_embeddings(
    embeddings: Embeddings | Iterable[Embeddings], path: str | PathLike[str]
) -> None:
    """Writes `embeddings` (N, D) and `variance` float32, `frame`, `source` and `model`.

    Rows are in the order given, NaN rows included; leading dimensions are made one. `frame` and
    `source` have a value a row; `model` is one `name@hash`, in each row of Parquet.

    Args:
        embeddings: Of one source, or of several, one after the other; all of one model.
        path: Ends in .npz or .parquet; replaced whole or not at all.

    Raises:
        VvipeError: Unknown suffix, nothing to write, several models, or no permission.
    """
    parts = [embeddings] if isinstance(embeddings, Embeddings) else list(embeddings)
    path = Path(path)
    if path.suffix.lower() not in EMBEDDING_SUFFIXES:
        known = ", ".join(EMBEDDING_SUFFIXES)
        raise VvipeError("unknown suffix", where=path, expected=known, got=path.suffix or "none")
    models = {part.model for part in parts}
    if len(models) != 1:
        raise VvipeError("embeddings of one model are wanted", where=path, got=sorted(models))
    columns = {k: np.concatenate(v) for k, v in _rows(parts).items()}
    write = _write_npz if path.suffix.lower() == ".npz" else _write_parquet
    with replacing(path) as partial:
        write(columns, models.pop(), partial)


def read_embeddings(path: str | PathLike[str]) -> list[Embeddings]:
    """Reads what `write_embeddings` wrote: embeddings of each source, in the order of the rows.

    Raises:
        VvipeError: No such file, damaged, or something else than embeddings.
    """
    path = Path(path)
    if not path.is_file():
        raise VvipeError("no such file", where=path)
    read = _read_parquet if path.suffix.lower() == ".parquet" else _read_npz
    columns = read(path)
    absent = [c for c in _COLUMNS if c not in columns]
    if absent:
        raise VvipeError(
            f"no column {absent[0]!r}", where=path, expected=", ".join(_COLUMNS),
            hint="is it a file of `vvipe embed`?",
        )  # fmt: skip
    _check(columns, path)
    source = columns["source"].astype(str)
    ends = [*(np.flatnonzero(source[1:] != source[:-1]) + 1), len(source)]
    return [_part(columns, slice(a, b)) for a, b in zip([0, *ends], ends, strict=False)]


def _rows(parts: list[Embeddings]) -> dict[str, list[np.ndarray]]:
    columns: dict[str, list[np.ndarray]] = {c: [] for c in _COLUMNS[:-1]}
    for part in parts:
        vectors = np.asarray(part.vectors, np.float32).reshape(-1, part.vectors.shape[-1])
        frame = np.arange(len(vectors)) if part.frame is None else np.ravel(part.frame)
        columns["embeddings"].append(vectors)
        columns["variance"].append(np.asarray(part.variance, np.float32).reshape(vectors.shape))
        columns["frame"].append(np.repeat(frame, len(vectors) // max(1, len(frame))))
        columns["source"].append(np.full(len(vectors), part.source))
    return columns


def _write_npz(columns: Mapping[str, np.ndarray], model: str, path: Path) -> None:
    arrays: dict[str, Any] = {**columns, "model": model}
    with path.open("wb") as file:
        np.savez(file, **arrays)


def _write_parquet(columns: Mapping[str, np.ndarray], model: str, path: Path) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    def lists(values: np.ndarray) -> Any:
        return pa.FixedSizeListArray.from_arrays(pa.array(values.ravel()), values.shape[1])

    table = {
        "embeddings": lists(columns["embeddings"]),
        "variance": lists(columns["variance"]),
        "frame": columns["frame"],
        "source": columns["source"].tolist(),
        "model": pa.repeat(pa.scalar(model), len(columns["frame"])),
    }
    pq.write_table(pa.table(table), path)


def _read_npz(path: Path) -> dict[str, Any]:
    return load_arrays(path, _COLUMNS)


def _read_parquet(path: Path) -> dict[str, Any]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.read_table(path)
    except (pa.ArrowException, OSError) as error:
        raise VvipeError(f"damaged ({error})", where=path) from None
    columns = {c: table[c].to_numpy() for c in _COLUMNS if c in table.column_names}
    for name in ("embeddings", "variance"):
        if name in columns and columns[name].dtype == object and len(columns[name]):
            columns[name] = np.stack(columns[name])
    return columns


def _check(columns: Mapping[str, Any], path: Path) -> None:
    vectors = np.asarray(columns["embeddings"])
    if vectors.ndim != 2 or vectors.dtype.kind != "f" or not len(vectors):
        raise VvipeError(
            "wrong embeddings", where=path, expected="(N, D) numbers",
            got=f"{vectors.shape} {vectors.dtype}",
        )  # fmt: skip
    wanted = {"variance": vectors.shape, "frame": vectors.shape[:1], "source": vectors.shape[:1]}
    for name, shape in wanted.items():
        if np.shape(columns[name]) != shape:
            raise VvipeError(
                f"wrong shape of {name}", where=path, expected=shape, got=np.shape(columns[name])
            )


def _part(columns: Mapping[str, Any], rows: slice) -> Embeddings:
    vectors, variance = (columns[c][rows].astype(np.float32) for c in ("embeddings", "variance"))
    frame = columns["frame"][rows].astype(np.int64)
    model = str(np.ravel(columns["model"])[0])
    return Embeddings(vectors, variance, frame, str(columns["source"][rows.start]), model)
