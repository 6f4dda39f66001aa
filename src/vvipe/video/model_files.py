"""Files of models: paths, and addresses that are downloaded once."""

from __future__ import annotations

import hashlib
import os
import shutil
import urllib.request
import zipfile
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import BinaryIO
from urllib.parse import urlsplit

from vvipe.errors import VvipeError

TIMEOUT_S = 30


def cache_folder(name: str) -> Path:
    """Where files are kept that can be made or had again."""
    home = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    return home / "vvipe" / name


def model_file(source: str, sha256: str | None = None) -> Path:
    """The ONNX file that a path or address names; of a zip, the one in it.

    Args:
        source: A path, or an address, whose file is kept in the cache.
        sha256: What the file's hash must be, that of the zip for a zip.

    Raises:
        VvipeError: No such file, it cannot be downloaded, it has another hash, or no model in it.
    """
    path = _downloaded(source) if "://" in source else Path(source)
    if not path.is_file():
        raise VvipeError("no such model file", where=source)
    found = file_sha256(path)
    if sha256 and found != sha256.lower():
        if "://" in source:
            path.unlink()
        raise VvipeError("wrong SHA-256", where=source, expected=sha256.lower(), got=found)
    return _unzipped(path, found) if zipfile.is_zipfile(path) else path


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's content, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _downloaded(address: str) -> Path:
    name = Path(urlsplit(address).path).name or "model"
    path = cache_folder("models") / f"{hashlib.sha256(address.encode()).hexdigest()[:16]}-{name}"
    if path.exists():
        return path
    try:
        with urllib.request.urlopen(address, timeout=TIMEOUT_S) as answer:
            return _kept(path, lambda file: shutil.copyfileobj(answer, file))
    except (OSError, ValueError) as error:  # ValueError: no such kind of address
        raise VvipeError(
            f"cannot be downloaded ({error})", where=address,
            hint="download it elsewhere and name the file",
        ) from None  # fmt: skip


def _unzipped(path: Path, sha256: str) -> Path:
    target = cache_folder("models") / f"{sha256[:16]}.onnx"
    if target.exists():
        return target
    try:
        with zipfile.ZipFile(path) as archive:
            models = [name for name in archive.namelist() if name.endswith(".onnx")]
            if len(models) != 1:
                raise VvipeError(
                    "not one model in this zip", where=path, expected="one .onnx file",
                    got=", ".join(models) or "none",
                )  # fmt: skip
            with archive.open(models[0]) as model:
                return _kept(target, lambda file: shutil.copyfileobj(model, file))
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError):
        raise VvipeError("damaged zip", where=path) from None


def _kept(path: Path, write: Callable[[BinaryIO], object]) -> Path:
    """Writes a file that appears whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{os.getpid()}.{path.name}")
    try:
        with partial.open("wb") as file:
            write(file)
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)
    return path
