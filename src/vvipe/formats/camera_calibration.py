"""MPI-INF-3DHP's `camera.calibration`: a text of seven lines for each of 14 cameras.

Form: a first line `Skeletool Camera Calibration File V1.0`, then for each camera a line `name` with
its number and, indented, `sensor` (width height, mm), `size` (width height, pixels), `animated` 0,
`intrinsic` and `extrinsic` (4 × 4 matrices, row by row) and `radial` 0, which is no distortion. The
extrinsic matrix takes the world (millimetres, y up) to the camera (x right, y down, z forward).
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.axes import y_up_to_z_up
from vvipe.formats.text import parse_numbers, read_text
from vvipe.geometry.rig import CalibratedCamera

_HEAD = "Skeletool Camera Calibration File"
_COUNTS = {"size": 2, "intrinsic": 16, "extrinsic": 16}


def read_camera_calibration(path: Path) -> dict[int, CalibratedCamera]:
    """Reads the cameras by their number; world in metres, z up.

    Raises:
        VvipeError: Not such a file, or damaged; the message names the line.
    """
    lines = read_text(path).splitlines()
    if not lines or not lines[0].startswith(_HEAD):
        raise VvipeError("not a camera calibration", where=path, expected=f"{_HEAD!r} first")
    fields: dict[int, dict[str, np.ndarray]] = {}
    number = -1
    for i, line in enumerate(lines[1:], 2):
        where = f"{path}: line {i}"
        key, _, rest = line.strip().partition(" ")
        if key == "name":
            number = int(_values(rest, 1, where)[0])
            fields[number] = {}
        elif key in _COUNTS:
            if number not in fields:
                raise VvipeError("stands before the first camera", where=where)
            fields[number][key] = _values(rest, _COUNTS[key], where)
    if not fields:
        raise VvipeError("no camera", where=path)
    return {number: _camera(found, f"{path}: camera {number}") for number, found in fields.items()}


def _values(text: str, count: int, where: str) -> np.ndarray:
    numbers = parse_numbers(text)
    if numbers is None or numbers.shape != (count,) or not np.isfinite(numbers).all():
        raise VvipeError("damaged", where=where, expected=f"{count} numbers")
    return numbers


def _camera(fields: dict[str, np.ndarray], where: str) -> CalibratedCamera:
    for key in _COUNTS:
        if key not in fields:
            raise VvipeError(f"no line {key!r}", where=where, expected=", ".join(_COUNTS))
    inner, outer = (fields[k].reshape(4, 4) for k in ("intrinsic", "extrinsic"))
    rotation, shift_mm = outer[:3, :3], outer[:3, 3]
    if np.abs(rotation @ rotation.T - np.eye(3)).max() > 1e-3 or np.linalg.det(rotation) < 0:
        raise VvipeError("the extrinsic matrix is not a rotation and a shift", where=where)
    width, height = fields["size"].astype(int).tolist()
    return CalibratedCamera(
        rotation=y_up_to_z_up(rotation), centre=y_up_to_z_up(-rotation.T @ shift_mm) / 1000,
        focal_px=inner[[0, 1], [0, 1]], size_px=(width, height),
        principal_px=inner[:2, 2], radial=np.zeros(3), tangential=np.zeros(2),
    )  # fmt: skip
