"""C3D: the binary file of motion-capture systems; written by ezc3d."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.extras import need
from vvipe.formats.axes import rows_z_up
from vvipe.formats.c3d_file import BLOCK, MARK, parse_c3d
from vvipe.formats.columns import frame_of_rows
from vvipe.formats.format import (
    DEFAULTS,
    WRITING,
    Format,
    Poses,
    ReadOptions,
    Report,
    WriteOptions,
)
from vvipe.formats.steady import steady_rate
from vvipe.formats.units import unit_to_m
from vvipe.formats.upright import to_z_up
from vvipe.poses import Poses3D
from vvipe.skeletons import skeleton_from_joints

_MM_PER_M = 1000


def read_c3d(path: Path, options: ReadOptions = DEFAULTS) -> Poses3D:
    """Reads points by their labels as joints, in metres, z up.

    The axis that points up is the one along which people stand (`to_z_up`), z where that is not
    clear. A label's part before `:`, the subject, is passed over. Frame 1 of the file is frame 0.

    Raises:
        VvipeError: Damaged or cut short, or no point has the name of a joint.
    """
    file = parse_c3d(path.read_bytes(), path)
    names = [label.rpartition(":")[2] for label in file.labels]
    skeleton = options.skeleton or skeleton_from_joints(names, dims=3, where=path)
    absent = [j for j in skeleton.joints if j not in names]
    if absent:
        raise VvipeError(f"no point {absent[0]!r} for skeleton {skeleton.name}", where=path)
    unit_m = unit_to_m(options.unit or file.unit.lower() or "mm", where=path)
    positions = file.points[:, [names.index(j) for j in skeleton.joints]] * unit_m
    return Poses3D(
        to_z_up(positions, skeleton, usual="z"),
        skeleton,
        frame=file.first_frame - 1 + np.arange(len(positions)),
        fps=file.fps,
        source=str(path),
    )


def write_c3d(poses: Poses, path: Path, options: WriteOptions = WRITING) -> Report:
    """Writes millimetres, z up, each joint a point; what is not seen is an invalid point.

    C3D has one rate: see `steady_rate`, whose report is returned.

    Raises:
        VvipeError: ezc3d is not installed.
    """
    assert isinstance(poses, Poses3D)
    ezc3d = need("ezc3d", "c3d", path)
    fps, report = steady_rate(poses)
    positions = rows_z_up(poses) * _MM_PER_M
    unseen = np.asarray(np.isnan(positions).any(-1)).T[None]
    points = np.ones((4, positions.shape[1], len(positions)))
    points[:3] = np.moveaxis(positions, -1, 0).swapaxes(1, 2)
    file: Any = ezc3d.c3d()
    file["parameters"]["POINT"]["LABELS"]["value"] = list(poses.skeleton.joints)
    file["parameters"]["POINT"]["UNITS"]["value"] = ["mm"]
    file["parameters"]["POINT"]["RATE"]["value"] = [fps]
    file.add_parameter("POINT", "X_SCREEN", ["+X"])
    file.add_parameter("POINT", "Y_SCREEN", ["+Z"])
    file["header"]["points"]["first_frame"] = int(max(frame_of_rows(poses)[0], 0))
    file["data"]["points"] = points
    file["data"]["meta_points"]["residuals"] = np.where(unseen, -1.0, 0.0)
    try:
        file.write(str(path))
    except (RuntimeError, ValueError) as error:
        raise VvipeError(f"cannot be written ({error})", where=path) from None
    return report


def _sniff(path: Path) -> bool:
    """The number of the parameters' block, then 0x50, in a file of whole blocks."""
    if not path.is_file() or path.stat().st_size < 2 * BLOCK:
        return False
    with path.open("rb") as file:
        head = file.read(2)
    return 1 < head[0] < 9 and head[1] == MARK


C3D = Format("C3D", (".c3d",), _sniff, read_c3d, write_c3d, (Poses3D,))
