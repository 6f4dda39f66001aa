"""Which files of a folder are the frames of its OpenPose sequence, and in which order."""

from __future__ import annotations

import os
import re
from itertools import pairwise
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.alphapose import ALPHAPOSE, BY_IMAGE
from vvipe.formats.coco import COCO
from vvipe.formats.json_poses import JSON_POSES
from vvipe.formats.json_text import json_has, json_starts
from vvipe.formats.mediapipe import MEDIAPIPE
from vvipe.formats.mmpose_json import MMPOSE_JSON
from vvipe.formats.ultralytics import ULTRALYTICS

_OTHERS = (ALPHAPOSE, COCO, JSON_POSES, MEDIAPIPE, MMPOSE_JSON, ULTRALYTICS)
_NAME = re.compile(r"(.*?)(\d+)(_keypoints)?")


def json_files(folder: Path) -> list[Path]:
    """All JSON files of a folder but hidden ones, by name."""
    with os.scandir(folder) as entries:
        names = sorted(e.name for e in entries if not e.name.startswith(".") and not e.is_dir())
    return [folder / name for name in names if name.lower().endswith(".json")]


def is_frame(file: Path) -> bool:
    """Whether the content of a file looks like a frame."""
    if json_starts(file, BY_IMAGE):
        return False
    return json_has(file, "people") or (json_has(file, "bodies") and json_has(file, "joints"))


def frame_files(folder: Path) -> list[Path]:
    """The frames of a folder by name: OpenPose JSON, and what is damaged among it.

    JSON that no format recognises belongs to the frames where but the number in its name differs
    from theirs.
    """
    files = json_files(folder)
    sound = {p for p in files if is_frame(p)}
    shapes = {_shape(p) for p in sound} - {None}
    return [p for p in files if p in sound or (_shape(p) in shapes and not _is_other(p))]


def numbered_frames(path: Path) -> tuple[list[Path], np.ndarray]:
    """Files in the order of their frame numbers, and these; 0, 1, … where a name has none.

    Args:
        path: One frame, or a folder.

    Raises:
        VvipeError: A number twice.
    """
    files = frame_files(path) if path.is_dir() else [path]
    names = [_NAME.fullmatch(p.stem) for p in files]
    found = [int(name[2]) for name in names if name]
    if len(found) < len(files):
        return files, np.arange(len(files))
    order = sorted(range(len(files)), key=found.__getitem__)
    for a, b in pairwise(order):
        if found[a] == found[b]:
            raise VvipeError(
                f"frame {found[a]} twice", where=path, got=f"{files[a].name}, {files[b].name}",
                hint="keep one sequence a folder",
            )  # fmt: skip
    return [files[i] for i in order], np.array([found[i] for i in order])


def _shape(file: Path) -> tuple[str, bool] | None:
    """A frame's name without its number, None where it has none."""
    name = _NAME.fullmatch(file.stem)
    return name and (name[1], bool(name[3]))


def _is_other(file: Path) -> bool:
    return any(other.sniff(file) for other in _OTHERS)
