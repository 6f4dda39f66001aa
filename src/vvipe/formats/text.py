"""Reading of text files and of long runs of numbers in them."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError


def read_text(path: Path) -> str:
    """The file's text; bytes that are not UTF-8 become the replacement character."""
    try:
        return path.read_bytes().decode("utf-8-sig", errors="replace")
    except OSError as error:
        raise VvipeError(f"cannot be read ({error.strerror})", where=path) from error


def read_head(path: Path, size: int = 4096) -> str:
    """The first characters of a file, empty for a folder."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return file.read(size).decode("utf-8-sig", errors="replace")


def parse_numbers(text: str) -> np.ndarray | None:
    """All numbers of a text parted by white space, None if anything else stands there."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", DeprecationWarning)
        try:
            return np.fromstring(text, sep=" ")
        except (DeprecationWarning, ValueError):
            return None


def check_rows(lines: Iterable[tuple[int, str]], width: int, path: Path, what: str = "row") -> None:
    """Raises `VvipeError` at the first line that is not `width` finite numbers."""
    for number, line in lines:
        where = f"{path}: line {number}"
        words = line.split()
        values = [to_number(word, where) for word in words]
        if len(values) != width:
            raise VvipeError(
                f"{what} of the wrong length", where=where, expected=width, got=len(values)
            )


def to_number(word: str, where: object) -> float:
    """A finite number, or a `VvipeError` that names the place."""
    try:
        if "_" in word or not word.isascii():  # Python's digits, but nobody else's
            raise ValueError
        value = float(word)
    except ValueError:
        raise VvipeError("not a number", where=where, got=repr(word[:20])) from None
    if not np.isfinite(value):
        raise VvipeError("not a finite number", where=where, got=word)
    return value
