"""C3D: the binary file of motion-capture systems; written by py-c3d.

ezc3d writes nothing where faiss was loaded before it: their SWIG tables clash.
"""

from __future__ import annotations

import warnings
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
        VvipeError: The library c3d is not installed.
    """
    assert isinstance(poses, Poses3D)
    c3d = need("c3d", "c3d", path)
    fps, report = steady_rate(poses)
    positions = rows_z_up(poses) * _MM_PER_M
    unseen = np.isnan(positions).any(-1)
    points = np.zeros((*positions.shape[:2], 5), np.float32)  # x, y, z, residual, cameras
    points[..., :3] = np.nan_to_num(positions)
    points[unseen, 3] = -1
    file: Any = c3d.Writer(point_rate=fps, point_units="mm  ")
    file.set_point_labels(poses.skeleton.joints)
    file.set_screen_axis("+X", "+Z")
    file.set_start_frame(int(max(frame_of_rows(poses)[0], 0)) + 1)
    for frame in points:
        file.add_frames((frame, np.zeros((0, 0))))
    with warnings.catch_warnings(), path.open("wb") as stream:
        warnings.filterwarnings("ignore", "No analog data")
        file.write(stream)
    return report


def _sniff(path: Path) -> bool:
    """The number of the parameters' block, then 0x50, in a file of whole blocks."""
    if not path.is_file() or path.stat().st_size < 2 * BLOCK:
        return False
    with path.open("rb") as file:
        head = file.read(2)
    return 1 < head[0] < 9 and head[1] == MARK


C3D = Format("C3D", (".c3d",), _sniff, read_c3d, write_c3d, (Poses3D,))
