"""What a file format is: how it is recognised, read and written."""

from __future__ import annotations

import warnings
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from vvipe.errors import VvipeError
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import Skeleton
from vvipe.video import Seen

Poses = Poses2D | Poses3D
ErrorCallback = Callable[[VvipeError], object]
ProgressCallback = Callable[[Seen], object]
Report = dict[str, Any]
"""What writing changed or assumed, such as `filled_rows`; empty where nothing."""


def warn(error: VvipeError) -> None:
    """Warns whoever called `read` of a damaged frame."""
    warnings.warn(str(error), stacklevel=5)


@dataclass(frozen=True)
class ReadOptions:
    """What the caller says about a file beyond its content.

    Attributes:
        skeleton: Takes the place of what the file says or what its joints suggest.
        person: Index of the person wanted where a frame shows several; in a video, from 1, by
            prominence.
        image_size: (width, height) in pixels, where a file tells keypoints as parts of the image.
        unit: `m`, `cm`, `mm`, `in`, or metres per unit, where the format leaves it open.
        on_error: Is given the error of each file of a sequence that is damaged, whose row is NaN,
            and of a video that is damaged before its end.
        on_progress: Is told of every frame of a video in which people are detected.
    """

    skeleton: Skeleton | None = None
    person: int | None = None
    unit: str | float | None = None
    image_size: tuple[int, int] | None = None
    on_error: ErrorCallback = warn
    on_progress: ProgressCallback | None = None


DEFAULTS = ReadOptions()


@dataclass(frozen=True)
class WriteOptions:
    """What the caller wants of a file beyond its content.

    Attributes:
        bones: Of BVH: `fixed`, turned by rotations, or `moving`, each joint with its position.
    """

    bones: Literal["fixed", "moving"] = "fixed"


WRITING = WriteOptions()


@dataclass(frozen=True)
class Format:
    """One file format.

    Attributes:
        name: How messages call it.
        suffixes: Its usual suffixes, lower case.
        sniff: Whether the file or folder is in this format, by its content.
        read: Reads it; raises `VvipeError` where it is damaged.
        write: Writes poses to a path and tells what that changed; None for formats only read.
        writes: The poses that `write` takes.
        in_folders: Whether files are read where their folder is named, or only by their own name.
    """

    name: str
    suffixes: tuple[str, ...]
    sniff: Callable[[Path], bool]
    read: Callable[[Path, ReadOptions], Poses]
    write: Callable[[Poses, Path, WriteOptions], Report] | None = None
    writes: tuple[type[Poses], ...] = ()
    in_folders: bool = True
