"""MATLAB files, old (version 5, scipy) and new (version 7.3, which is HDF5, h5py)."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.extras import need

_HDF5 = b"\x89HDF\r\n\x1a\n"


def load_mat(path: Path, *names: str) -> dict[str, np.ndarray | list[np.ndarray]]:
    """Variables of a MATLAB file, shaped as MATLAB shows them; a cell array becomes a list.

    Raises:
        VvipeError: No such variable, a damaged file, or the library for its version is missing.
    """
    load = _load_73 if _is_73(path) else _load_5
    try:
        found = load(path, names)
    except VvipeError:
        raise
    except Exception as error:  # both libraries raise nearly anything for a damaged file
        raise VvipeError(
            "not a MATLAB file, or damaged", where=path, got=str(error) or type(error).__name__
        ) from None
    for name in names:
        if name not in found:
            raise VvipeError(f"no variable {name!r}", where=path, got=", ".join(found) or "none")
    return found


def _is_73(path: Path) -> bool:
    """HDF5's signature stands at the start, or behind MATLAB's 512 bytes of text."""
    try:
        with path.open("rb") as file:
            head = file.read(520)
    except OSError as error:
        raise VvipeError(f"cannot be read ({error.strerror})", where=path) from None
    return _HDF5 in (head[:8], head[512:])


def _load_5(path: Path, names: tuple[str, ...]) -> dict[str, Any]:
    loaded = need("scipy.io", "datasets", path).loadmat(str(path), variable_names=names)
    return {k: _cells(v) if v.dtype == object else v for k, v in loaded.items() if k in names}


def _cells(values: np.ndarray) -> list[np.ndarray]:
    return [np.asarray(v) for v in values.ravel(order="F")]


def _load_73(path: Path, names: tuple[str, ...]) -> dict[str, Any]:
    h5py = need("h5py", "datasets", path)
    with h5py.File(path, "r") as file:
        return {name: _read_73(file, file[name]) for name in names if name in file}


def _read_73(file: Any, dataset: Any) -> np.ndarray | list[np.ndarray]:
    """MATLAB counts dimensions the other way round than HDF5; a cell is a reference."""
    values = dataset[()]
    if values.dtype == object:
        return [file[reference][()].T for reference in values.ravel()]
    return values.T
