"""A parsed BVH file: hierarchy and channel values, and the forward kinematics."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.bvh_hierarchy import BvhJoint, parse_hierarchy
from vvipe.formats.text import check_rows, parse_numbers, to_number
from vvipe.geometry.rotations import euler_to_rotmat


@dataclass(frozen=True)
class BvhFile:
    """A parsed BVH file: joints in the file's order, (F, C) channel values, seconds a frame."""

    joints: tuple[BvhJoint, ...]
    values: np.ndarray
    frame_time_s: float

    def forward_kinematics(self) -> tuple[np.ndarray, np.ndarray]:
        """(F, J, 3) positions and (F, J, 3, 3) rotations in the file's unit and axes.

        Rotations compose intrinsically in the order of each joint's channels. Position channels
        take the place of the offset, on whichever joint they stand.
        """
        frames = len(self.values)
        rotations = self._local_rotations()
        positions = np.empty((len(self.joints), frames, 3))
        for i, joint in enumerate(self.joints):
            shift = self._local_shift(joint)
            if joint.parent < 0:
                positions[i] = shift
                continue
            up = rotations[joint.parent]
            positions[i] = positions[joint.parent] + (up @ shift[..., None])[..., 0]
            rotations[i] = up @ rotations[i] if joint.channels else up
        return positions.swapaxes(0, 1), rotations.swapaxes(0, 1)

    def line_of_descent(self, joint: int) -> Iterator[int]:
        """The joint, its parent, and so on to the root."""
        while joint >= 0:
            yield joint
            joint = self.joints[joint].parent

    def _local_rotations(self) -> np.ndarray:
        """(J, F, 3, 3), computed together for joints of the same channel order."""
        out = np.empty((len(self.joints), len(self.values), 3, 3))
        by_axes: dict[str, list[tuple[int, list[int]]]] = {}
        for i, joint in enumerate(self.joints):
            axes, columns = joint.columns("rotation")
            by_axes.setdefault(axes, []).append((i, columns))
        for axes, members in by_axes.items():
            rows = [i for i, _ in members]
            columns = np.array([c for _, c in members], dtype=int)
            out[rows] = euler_to_rotmat(np.deg2rad(self.values[:, columns]), axes).swapaxes(0, 1)
        return out

    def _local_shift(self, joint: BvhJoint) -> np.ndarray:
        axes, columns = joint.columns("position")
        if not axes:
            return joint.offset
        shift = np.tile(joint.offset, (len(self.values), 1))
        shift[:, ["XYZ".index(a) for a in axes]] = self.values[:, columns]
        return shift


def parse_bvh(text: str, path: Path) -> BvhFile:
    """Parses a BVH file's text.

    Raises:
        VvipeError: The file is cut short, a row has the wrong number of channels or something
            that is not a number; the message names the line.
    """
    motion = re.search(r"^[ \t]*MOTION[ \t]*\r?\n", text, re.MULTILINE)
    if motion is None:
        raise VvipeError("cut short: no MOTION section", where=path)
    joints = parse_hierarchy(text[: motion.start()], path)
    frames, frame_time_s, start = _motion_head(text, motion.end(), path)
    width = sum(len(j.channels) for j in joints)
    values = parse_numbers(text[start:])
    if values is None or values.size != frames * width or not np.isfinite(values).all():
        _explain(text, start, frames, width, path)
    assert values is not None
    return BvhFile(joints, values.reshape(frames, width), frame_time_s)


def _motion_head(text: str, start: int, path: Path) -> tuple[int, float, int]:
    head = re.compile(r"\s*Frames\s*:[ \t]*(\S+)\s+Frame[ \t]*Time\s*:[ \t]*(\S+)[ \t]*(?:\r?\n|$)")
    found = head.match(text, start)
    where = f"{path}: line {_line(text, start)}"
    if found is None:
        expected = "'Frames: N' and 'Frame Time: s'"
        raise VvipeError("cut short or damaged", where=where, expected=expected)
    frames, frame_time_s = (to_number(w, where) for w in found.groups())
    if frames < 1 or frames != int(frames):
        raise VvipeError("no frames", where=where, expected="a positive number", got=found[1])
    if frame_time_s <= 0:
        raise VvipeError("frame time must be positive", where=where, got=found[2])
    return int(frames), frame_time_s, found.end()


def _explain(text: str, start: int, frames: int, width: int, path: Path) -> None:
    """Names the first line that is wrong, or says that rows are missing."""
    first = _line(text, start)
    rows = [(first + i, s) for i, s in enumerate(text[start:].splitlines()) if s.strip()]
    check_rows(rows, width, path, what="motion row")
    raise VvipeError(
        "cut short" if len(rows) < frames else "more rows than declared", where=path,
        expected=f"{frames} frames", got=len(rows),
    )  # fmt: skip


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
