"""CSV: one row a pose, `<joint>_x` and so on by column, for spreadsheets and data frames."""

from __future__ import annotations

import csv
import io
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.columns import (
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
from vvipe.formats.text import read_head, read_text, to_number
from vvipe.poses import Poses2D, Poses3D

_WORDS = ("unit", "up", "frame_of_reference", "skeleton")
_NUMBERS = ("fps", "image_width", "image_height")
_PER_ROW = ("frame", "time_s")
_EXACT_S = 1e-6


def write_csv(poses: Poses, path: Path, options: WriteOptions = WRITING) -> Report:
    """Writes `frame`, `time_s`, the joints, and in each row what all share: unit, axes, rate.

    2D has `<joint>_x`, `_y`, `_confidence`, 3D `_x`, `_y`, `_z`; what is not seen is empty.
    """
    columns = poses_to_columns(poses)
    coords = columns["keypoints" if isinstance(poses, Poses2D) else "positions"]
    axes = ("x", "y", "z") if isinstance(poses, Poses3D) else ("x", "y", "confidence")
    names = [f"{j}_{a}" for j in poses.skeleton.joints for a in axes[: coords.shape[-1]]]
    frame, time_s = frame_of_rows(poses), stamps_of_rows(poses)
    if time_s is None and poses.fps:
        time_s = frame / poses.fps
    if "image_size" in columns:
        columns["image_width"], columns["image_height"] = columns["image_size"]
    shared = {k: columns[k] for k in (*_NUMBERS, *_WORDS) if k in columns}
    rows = coords.reshape(len(frame), -1).tolist()
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(["frame", *(["time_s"] if time_s is not None else []), *names, *shared])
    for i, row in enumerate(rows):
        when = [] if time_s is None else [f"{time_s[i]:.6f}"]
        cells = ["" if np.isnan(v) else f"{v:.7g}" for v in row]
        writer.writerow([frame[i], *when, *cells, *shared.values()])
    path.write_text(text.getvalue())
    return {}


def read_csv(path: Path, options: ReadOptions = DEFAULTS) -> Poses:
    """Reads what `write_csv` writes; of other files, columns `<joint>_x`, `_y` and so on.

    Other columns are passed over. Without `unit` and `up`, metres and z up count.

    Raises:
        VvipeError: A cell that is no number, rows of different length, or no joints; with the line.
    """
    lines = list(csv.reader(read_text(path).splitlines()))
    names = [name.strip() for name in lines[0]]
    for number, line in enumerate(lines[1:], 2):
        if len(line) != len(names):
            raise VvipeError(
                "row of the wrong length", where=f"{path}: line {number}",
                expected=len(names), got=len(line),
            )  # fmt: skip
    if len(lines) < 2:
        raise VvipeError("no rows", where=path)
    cells = {name: [line[i] for line in lines[1:]] for i, name in enumerate(names)}
    joints = tuple(n[:-2] for n in names if n.endswith("_x") and f"{n[:-2]}_y" in cells)
    kind, axes = "positions", ("x", "y", "z")
    if not all(f"{j}_z" in cells for j in joints):
        sure = all(f"{j}_confidence" in cells for j in joints)
        kind, axes = "keypoints", ("x", "y", "confidence") if sure else ("x", "y")
    coords = [[_numbers(cells[f"{j}_{a}"], f"{j}_{a}", path) for a in axes] for j in joints]
    columns: dict[str, Any] = {kind: np.moveaxis(np.array(coords), -1, 0), "joints": joints}
    columns |= {k: _numbers(cells[k], k, path) for k in _PER_ROW if k in cells}
    columns |= {k: _shared(cells[k], k, path) for k in (*_NUMBERS, *_WORDS) if k in cells}
    columns |= {k: to_number(columns[k], f"{path}: {k}") for k in _NUMBERS if k in columns}
    if "image_width" in columns and "image_height" in columns:
        columns["image_size"] = [columns["image_width"], columns["image_height"]]
    if {"fps", "time_s", "frame"} <= columns.keys():
        beat = columns["frame"] / columns["fps"]
        if np.abs(columns["time_s"] - beat).max() <= _EXACT_S:
            del columns["time_s"]
    return columns_to_poses(columns, options, path)


def _numbers(cells: list[str], name: str, path: Path) -> np.ndarray:
    """(N,) numbers of a column, NaN where it is empty."""
    return np.array([
        np.nan if cell.strip().lower() in ("", "nan") else
        to_number(cell.strip(), f"{path}: line {line}: {name}")
        for line, cell in enumerate(cells, 2)
    ])  # fmt: skip


def _shared(cells: list[str], name: str, path: Path) -> str:
    if len(set(cells)) > 1:
        raise VvipeError("more than one value", where=f"{path}: {name}", hint="one clip a file")
    return cells[0].strip()


def _sniff(path: Path) -> bool:
    names = read_head(path).partition("\n")[0].strip().split(",")
    joints = [n.strip()[:-2] for n in names if n.strip().endswith("_x")]
    return any(f"{j}_y" in (n.strip() for n in names) for j in joints)


# Most CSV files in a folder are something else.
CSV = Format("CSV", (".csv",), _sniff, read_csv, write_csv, (Poses2D, Poses3D), in_folders=False)
