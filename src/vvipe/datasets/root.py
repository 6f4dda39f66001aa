"""Where the data lies, and a hash of what lies there."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterable
from pathlib import Path

from vvipe.errors import VvipeError


def data_root() -> Path:
    """The folder named by `VVIPE_DATA`, else `.data` in the working directory.

    Raises:
        VvipeError: It is not there.
    """
    root = Path(os.environ.get("VVIPE_DATA") or ".data")
    if not root.is_dir():
        raise VvipeError(
            "no data here", where=root, hint="run `make data`, or set VVIPE_DATA to the folder"
        )
    return root


def check_folder(root: str | os.PathLike[str]) -> Path:
    """The path of a collection's folder.

    Raises:
        VvipeError: There is no folder, or nothing in it.
    """
    root = Path(root)
    if not root.is_dir():
        raise VvipeError("no such folder", where=root, hint="run `make data`")
    if not any(root.iterdir()):
        raise VvipeError("the folder is empty", where=root, hint="run `make data`")
    return root


def data_hash(paths: Iterable[str | os.PathLike[str]]) -> str:
    """SHA-256 over files, whatever their order and wherever their common folder lies.

    Args:
        paths: Files; a file named twice counts once.

    Returns:
        Hexadecimal digest over each file's name below the common folder, its size and its bytes.
    """
    files = sorted({Path(p).absolute() for p in paths})
    common = os.path.commonpath([f.parent for f in files]) if files else ""
    digest = hashlib.sha256()
    for file in files:
        content = file.read_bytes()
        name = file.relative_to(common).as_posix()
        digest.update(f"{name}\n{len(content)}\n".encode())
        digest.update(content)
    return digest.hexdigest()
