"""How much one request may ask for, and how many are worked on at once."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, fields

from vvipe.errors import VvipeError

MOST_LONG_S = 3600.0
"""Of a recording that is aligned: a track of it takes up to a gigabyte."""
MOST_MOTION_S = 60.0
"""Of a motion that is searched for: it is laid over 65,536 beats of a library at once."""
MOST_CELLS = 1 << 24
"""Pairs of frames of two motions that are warped onto each other."""
MOST_QUERIES = 1000
"""Rows that are searched for at once."""
MOST_HITS, MOST_WORST, MOST_RECORDINGS, MOST_WORDS = 1000, 1000, 16, 50


@dataclass(frozen=True)
class Limits:
    """What a service accepts.

    Attributes:
        body_mb: Of a request, megabytes; an upload may unpack to eight times that.
        poses: Of a request, all its recordings together.
        seconds: A request may take, from its last byte on; and as long until that has come.
        threads: Requests that are worked on at once.
        waiting: Requests that may wait for a thread; more are told to come again.
    """

    body_mb: float = 32.0
    poses: int = 20_000
    seconds: float = 60.0
    threads: int = field(default_factory=lambda: min(4, os.cpu_count() or 1))
    waiting: int = 64

    def __post_init__(self) -> None:
        for one in fields(self):
            least = 0 if one.name == "waiting" else 1e-3 if one.type == "float" else 1
            if not least <= getattr(self, one.name) < float("inf"):
                raise VvipeError(
                    "not a limit", where=one.name, expected=f"at least {least:g}",
                    got=getattr(self, one.name),
                )  # fmt: skip

    @property
    def body_bytes(self) -> int:
        """Of a request."""
        return int(self.body_mb * 1e6)

    @property
    def unpacked_bytes(self) -> int:
        """Of an upload."""
        return 8 * self.body_bytes
