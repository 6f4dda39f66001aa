"""ASF: the skeleton of the Acclaim format; bones with a direction, a length and local axes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.text import read_text, to_number
from vvipe.geometry.rotations import euler_to_rotmat

_INCH_M = 0.0254


@dataclass(frozen=True)
class AsfBone:
    """A bone: its vector and its local axes in the rest pose, and the channels that turn it.

    Attributes:
        name: As in the file; `root` for the root.
        parent: Name of the parent, empty for the root.
        vector: (3,) from near to far end, in file units.
        axes: (3, 3) rotation from the bone's local axes to the world's.
        order: `XYZ` means Rz @ Ry @ Rx, for the axes and for the channels.
        channels: `tx` … `rz`, in the order of the motion file.
    """

    name: str
    parent: str
    vector: np.ndarray
    axes: np.ndarray
    order: str
    channels: tuple[str, ...]


@dataclass(frozen=True)
class Asf:
    """A skeleton file: bones, parents first, root included, and metres per unit."""

    bones: tuple[AsfBone, ...]
    unit_m: float
    degrees: bool


def parse_asf(path: Path) -> Asf:
    """Parses a skeleton file.

    Raises:
        VvipeError: A section is missing or damaged.
    """
    sections = dict(re.findall(r"^:(\w+)(.*?)(?=^:|\Z)", read_text(path), re.M | re.S))
    for needed in ("root", "bonedata", "hierarchy"):
        if needed not in sections:
            raise VvipeError(f"no :{needed} section", where=path)
    units = _fields(sections.get("units", ""))
    degrees = units.get("angle", ["deg"])[0] == "deg"
    length = to_number(units.get("length", ["1"])[0], f"{path}: length")
    if length <= 0:
        raise VvipeError("length of :units must be positive", where=path, got=length)
    parents = _parents(sections["hierarchy"])
    blocks = re.findall(r"\bbegin\b(.*?)\bend\b", sections["bonedata"], re.S)
    bones = [_root(_fields(sections["root"]), degrees, path)]
    bones += [_bone(_fields(block), parents, degrees, path) for block in blocks]
    return Asf(_parents_first(bones, path), _INCH_M / length, degrees)


def _fields(block: str) -> dict[str, list[str]]:
    """`name a b c` lines as name -> [a, b, c]."""
    rows = (line.split() for line in block.splitlines())
    return {row[0]: row[1:] for row in rows if row}


def _parents(section: str) -> dict[str, str]:
    return {child: row[0] for row in map(str.split, section.splitlines()) for child in row[1:]}


def _numbers(words: list[str], count: int, where: str) -> np.ndarray:
    values = [to_number(w, where) for w in words[:count]]
    if len(values) != count:
        raise VvipeError("numbers missing", where=where, expected=count, got=len(values))
    return np.array(values)


def _axes(words: list[str], order: str, degrees: bool, where: str) -> np.ndarray:
    if sorted(order) != ["X", "Y", "Z"]:
        raise VvipeError("wrong order of axes", where=where, expected="such as XYZ", got=order)
    angles = _numbers(words, 3, where)
    return euler_to_rotmat((np.deg2rad(angles) if degrees else angles)[::-1], order[::-1])


def _root(fields: dict[str, list[str]], degrees: bool, path: Path) -> AsfBone:
    where = f"{path}: root"
    order = fields.get("axis", ["XYZ"])[0].upper()
    channels = tuple(map(str.lower, fields.get("order", ["TX", "TY", "TZ", "RX", "RY", "RZ"])))
    if not {"tx", "ty", "tz"} <= set(channels):
        raise VvipeError("order without TX TY TZ", where=where, got=" ".join(channels))
    return AsfBone(
        "root", "",
        _numbers(fields.get("position", ["0"] * 3), 3, where),
        _axes(fields.get("orientation", ["0"] * 3), order, degrees, where),
        order, channels,
    )  # fmt: skip


def _bone(
    fields: dict[str, list[str]], parents: dict[str, str], degrees: bool, path: Path
) -> AsfBone:
    name = " ".join(fields.get("name", ["?"]))
    where = f"{path}: bone {name}"
    for needed in ("name", "direction", "length", "axis"):
        if needed not in fields:
            raise VvipeError(f"no {needed}", where=where)
    if name not in parents:
        raise VvipeError("not in the :hierarchy", where=where)
    vector = _numbers(fields["direction"], 3, where) * _numbers(fields["length"], 1, where)
    order = (fields["axis"][3:] or ["XYZ"])[0].upper()
    axes = _axes(fields["axis"], order, degrees, where)
    channels = tuple(map(str.lower, fields.get("dof", [])))
    return AsfBone(name, parents[name], vector, axes, order, channels)


def _parents_first(bones: list[AsfBone], path: Path) -> tuple[AsfBone, ...]:
    placed: dict[str, AsfBone] = {}
    waiting = bones
    while waiting:
        ready = [b for b in waiting if not b.parent or b.parent in placed]
        if not ready:
            raise VvipeError(f"bone {waiting[0].name!r} hangs on no other", where=path)
        placed |= {b.name: b for b in ready}
        waiting = [b for b in waiting if b.name not in placed]
    return tuple(placed.values())
