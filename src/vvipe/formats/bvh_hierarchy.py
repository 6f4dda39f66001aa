"""The HIERARCHY section of a BVH file: joints, offsets and channels."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.text import check_rows

_CHANNEL = re.compile(r"([XYZ])(position|rotation)", re.IGNORECASE)


@dataclass(frozen=True)
class BvhJoint:
    """A node of the hierarchy; end sites are joints without channels.

    Attributes:
        name: As in the file; `<parent>_end` for an end site.
        parent: Index of the parent, -1 for the root.
        offset: Position in the parent's frame, in the file's unit.
        channels: (`X`|`Y`|`Z`, `position`|`rotation`) in the file's order.
        first: Column of the first channel.
    """

    name: str
    parent: int
    offset: np.ndarray
    channels: tuple[tuple[str, str], ...]
    first: int

    def columns(self, kind: str) -> tuple[str, list[int]]:
        """The axes of the channels of a kind, and their columns."""
        found = [(a, self.first + i) for i, (a, k) in enumerate(self.channels) if k == kind]
        return "".join(a for a, _ in found), [c for _, c in found]


def parse_hierarchy(text: str, path: Path) -> tuple[BvhJoint, ...]:
    """Parses the text before `MOTION`, parents first.

    Raises:
        VvipeError: A block is damaged or not closed; the message names the line.
    """
    return _Hierarchy(path).parse(text)


@dataclass
class _Hierarchy:
    """Reads the nested blocks of the HIERARCHY section."""

    path: Path
    joints: list[BvhJoint] = field(default_factory=list[BvhJoint])
    channels: int = 0

    def parse(self, text: str) -> tuple[BvhJoint, ...]:
        parts = self._parts(text)
        for where, part in parts:
            if part.upper().startswith("ROOT"):
                self._block(part.split(None, 1)[-1], -1, parts, where)
            elif part.upper() != "HIERARCHY":
                raise VvipeError("damaged hierarchy", where=where, got=repr(part[:30]))
        if not self.channels:
            raise VvipeError("no joint has a channel", where=self.path)
        names = [j.name for j in self.joints]
        if len(set(names)) < len(names):
            twice = next(n for n in names if names.count(n) > 1)
            raise VvipeError(f"joint {twice!r} stands twice in the hierarchy", where=self.path)
        return tuple(self.joints)

    def _parts(self, text: str) -> Iterator[tuple[str, str]]:
        for number, line in enumerate(text.splitlines(), 1):
            for part in re.findall(r"[{}]|[^{}]+", line):
                if part.strip():
                    yield f"{self.path}: line {number}", part.strip()

    def _block(self, name: str, parent: int, parts: Iterator[tuple[str, str]], where: str) -> None:
        """One joint's `{ ... }`; its children follow inside."""
        mine = len(self.joints)
        self.joints.append(BvhJoint(name, parent, np.zeros(3), (), self.channels))
        for where, part in parts:
            word, *tail = part.split(None, 1)
            word, rest = word.upper(), "".join(tail)
            if word == "OFFSET":
                self.joints[mine] = replace(self.joints[mine], offset=self._offset(rest, where))
            elif word == "CHANNELS":
                channels = self._channel_list(rest, where)
                self.joints[mine] = replace(self.joints[mine], channels=channels)
            elif word == "JOINT":
                self._block(rest, mine, parts, where)
            elif word == "END":
                self._block(self._end_name(name), mine, parts, where)
            elif word == "}":
                return
            elif word != "{":
                raise VvipeError("damaged hierarchy", where=where, got=repr(part[:30]))
        raise VvipeError(f"cut short: joint {name!r} is not closed", where=where)

    def _end_name(self, parent: str) -> str:
        """A joint may have several end sites."""
        before = sum(j.name.startswith(f"{parent}_end") for j in self.joints)
        return f"{parent}_end{before + 1 if before else ''}"

    def _offset(self, rest: str, where: str) -> np.ndarray:
        check_rows([(int(where.rsplit(" ", 1)[1]), rest)], 3, self.path, what="offset")
        return np.array(rest.split(), dtype=float)

    def _channel_list(self, rest: str, where: str) -> tuple[tuple[str, str], ...]:
        count, *names = rest.split() or [""]
        found = [_CHANNEL.fullmatch(n) for n in names]
        channels = tuple((m[1].upper(), m[2].lower()) for m in found if m)
        if not count.isdigit() or int(count) != len(names) or len(channels) != len(names):
            raise VvipeError("wrong channel list", where=where, got=repr(rest[:60]))
        self.channels += len(channels)
        return channels
