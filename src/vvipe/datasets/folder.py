"""Anybody's own motion capture: every pose file of a folder."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from vvipe.datasets.clip import Clip
from vvipe.datasets.root import check_folder
from vvipe.formats.reading import pose_files

_SPLITS = {"test": "test", "validation": "validation", "val": "validation"}


def folder_catalogue(root: str | os.PathLike[str]) -> tuple[Clip, ...]:
    """Lists the pose files below a folder, of whatever formats and frame rates.

    A clip is called as its path below the folder, without the suffix; its subject is the first
    folder of that path. What lies below a folder `validation`, `val` or `test` is kept from
    training.

    Raises:
        VvipeError: No folder, or no pose file in it.
    """
    root = check_folder(root)
    return tuple(_clip(path, path.relative_to(root)) for path in pose_files(root))


def split_of(folders: Iterable[str]) -> str:
    """`validation` or `test`, by the first of the folders that is called so; else `train`."""
    return next((_SPLITS[f.lower()] for f in folders if f.lower() in _SPLITS), "train")


def _clip(path: Path, below: Path) -> Clip:
    folders = below.parts[:-1]
    people = [f for f in folders if f.lower() not in _SPLITS]
    name = below.with_suffix("").as_posix()
    return Clip(name, people[0] if people else "unknown", path, split_of(folders), fps=None)
