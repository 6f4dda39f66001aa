"""OpenPose JSON: one file a frame in a folder, or a single file."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.following import follow, pick
from vvipe.formats.format import DEFAULTS, Format, ReadOptions
from vvipe.formats.json_text import load_json, xyc
from vvipe.formats.openpose_folder import is_frame, json_files, numbered_frames
from vvipe.poses import Poses2D
from vvipe.skeletons import Skeleton, get_skeleton

_KEYS = ("pose_keypoints_2d", "pose_keypoints", "joints")  # the last as AlphaPose's form `cmu`
_SKELETON_OF = {25: "body25", 18: "openpose18"}

Frames = dict[Path, list[np.ndarray]]  # (J, 3) x, y, confidence of each person of each file
Errors = dict[Path, VvipeError]


def read_openpose(path: Path, options: ReadOptions = DEFAULTS) -> Poses2D:
    """Reads a frame, or a folder of frames in the order of the numbers in their names.

    Rows of frames without the person are NaN, and so are those of damaged files, each of which is
    told to `options.on_error`. Without `options.person`, the most confident person of the first
    frame that shows any is followed by the distance of the keypoints.

    Raises:
        VvipeError: All files that could show somebody are damaged, nobody in any frame, or a number
            of keypoints of no skeleton.
    """
    files, frame = numbered_frames(path)
    where = files[0] if len(files) == 1 else path
    frames, errors = _frames(files)
    _check_somebody(frames, errors, where)
    skeleton = options.skeleton or _skeleton(frames, where)
    _empty_others(frames, errors, skeleton)
    _check_somebody(frames, errors, where)
    people = list(frames.values())
    rows = follow(people) if options.person is None else pick(people, options.person, path)
    nobody = np.full((len(skeleton), 3), np.nan)
    keypoints = np.stack([nobody if row is None else row for row in rows])
    for error in (errors[file] for file in files if file in errors):
        options.on_error(error)
    return Poses2D(
        keypoints[..., :2], skeleton, frame=frame, source=str(path), confidence=keypoints[..., 2]
    )


def _frames(files: list[Path]) -> tuple[Frames, Errors]:
    frames: Frames = {}
    errors: Errors = {}
    for file in files:
        try:
            frames[file] = _people(file)
        except VvipeError as error:
            frames[file], errors[file] = [], error
    return frames, errors


def _empty_others(frames: Frames, errors: Errors, skeleton: Skeleton) -> None:
    """Takes people of another number of keypoints for damage of their frame."""
    for file, people in frames.items():
        others = {len(person) for person in people} - {len(skeleton)}
        if others:
            frames[file] = []
            errors[file] = VvipeError(
                f"wrong number of keypoints for {skeleton.name}", where=file,
                expected=3 * len(skeleton), got=3 * min(others),
            )  # fmt: skip


def _check_somebody(frames: Frames, errors: Errors, where: Path) -> None:
    if not any(frames.values()):
        nobody = VvipeError("nobody in any frame", where=where, expected="people with keypoints")
        raise next(iter(errors.values()), nobody)


def _people(file: Path) -> list[np.ndarray]:
    """(J, 3) x, y, confidence of each person of a frame."""
    content = load_json(file)
    people = content.get("people", content.get("bodies")) if isinstance(content, dict) else None
    if not isinstance(people, list):
        raise VvipeError("not an OpenPose frame", where=file, expected="a list 'people'")
    return [_keypoints(p, f"{file}: person {i}") for i, p in enumerate(people)]


def _keypoints(person: object, where: str) -> np.ndarray:
    fields = person if isinstance(person, dict) else {}
    values = next((fields[k] for k in _KEYS if k in fields), None)
    if values is None:
        raise VvipeError("no pose_keypoints_2d", where=where)
    return xyc(values, where)


def _skeleton(frames: Frames, where: Path) -> Skeleton:
    """That of most people."""
    sizes = Counter(len(person) for people in frames.values() for person in people)
    size = sizes.most_common(1)[0][0]
    if size not in _SKELETON_OF:
        raise VvipeError(
            f"no OpenPose skeleton has {size} keypoints", where=where,
            expected="25 (BODY_25) or 18 (COCO)", hint="name the skeleton",
        )  # fmt: skip
    return get_skeleton(_SKELETON_OF[size])


def _sniff(path: Path) -> bool:
    return any(map(is_frame, json_files(path) if path.is_dir() else [path]))


OPENPOSE = Format("OpenPose JSON", (".json",), _sniff, read_openpose)
