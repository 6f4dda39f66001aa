"""AMC: motions of the Acclaim format, each with the ASF skeleton that lies beside it."""

from __future__ import annotations

import re
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.asf import Asf, AsfBone, parse_asf
from vvipe.formats.axes import y_up_to_z_up
from vvipe.formats.format import DEFAULTS, Format, ReadOptions
from vvipe.formats.mocap_joints import pick_joints, skeleton_of
from vvipe.formats.text import parse_numbers, read_head, read_text, to_number
from vvipe.geometry.rotations import euler_to_rotmat
from vvipe.poses import Poses3D

FPS = 120.0


def read_amc(path: Path, options: ReadOptions = DEFAULTS) -> Poses3D:
    """Reads an AMC motion as the far ends of its bones and the root, in metres, z up, 120 Hz.

    The skeleton is the `.asf` beside it: that of the same subject (`02.asf` for `02_01.amc`) or
    the only one there.

    Raises:
        VvipeError: No skeleton file, or either file is damaged; the message names the line.
    """
    asf = parse_asf(asf_path := asf_beside(path))
    frame, channels = _parse_amc(read_text(path), asf, path, asf_path)
    positions = _positions(asf, channels)
    joints = tuple(b.name for b in asf.bones)
    parent_of = {b.name: b.parent for b in asf.bones}
    skeleton = options.skeleton or skeleton_of(joints, parent_of, asf_path)
    positions = pick_joints(positions, joints, skeleton, path)
    return Poses3D(
        y_up_to_z_up(positions) * asf.unit_m, skeleton, frame=frame, fps=FPS, source=str(path)
    )


def asf_beside(path: Path) -> Path:
    """The skeleton that an AMC file moves.

    Raises:
        VvipeError: None, or several.
    """
    found = sorted(p for p in path.parent.iterdir() if p.suffix.lower() == ".asf")
    same = [p for p in found if p.stem in (path.stem, path.stem.partition("_")[0])]
    for choice in (same, found):
        if len(choice) == 1:
            return choice[0]
    raise VvipeError(
        "no skeleton for this motion", where=path,
        expected=f"{path.stem.partition('_')[0]}.asf in the same folder",
        got=", ".join(p.name for p in found) or "no .asf",
    )  # fmt: skip


def _parse_amc(
    text: str, asf: Asf, path: Path, asf_path: Path
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """(F,) frame numbers, and bone name -> (F, channels) values."""
    width_of = {b.name: len(b.channels) for b in asf.bones}
    start = re.search(r"^\s*\d+\s*$", text, re.M)
    body = text[start.start() :] if start else ""
    names = re.findall(r"^[ \t]*([A-Za-z_]\w*)", body, re.M)
    if not names:
        raise VvipeError("no frames", where=path)
    first = names[: names.index(names[0], 1)] if names.count(names[0]) > 1 else names
    width = 1 + sum(width_of.get(n, 0) for n in first)
    frames = len(names) // len(first)
    numbers = parse_numbers(re.sub(r"^[ \t]*[A-Za-z_]\w*", "", body, flags=re.M))
    whole = numbers is not None and numbers.size == frames * width and np.isfinite(numbers).all()
    if not whole or names != first * frames or not set(first) <= set(width_of):
        _explain(text, width_of, path, asf_path)
    assert numbers is not None
    table = numbers.reshape(frames, width)
    ends = 1 + np.cumsum([width_of[n] for n in first])
    return table[:, 0].astype(int), dict(
        zip(first, np.split(table[:, 1:], ends[:-1] - 1, axis=1), strict=True)
    )


def _explain(text: str, width_of: dict[str, int], path: Path, asf_path: Path) -> None:
    """Names the first line that does not fit the skeleton file, or the frame that lacks a bone."""
    frame, seen, complete = "", set[str](), set[str]()
    for number, line in enumerate(text.splitlines(), 1):
        name, *values = line.split() or ["#"]
        if name[0] in "#:":
            continue
        if name.isdigit() and not values:
            complete = complete or seen
            if seen != complete:
                break
            frame, seen = name, set[str]()
            continue
        where = f"{path}: line {number} (frame {frame})"
        if name in seen:
            raise VvipeError(f"bone {name!r} twice in a frame", where=where)
        if name not in width_of:
            raise VvipeError(f"bone {name!r} is not in {asf_path.name}", where=where)
        for value in values:
            to_number(value, where)
        if len(values) != width_of[name]:
            raise VvipeError(
                f"wrong channel count for {name}", where=where,
                expected=width_of[name], got=len(values),
            )  # fmt: skip
        seen.add(name)
    raise VvipeError(f"frame {frame} is cut short", where=path, got=f"{len(seen)} bones")


def _positions(asf: Asf, channels: dict[str, np.ndarray]) -> np.ndarray:
    """(F, B, 3) far ends of the bones, and the root, in file units and axes.

    A bone turns about its own axes: L = C @ M @ C^-1, with M composed as C is.
    """
    frames = len(next(iter(channels.values())))
    turned: dict[str, np.ndarray] = {"": np.eye(3)}
    ends: dict[str, np.ndarray] = {"": np.zeros(3)}
    for bone in asf.bones:
        values = channels.get(bone.name, np.zeros((frames, len(bone.channels))))
        local = bone.axes @ _turn(bone, values, asf.degrees) @ bone.axes.T
        turned[bone.name] = turned[bone.parent] @ local
        if bone.name == "root":
            ends["root"] = bone.vector + _shift(bone.channels, values)
        else:
            ends[bone.name] = ends[bone.parent] + turned[bone.name] @ bone.vector
    return np.stack([ends[b.name] for b in asf.bones], axis=1)


def _turn(bone: AsfBone, values: np.ndarray, degrees: bool) -> np.ndarray:
    axes = "".join(a for a in reversed(bone.order) if f"r{a.lower()}" in bone.channels)
    angles = values[:, [bone.channels.index(f"r{a.lower()}") for a in axes]]
    return euler_to_rotmat(np.deg2rad(angles) if degrees else angles, axes)


def _shift(channels: tuple[str, ...], values: np.ndarray) -> np.ndarray:
    return values[:, [channels.index(c) for c in ("tx", "ty", "tz")]]


def _sniff(path: Path) -> bool:
    head = read_head(path, 65536)
    return re.search(r"^\s*:(FULLY-SPECIFIED|DEGREES)", head, re.M) is not None


ASF_AMC = Format("ASF/AMC", (".amc",), _sniff, read_amc)
