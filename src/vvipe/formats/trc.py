"""TRC: markers over time as OpenSim and Pose2Sim have them."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.axes import rows_y_up
from vvipe.formats.columns import frame_of_rows, stamps_of_rows
from vvipe.formats.format import (
    DEFAULTS,
    WRITING,
    Format,
    Poses,
    ReadOptions,
    Report,
    WriteOptions,
)
from vvipe.formats.steady import DEFAULT_FPS
from vvipe.formats.text import read_head, read_text, to_number
from vvipe.formats.units import unit_to_m
from vvipe.formats.upright import to_z_up
from vvipe.poses import Poses3D, mean_fps
from vvipe.skeletons import skeleton_from_joints

_KEYS = (
    "DataRate", "CameraRate", "NumFrames", "NumMarkers", "Units",
    "OrigDataRate", "OrigDataStartFrame", "OrigNumFrames",
)  # fmt: skip
_UNITS = {"meters": "m", "metres": "m", "millimeters": "mm", "centimeters": "cm"}
_MISSING = {"", "nan", "na"}
_HEAD_LINES = 5


def read_trc(path: Path, options: ReadOptions = DEFAULTS) -> Poses3D:
    """Reads markers by their names as joints, in metres, z up.

    The unit stands in the file. The axis that points up does not: it is the one along which people
    stand (`to_z_up`), y where that is not clear.

    Raises:
        VvipeError: Damaged or cut short, with the line; or no marker has the name of a joint.
    """
    lines = read_text(path).splitlines()
    if len(lines) < _HEAD_LINES:
        raise VvipeError("cut short", where=path, expected="a header of five lines")
    head = _header(lines, path)
    markers = [name.strip() for name in lines[3].split("\t")[2:] if name.strip()]
    if len(markers) != int(head["NumMarkers"]):
        raise VvipeError(
            "names and number of markers differ", where=f"{path}: line 4",
            expected=int(head["NumMarkers"]), got=len(markers),
        )  # fmt: skip
    skeleton = options.skeleton or skeleton_from_joints(markers, dims=3, where=path)
    absent = [j for j in skeleton.joints if j not in markers]
    if absent:
        raise VvipeError(f"no marker {absent[0]!r} for skeleton {skeleton.name}", where=path)
    rows = [
        _row(line, 2 + 3 * len(markers), f"{path}: line {number}")
        for number, line in enumerate(lines[_HEAD_LINES:], _HEAD_LINES + 1)
        if line.strip()
    ]
    if len(rows) < head["NumFrames"] or not rows:
        raise VvipeError(
            "cut short", where=path, expected=f"{head['NumFrames']:g} frames", got=len(rows)
        )
    table = np.array(rows)
    if not np.isfinite(table[:, :2]).all():
        raise VvipeError("a frame without number or time", where=path)
    unit_m = unit_to_m(options.unit or _unit(lines[2], path), where=path)
    positions = table[:, 2:].reshape(len(table), -1, 3) * unit_m
    positions = positions[:, [markers.index(j) for j in skeleton.joints]]
    return Poses3D(
        to_z_up(positions, skeleton, usual="y"),
        skeleton,
        frame=table[:, 0].astype(np.int64),
        fps=head["DataRate"],
        stamp_s=None if _even(table, head["DataRate"]) else table[:, 1],
        source=str(path),
    )


def _header(lines: list[str], path: Path) -> dict[str, float]:
    where = f"{path}: line 3"
    found = dict(zip(lines[1].split(), lines[2].split(), strict=False))
    absent = [k for k in ("DataRate", "NumFrames", "NumMarkers", "Units") if k not in found]
    if absent:
        raise VvipeError(f"no {absent[0]}", where=where)
    head = {k: to_number(found[k], where) for k in ("DataRate", "NumFrames", "NumMarkers")}
    if head["DataRate"] <= 0 or head["NumMarkers"] < 1:
        raise VvipeError("rate and number of markers must be positive", where=where)
    return head


def _unit(values: str, path: Path) -> str:
    word = values.split()[_KEYS.index("Units")]
    return _UNITS.get(word.lower(), word.lower())


def _row(line: str, width: int, where: str) -> list[float]:
    cells = line.split("\t")
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    if len(cells) != width:
        raise VvipeError("row of the wrong length", where=where, expected=width, got=len(cells))
    missing = (c.strip().lower() in _MISSING for c in cells)
    return [
        np.nan if gone else to_number(cell.strip(), where)
        for cell, gone in zip(cells, missing, strict=True)
    ]


def _even(table: np.ndarray, fps: float) -> bool:
    """Whether the times are those of the frame numbers, from whatever start."""
    frame, time_s = table[:, 0], table[:, 1]
    return bool(np.abs((time_s - time_s[0]) - (frame - frame[0]) / fps).max() < 1e-3)


def write_trc(poses: Poses, path: Path, options: WriteOptions = WRITING) -> Report:
    """Writes metres, y up, each joint a marker; what is not seen is empty.

    Time is that of the time stamps, else of the frame numbers; without a rate, 30 Hz is written.
    """
    assert isinstance(poses, Poses3D)
    fps = poses.fps or DEFAULT_FPS
    frame, stamps = frame_of_rows(poses), stamps_of_rows(poses)
    time_s = frame / fps if stamps is None else stamps
    fps = mean_fps(stamps) or fps
    joints, count = poses.skeleton.joints, len(frame)
    numbers = range(1, len(joints) + 1)
    rate = f"{fps:.10g}"
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{Path(poses.source).stem}.trc",
        "\t".join(_KEYS),
        "\t".join([rate, rate, str(count), str(len(joints)), "m", rate, str(frame[0]), str(count)]),
        "Frame#\tTime\t" + "\t".join(f"{j}\t\t" for j in joints),
        "\t\t" + "\t".join(f"X{i}\tY{i}\tZ{i}" for i in numbers),
        "",
    ]
    rows = rows_y_up(poses).reshape(count, -1)
    body = [
        "\t".join([str(n), f"{t:.6f}", *("" if np.isnan(v) else f"{v:.6f}" for v in row)])
        for n, t, row in zip(frame.tolist(), time_s.tolist(), rows.tolist(), strict=True)
    ]
    path.write_text("\n".join([*head, *body, ""]))
    told = poses.fps is not None or stamps is not None
    return {} if told else {"assumed_fps": DEFAULT_FPS}


def _sniff(path: Path) -> bool:
    return read_head(path).lstrip().startswith("PathFileType")


TRC = Format("TRC", (".trc",), _sniff, read_trc, write_trc, (Poses3D,))
