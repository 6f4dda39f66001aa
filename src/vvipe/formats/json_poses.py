"""The package's own JSON: the columns of the npz schema as lists, null for what is not seen."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.columns import columns_to_poses, poses_to_columns
from vvipe.formats.format import (
    DEFAULTS,
    WRITING,
    Format,
    Poses,
    ReadOptions,
    Report,
    WriteOptions,
)
from vvipe.formats.json_text import json_has, load_json, number_array
from vvipe.poses import Poses3D

_NUMBERS = ("positions", "frame", "fps", "time_s")


def read_json_poses(path: Path, options: ReadOptions = DEFAULTS) -> Poses:
    """Reads `{"positions": [[[x, y, z], …], …], "joints": […], "unit": "m", "up": "z", …}`.

    Raises:
        VvipeError: Broken JSON, or columns that make no poses.
    """
    content = load_json(path)
    if not isinstance(content, dict):
        raise VvipeError("not an object", where=path, expected='{"positions": …, "joints": …}')
    columns = cast(dict[str, Any], content)
    numbers = {k: number_array(columns[k], f"{path}: {k}") for k in _NUMBERS if k in columns}
    return columns_to_poses(columns | numbers, options, path)


def write_json_poses(poses: Poses, path: Path, options: WriteOptions = WRITING) -> Report:
    """Writes the columns of `poses_to_columns`; coordinates to 1 µm."""
    columns = poses_to_columns(poses)
    positions = columns.pop("positions").round(6)
    values = positions.astype(object)
    values[np.isnan(positions)] = None
    plain = {k: v.tolist() if isinstance(v, np.ndarray) else v for k, v in columns.items()}
    text = json.dumps({"positions": values.tolist()} | plain, allow_nan=False)
    path.write_text(text)
    return {}


def _sniff(path: Path) -> bool:
    return json_has(path, "positions") and not json_has(path, "people")


JSON_POSES = Format("JSON", (".json",), _sniff, read_json_poses, write_json_poses, (Poses3D,))
