"""Named columns as a table for spreadsheets and data frames: CSV or Parquet."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.formats.atomic import replacing


def write_table(columns: Mapping[str, np.ndarray], path: Path) -> None:
    """Writes (N,) columns; what is not known (NaN) is empty in CSV.

    Args:
        columns: Name -> values, all of one length.
        path: Ends in .csv or .parquet; replaced whole or not at all.
    """
    with replacing(path) as partial:
        if path.suffix.lower() == ".parquet":
            import pyarrow as pa
            import pyarrow.parquet as pq

            pq.write_table(pa.table(dict(columns)), partial)
            return
        with partial.open("w", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(columns)
            writer.writerows(map(_cells, zip(*columns.values(), strict=True)))


def _cells(row: tuple[Any, ...]) -> list[str]:
    return [f"{v:.6g}" if np.isfinite(v) else "" for v in row]
