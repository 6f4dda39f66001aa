"""Loading of JSON files, and of arrays of numbers from them."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.text import read_head, read_text


def load_json(path: Path) -> Any:
    """The content of a JSON file.

    Raises:
        VvipeError: Not JSON; the message names the line.
    """
    try:
        return json.loads(read_text(path))
    except json.JSONDecodeError as error:
        where = f"{path}: line {error.lineno}"
        raise VvipeError(f"broken JSON ({error.msg})", where=where) from None
    except ValueError as error:  # a number of thousands of digits
        raise VvipeError(f"broken JSON ({error})", where=path) from None
    except RecursionError:
        raise VvipeError("broken JSON (nested too deeply)", where=path) from None


def number_array(values: Any, where: object) -> np.ndarray:
    """Nested lists of numbers as a float64 array, null as NaN.

    Raises:
        VvipeError: Something else stands there, or rows differ in length.
    """
    try:
        return np.array(values, dtype=np.float64)
    except (TypeError, ValueError, OverflowError):
        raise VvipeError("not an array of numbers", where=where, got=repr(values)[:40]) from None


def xyc(values: Any, where: object) -> np.ndarray:
    """A flat list x, y, confidence, x, … as (J, 3).

    Raises:
        VvipeError: Something else.
    """
    numbers = number_array([] if values is None else values, where)
    if numbers.ndim != 1 or not numbers.size or numbers.size % 3:
        raise VvipeError("keypoints are not x, y, confidence", where=where, got=numbers.shape)
    return numbers.reshape(-1, 3)


def json_starts(path: Path, pattern: re.Pattern[str]) -> bool:
    """Whether the first characters of a file are of this pattern."""
    return pattern.match(read_head(path)) is not None


def json_has(path: Path, *keys: str) -> bool:
    """Whether a file looks like JSON and has one of these keys anywhere."""
    try:
        with path.open("rb") as file:
            content = file.read(64)
            if content.removeprefix(b"\xef\xbb\xbf").lstrip()[:1] not in (b"{", b"["):
                return False
            content += file.read()
    except OSError:  # a folder, or one that may not be read
        return False
    return any(f'"{key}"'.encode() in content for key in keys)
