"""Files that are sent: read as `vvipe.read` reads them, in a folder that is gone afterwards."""

from __future__ import annotations

import re
import tempfile
import zipfile
import zlib
from dataclasses import replace
from lzma import LZMAError
from pathlib import Path

from vvipe.errors import VvipeError
from vvipe.formats import format_of, pose_files, read
from vvipe.formats.columns import as_rows
from vvipe.poses import Poses2D, Poses3D
from vvipe.service.limits import Limits
from vvipe.service.refusals import RefusedError

# What Python reads. Parquet, C3D, CDF and MATLAB files go through C libraries that trust what the
# file says of its sizes: convert them at home.
SUFFIXES = frozenset({".npz", ".json", ".bvh", ".amc", ".trc"})
_MOST_FILES = 20_000
_BROKEN = (
    zipfile.BadZipFile, zlib.error, LZMAError, EOFError, NotImplementedError, OSError, RuntimeError
)  # fmt: skip


def read_upload(
    body: bytes, name: str, skeleton: str | None, person: int | None, limits: Limits
) -> Poses2D | Poses3D:
    """The poses of a file, or of a zip of the files that belong together.

    Args:
        body: The file.
        name: What it is called; its suffix counts, folders in it do not.
        skeleton: As for `vvipe.read`.
        person: As for `vvipe.read`.
        limits: How large it may be unpacked, how many poses it may hold.

    Returns:
        (N, J, 2 or 3).

    Raises:
        VvipeError: What `vvipe.read` raises, without the folder's name.
        RefusedError: Too large.
    """
    plain = re.sub(r"[^\w.-]", "_", re.split(r"[/\\]", name)[-1])[-100:].lstrip(".") or "file"
    with tempfile.TemporaryDirectory(prefix="vvipe-") as folder:
        path = Path(folder) / plain
        path.write_bytes(body)
        try:
            poses = as_rows(_read(path, skeleton, person, limits))
        except VvipeError as error:
            raise VvipeError(str(error).replace(f"{folder}/", "")) from None
    if len(poses) > limits.poses:
        raise RefusedError(
            413, f"{len(poses)} poses in one file; this service takes {limits.poses}"
        )
    return replace(poses, source=plain)


def _read(
    path: Path, skeleton: str | None, person: int | None, limits: Limits
) -> Poses2D | Poses3D:
    if zipfile.is_zipfile(path):
        _check_size(path, limits)
        if path.suffix.lower() == ".zip":
            path = _unpacked(path)
    found = format_of(path)
    if path.is_file() and not SUFFIXES.intersection(found.suffixes):
        known = ", ".join(sorted(SUFFIXES))
        raise VvipeError(f"{found.name} cannot be sent", where=path, expected=known)
    return read(path, skeleton=skeleton, person=person, on_error=_passed_over)


def _passed_over(_: VvipeError) -> None:
    """A damaged frame's row is null, as everywhere."""


def _check_size(path: Path, limits: Limits) -> None:
    """An npz is a zip too. More than its directory says is read of no file in it."""
    try:
        with zipfile.ZipFile(path) as archive:
            sizes = [entry.file_size for entry in archive.infolist()]
    except _BROKEN:
        raise VvipeError("damaged or cut short", where=path) from None
    if len(sizes) > _MOST_FILES or sum(sizes) > limits.unpacked_bytes:
        most = f"{limits.unpacked_bytes / 1e6:g} MB in {_MOST_FILES} files"
        raise RefusedError(413, f"{path.name}: unpacks to more than {most}")


def _unpacked(path: Path) -> Path:
    """The one recording in a zip: a file, or the folder of an OpenPose sequence."""
    folder = path.parent / "unpacked"
    folder.mkdir()
    try:
        with zipfile.ZipFile(path) as archive:
            for entry in archive.infolist():
                name = Path(entry.filename).name
                if entry.is_dir() or name.startswith("."):
                    continue
                if (folder / name).exists():
                    raise VvipeError(f"{name} twice", where=path, hint="send one recording a zip")
                (folder / name).write_bytes(archive.read(entry))
    except _BROKEN:
        raise VvipeError("damaged or cut short", where=path) from None
    found = pose_files(folder)
    if len(found) > 1:
        names = ", ".join(p.name for p in found[:3])
        raise VvipeError("several recordings", where=path, expected="one a zip", got=names)
    return found[0]
