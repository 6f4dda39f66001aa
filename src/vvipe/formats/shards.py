"""One worker's share of many files, the same however often and wherever it is asked for."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from pathlib import Path

from vvipe.errors import VvipeError


@dataclass(frozen=True)
class Shard:
    """The files whose name's hash falls to this worker.

    A file stays with its worker when others come or go, and wherever the folder is mounted.

    Attributes:
        index: Of this worker, from 1 on.
        count: Of all workers.
    """

    index: int
    count: int

    @classmethod
    def parse(cls, text: str) -> Shard:
        """From such as `2/8`.

        Raises:
            VvipeError: Anything else.
        """
        match = re.fullmatch(r"(\d+)/(\d+)", text)
        shard = cls(int(match[1]), int(match[2])) if match else cls(0, 0)
        if not 1 <= shard.index <= shard.count:
            raise VvipeError("--shard wants worker/workers", expected="such as 2/8", got=text)
        return shard

    def has(self, file: Path, below: Path) -> bool:
        """Whether a file that was found below a path is for this worker."""
        name = file.relative_to(below).as_posix() if file != below else file.name
        digest = hashlib.sha256(name.encode()).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.index - 1
