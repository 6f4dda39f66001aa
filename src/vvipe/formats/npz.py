"""npz: named arrays; pickled objects are never loaded."""

from __future__ import annotations

import zipfile
import zlib
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.columns import COLUMNS, columns_to_poses, poses_to_columns
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

# Another program's npz, with a reader of its own.
MMPOSE_NAMES = frozenset({"imgname", "part", "S"})


def read_npz(path: Path, options: ReadOptions = DEFAULTS) -> Poses:
    """Reads the columns of `columns_to_poses`, one array each.

    Raises:
        VvipeError: Damaged archive, an array of objects, or columns that make no poses.
    """
    return columns_to_poses(load_arrays(path, COLUMNS), options, path)


def load_arrays(path: Path, names: tuple[str, ...] | None = None) -> dict[str, Any]:
    """Those of the named arrays that an npz holds; without names, all of them.

    Raises:
        VvipeError: Damaged archive, or one of them holds objects; the message names the array.
    """
    where: object = path
    try:
        with path.open("rb") as file, np.load(file, allow_pickle=False) as archive:
            found: dict[str, Any] = {}
            for name in archive.files if names is None else names:
                where = f"{path}: array {name!r}"
                if name in archive.files:
                    found[name] = archive[name]
            return found or dict.fromkeys(archive.files)
    except ValueError as error:
        what = "holds objects" if "pickle" in str(error) else "cannot be read"
        raise VvipeError(what, where=where, expected="plain numbers or text") from None
    except (OSError, EOFError, KeyError, zipfile.BadZipFile, zlib.error, NotImplementedError):
        raise VvipeError("damaged or cut short", where=path) from None


def write_npz(poses: Poses, path: Path, options: WriteOptions = WRITING) -> Report:
    """Writes the columns of `poses_to_columns`."""
    with path.open("wb") as file:
        np.savez(file, **poses_to_columns(poses))
    return {}


def npz_names(path: Path) -> frozenset[str]:
    """Names of the arrays, none where it is no npz or a damaged one."""
    try:
        with zipfile.ZipFile(path) as archive:
            return frozenset(name.removesuffix(".npy") for name in archive.namelist())
    except (OSError, ValueError, zipfile.BadZipFile, NotImplementedError):
        return frozenset()


def _sniff(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        zipped = file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")
    return zipped and not npz_names(path) >= MMPOSE_NAMES


NPZ = Format("npz", (".npz",), _sniff, read_npz, write_npz, (Poses2D, Poses3D))
