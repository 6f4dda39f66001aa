"""Files that are replaced whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import contextmanager, suppress
from pathlib import Path

from vvipe.errors import VvipeError


@contextmanager
def replacing(path: str | os.PathLike[str]) -> Generator[Path]:
    """A path beside `path` to write to; it takes the place of `path` where the block ends well.

    Missing folders are made; after a failure what was there still is.

    Raises:
        VvipeError: The file cannot be written.
    """
    path = Path(path)
    partial = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        yield partial
        partial.replace(path)
    except OSError as error:
        raise VvipeError(f"cannot be written ({error.strerror})", where=path) from error
    finally:
        with suppress(OSError):  # such as a file where a folder should be
            partial.unlink()


def write_text(path: str | os.PathLike[str], text: str) -> None:
    """Writes UTF-8 text."""
    with replacing(path) as partial:
        partial.write_text(text, encoding="utf-8")
