"""Parquet: one row a pose, the columns of the npz schema."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.columns import (
    COLUMNS,
    columns_to_poses,
    frame_of_rows,
    poses_to_columns,
    stamps_of_rows,
)
from vvipe.formats.format import (
    DEFAULTS,
    WRITING,
    Format,
    Poses,
    ReadOptions,
    Report,
    WriteOptions,
)
from vvipe.poses import Poses2D, Poses3D

_PER_POSE = ("keypoints", "positions", "frame", "time_s")


def read_parquet(path: Path, options: ReadOptions = DEFAULTS) -> Poses:
    """Reads `keypoints` or `positions` as lists of lists; other columns hold one value.

    Raises:
        VvipeError: Damaged file, lists of different lengths, or columns that make no poses.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            names = file.schema_arrow.names
            table = file.read(columns=[c for c in COLUMNS if c in names])
    except (pa.ArrowException, OSError) as error:
        raise VvipeError(f"damaged ({error})", where=path) from None
    columns: dict[str, Any] = {}
    for name in table.column_names:
        where = f"{path}: column {name!r}"
        if table[name].null_count < len(table):
            values = _stack(table[name].combine_chunks(), where)
            columns[name] = values if name in _PER_POSE else _only_value(values, where)
    return columns_to_poses(columns or dict.fromkeys(names), options, path)


def _stack(column: Any, where: str) -> np.ndarray:
    """Values, lists, or lists of lists as one array."""
    import pyarrow as pa
    import pyarrow.compute as pc

    shape = [len(column)]
    while pa.types.is_list(column.type) or pa.types.is_fixed_size_list(column.type):
        lengths = pc.call_function("list_value_length", [column]).unique().to_pylist()
        if len(lengths) != 1 or lengths[0] is None:
            raise VvipeError("lists of different lengths", where=where, got=lengths[:4])
        shape.append(lengths[0])
        column = column.flatten()
    return column.to_numpy(zero_copy_only=False).reshape(shape)


def _only_value(values: np.ndarray, where: str) -> Any:
    if (values != values[0]).any():
        raise VvipeError("more than one value", where=where, hint="one clip a file")
    return values[0]


def write_parquet(poses: Poses, path: Path, options: WriteOptions = WRITING) -> Report:
    """Writes a row a pose; what all rows share (joints, unit, fps, …) stands in each."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    columns = poses_to_columns(poses)
    kind = "keypoints" if "keypoints" in columns else "positions"
    coords = columns.pop(kind)
    coords = coords.reshape(-1, *coords.shape[-2:])
    data: dict[str, Any] = {kind: _nested(coords), "frame": frame_of_rows(poses)}
    columns.pop("frame", None)
    if columns.pop("time_s", None) is not None:
        data["time_s"] = stamps_of_rows(poses)
    for name, value in columns.items():
        plain = value.tolist() if isinstance(value, np.ndarray) else value
        data[name] = pa.repeat(pa.scalar(plain), len(coords))
    pq.write_table(pa.table(data), path)
    return {}


def _nested(coords: np.ndarray) -> Any:
    """(N, J, D) as N lists of J lists of D numbers."""
    import pyarrow as pa

    _, joints, dims = coords.shape
    flat = pa.array(coords.ravel())
    return pa.FixedSizeListArray.from_arrays(pa.FixedSizeListArray.from_arrays(flat, dims), joints)


def _sniff(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) == b"PAR1"


PARQUET = Format(
    "Parquet", (".parquet", ".pq"), _sniff, read_parquet, write_parquet, (Poses2D, Poses3D)
)
