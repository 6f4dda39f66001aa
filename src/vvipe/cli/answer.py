"""What a verb has to say in the end."""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from os import PathLike, fspath
from typing import Any


@dataclass(frozen=True)
class Answer:
    """The result of a verb.

    Attributes:
        object: For machines, printed with `--json`; NaN becomes null.
        text: For people, printed without.
        code: The exit code.
    """

    object: dict[str, Any]
    text: str
    code: int = 0

    def to_json(self) -> str:
        """The object in one line."""
        return json.dumps(plain(self.object), allow_nan=False, ensure_ascii=False)


def plain(value: Any) -> Any:
    """The same in JSON's own types: arrays as lists, paths as text, NaN and infinity as None."""
    if hasattr(value, "tolist"):
        value = value.tolist()
    if isinstance(value, dict):
        return {str(k): plain(v) for k, v in value.items()}
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, PathLike):
        return fspath(value)
    return None if isinstance(value, float) and not math.isfinite(value) else value
