"""The points of a C3D file, from its bytes: header, parameters, frames (c3d.org user guide).

Own reader: ezc3d never comes back from a file that is cut within its parameters.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from math import prod
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError

BLOCK = 512
MARK = 0x50
_INTEL, _DEC, _MIPS = 84, 85, 86
_TYPES = {-1: "S1", 1: "i1", 2: "i2", 4: "f4"}

Parameters = dict[str, np.ndarray]  # `GROUP:NAME`; text as bytes


@dataclass(frozen=True)
class C3dFile:
    """What a C3D file says of its points.

    Attributes:
        labels: (P,) names.
        points: (F, P, 3) in the file's unit, NaN where a point is invalid.
        unit: As the file has it, empty if it does not say.
        fps: Frames per second.
        first_frame: Number of the first frame.
    """

    labels: tuple[str, ...]
    points: np.ndarray
    unit: str
    fps: float
    first_frame: int


def parse_c3d(data: bytes, path: Path) -> C3dFile:
    """Parses the bytes of a file.

    Raises:
        VvipeError: Cut short or damaged.
    """
    try:
        return _parse(data, path)
    except (struct.error, IndexError, ValueError, OverflowError) as error:
        if isinstance(error, VvipeError):
            raise
        raise VvipeError("damaged or cut short", where=path) from None


def _parse(data: bytes, path: Path) -> C3dFile:
    start = (data[0] - 1) * BLOCK
    processor = data[start + 3]
    if processor not in (_INTEL, _DEC, _MIPS):
        raise VvipeError("no processor known", where=path, expected="84, 85 or 86", got=processor)
    order = ">" if processor == _MIPS else "<"
    parameters = _parameters(data, start, processor)
    points, analog, first, last = struct.unpack_from(f"{order}4H", data, 2)
    block = struct.unpack_from(f"{order}H", data, 16)[0]
    scale, fps = (float(_floats(data, at, 1, processor)[0]) for at in (12, 20))
    scale = _number(parameters, "POINT:SCALE", scale)
    fps = _number(parameters, "POINT:RATE", fps)
    if not points or not 0 < fps < np.inf or not np.isfinite(scale) or scale == 0:
        raise VvipeError("no points over time", where=path)
    width = 4 * points + analog
    at = (block - 1) * BLOCK
    size = width * (4 if scale < 0 else 2)
    declared = last - first + 1
    if "POINT:FRAMES" in parameters and last == 0xFFFF:  # more than the header can count
        declared = max(declared, int(parameters["POINT:FRAMES"].astype("u2").flat[0]))
    there = (len(data) - at) // size
    if at < BLOCK or declared < 1 or there < declared:
        raise VvipeError("cut short", where=path, expected=f"{declared} frames", got=max(there, 0))
    table = _words(data, at, declared * width, scale, processor).reshape(declared, width)
    table = table[:, : 4 * points].reshape(declared, points, 4)
    xyz = table[..., :3] * (scale if scale > 0 else 1.0)
    xyz = np.where(table[..., 3:] < 0, np.nan, xyz)
    unit = _texts(parameters, "POINT:UNITS")
    return C3dFile(_labels(parameters)[:points], xyz, unit[0] if unit else "", fps, first)


def _parameters(data: bytes, start: int, processor: int) -> Parameters:
    """All parameters by group and name, upper case."""
    order = ">" if processor == _MIPS else "<"
    groups: dict[int, str] = {}
    found: list[tuple[int, str, np.ndarray]] = []
    at = start + 4
    while True:
        length, group = struct.unpack_from("2b", data, at)
        if not length:
            break
        name = data[at + 2 : at + 2 + abs(length)].decode("latin-1").strip().upper()
        at += 2 + abs(length)
        further = struct.unpack_from(f"{order}h", data, at)[0]
        if group < 0:
            groups[-group] = name
        else:
            found.append((group, name, _value(data, at + 2, processor)))
        if further <= 0:
            break
        at += further
    return {f"{groups.get(group, '')}:{name}": value for group, name, value in found}


def _value(data: bytes, at: int, processor: int) -> np.ndarray:
    kind, dims = struct.unpack_from("bB", data, at)
    shape = tuple(data[at + 2 : at + 2 + dims])
    if kind not in _TYPES or len(shape) < dims:
        raise ValueError
    count, at = prod(shape), at + 2 + dims
    if kind == 4:
        values = _floats(data, at, count, processor)
    else:
        order = ">" if processor == _MIPS else "<"
        values = np.frombuffer(data, f"{order}{_TYPES[kind]}", count, at)
    return values.reshape(shape[::-1])  # the first index runs fastest


def _words(data: bytes, at: int, count: int, scale: float, processor: int) -> np.ndarray:
    """(count,) coordinates, residuals and samples, float64."""
    if scale < 0:
        return _floats(data, at, count, processor).astype(np.float64)
    order = ">" if processor == _MIPS else "<"
    return np.frombuffer(data, f"{order}i2", count, at).astype(np.float64)


def _floats(data: bytes, at: int, count: int, processor: int) -> np.ndarray:
    """(count,) of 32 bits; DEC's have their halves exchanged and an exponent higher by two."""
    if processor == _DEC:
        halves = np.frombuffer(data, "<u2", 2 * count, at).reshape(-1, 2)
        return np.ascontiguousarray(halves[:, ::-1]).view("<f4").ravel() / 4
    return np.frombuffer(data, ">f4" if processor == _MIPS else "<f4", count, at)


def _number(parameters: Parameters, name: str, default: float) -> float:
    values = parameters.get(name)
    return default if values is None or not values.size else float(values.flat[0])


def _texts(parameters: Parameters, name: str) -> list[str]:
    """Rows of characters as text."""
    letters = parameters.get(name)
    if letters is None or letters.dtype.kind != "S":
        return []
    rows = letters.reshape(-1, letters.shape[-1]) if letters.ndim else letters.reshape(1, 1)
    return [row.tobytes().decode("utf-8", errors="replace").strip(" \0") for row in rows]


def _labels(parameters: Parameters) -> tuple[str, ...]:
    """Of more than 255 points the further ones stand in LABELS2 and so on."""
    found, number = _texts(parameters, "POINT:LABELS"), 2
    while more := _texts(parameters, f"POINT:LABELS{number}"):
        found, number = found + more, number + 1
    return tuple(found)
