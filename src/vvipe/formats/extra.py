"""Pose files with further columns, which readers of poses pass over."""

from __future__ import annotations

from os import PathLike
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.formats.atomic import replacing
from vvipe.formats.columns import poses_to_columns
from vvipe.formats.format import WRITING, Poses, Report, WriteOptions
from vvipe.formats.parquet import write_parquet
from vvipe.formats.writing import write


def write_with(
    poses: Poses,
    path: str | PathLike[str],
    options: WriteOptions = WRITING,
    **more: str | np.ndarray,
) -> Report:
    """Writes poses as `write` does; npz and Parquet hold the further columns too.

    Args:
        poses: (N, J, 2 or 3).
        path: Its suffix is the format.
        options: As for `write`.
        more: A text for all rows, or (N, …) values.

    Returns:
        What `write` returns.

    Raises:
        VvipeError: As for `write`.
    """
    suffix = Path(path).suffix.lower()
    if suffix == ".npz":
        arrays: dict[str, Any] = {**poses_to_columns(poses), **more}
        with replacing(path) as partial, partial.open("wb") as file:
            np.savez(file, **arrays)
    elif suffix == ".parquet":
        with replacing(path) as partial:
            write_parquet(poses, partial)
            _append(partial, len(poses), **more)
    else:
        return write(poses, path, options=options)
    return {}


def _append(path: Path, rows: int, **more: str | np.ndarray) -> None:
    import pyarrow.parquet as pq

    table = pq.read_table(path)
    for name, values in more.items():
        array = np.asarray(values)
        column = array if array.ndim else np.broadcast_to(array, rows)
        table = table.append_column(name, [column.tolist()])
    pq.write_table(table, path)
