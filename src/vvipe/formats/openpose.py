"""OpenPose JSON: one file a frame in a folder, or a single file."""

from __future__ import annotations

import re
from itertools import pairwise
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.format import DEFAULTS, Format, ReadOptions
from vvipe.formats.json_text import json_has, load_json, number_array
from vvipe.poses import Poses2D
from vvipe.skeletons import Skeleton, get_skeleton

_SKELETON_OF = {25: "body25", 18: "openpose18"}


def read_openpose(path: Path, options: ReadOptions = DEFAULTS) -> Poses2D:
    """Reads a frame, or a folder of frames in the order of the numbers in their names.

    Rows of frames without the person are NaN. Without `options.person`, the most confident person
    of the first frame that shows any is followed by the distance of the keypoints.

    Raises:
        VvipeError: Broken file, nobody in any frame, or a number of keypoints of no skeleton.
    """
    files, frame = _frames(path)
    people = [_people(file) for file in files]
    skeleton = options.skeleton or _skeleton(people, path)
    for file, found in zip(files, people, strict=True):
        for person in found:
            if len(person) != len(skeleton):
                raise VvipeError(
                    f"wrong number of keypoints for {skeleton.name}", where=file,
                    expected=3 * len(skeleton), got=person.size,
                )  # fmt: skip
    rows = _follow(people) if options.person is None else _pick(people, options.person, path)
    nobody = np.full((len(skeleton), 3), np.nan)
    keypoints = np.stack([nobody if row is None else row for row in rows])
    return Poses2D(
        keypoints[..., :2], skeleton, frame=frame, source=str(path), confidence=keypoints[..., 2]
    )


def _frames(path: Path) -> tuple[list[Path], np.ndarray]:
    """Files in the order of their frame numbers, and these; 0, 1, … where a name has none."""
    if path.is_file():
        files = [path]
    else:
        files = sorted(p for p in path.iterdir() if p.suffix.lower() == ".json")
    numbers = [re.search(r"(\d+)(?:_keypoints)?$", p.stem) for p in files]
    found = [int(n[1]) for n in numbers if n]
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


def _people(file: Path) -> list[np.ndarray]:
    """(J, 3) x, y, confidence of each person of a frame."""
    content = load_json(file)
    people = content.get("people") if isinstance(content, dict) else None
    if not isinstance(people, list):
        raise VvipeError("not an OpenPose frame", where=file, expected="a list 'people'")
    return [_keypoints(p, f"{file}: person {i}") for i, p in enumerate(people)]


def _keypoints(person: object, where: str) -> np.ndarray:
    fields = person if isinstance(person, dict) else {}
    values = fields.get("pose_keypoints_2d", fields.get("pose_keypoints"))
    if values is None:
        raise VvipeError("no pose_keypoints_2d", where=where)
    numbers = number_array(values, where)
    if numbers.ndim != 1 or not numbers.size or numbers.size % 3:
        raise VvipeError("keypoints are not x, y, confidence", where=where, got=numbers.shape)
    return numbers.reshape(-1, 3)


def _skeleton(people: list[list[np.ndarray]], path: Path) -> Skeleton:
    first = next((person for found in people for person in found), None)
    if first is None:
        raise VvipeError("nobody in any frame", where=path, expected="people with keypoints")
    if len(first) not in _SKELETON_OF:
        raise VvipeError(
            f"no OpenPose skeleton has {len(first)} keypoints", where=path,
            expected="25 (BODY_25) or 18 (COCO)", hint="name the skeleton",
        )  # fmt: skip
    return get_skeleton(_SKELETON_OF[len(first)])


def _pick(people: list[list[np.ndarray]], person: int, path: Path) -> list[np.ndarray | None]:
    most = max(map(len, people))
    if not 0 <= person < most:
        raise VvipeError(f"no person {person}", where=path, expected=f"0 to {most - 1}")
    return [found[person] if person < len(found) else None for found in people]


def _follow(people: list[list[np.ndarray]]) -> list[np.ndarray | None]:
    rows: list[np.ndarray | None] = []
    last: np.ndarray | None = None
    for found in people:
        now = min(found, key=lambda p: _unlikeness(p, last), default=None)
        rows.append(now)
        last = last if now is None else now
    return rows


def _unlikeness(person: np.ndarray, last: np.ndarray | None) -> tuple[float, float]:
    """Mean distance from where the person was, then lack of confidence."""
    doubt = -float(np.nan_to_num(person[:, 2]).mean())
    if last is None:
        return 0.0, doubt
    both = (person[:, 2] > 0) & (last[:, 2] > 0)
    if not both.any():
        return np.inf, doubt
    return float(np.linalg.norm(person[both, :2] - last[both, :2], axis=1).mean()), doubt


def _sniff(path: Path) -> bool:
    if path.is_dir():
        return any(_sniff(p) for p in sorted(path.glob("*.json")))
    return json_has(path, "people")


OPENPOSE = Format("OpenPose JSON", (".json",), _sniff, read_openpose)
