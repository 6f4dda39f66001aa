"""AlphaPose JSON: one list for all images, or its forms by image of OpenPose's making."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any, cast

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.following import Seen, poses_of_one, skeleton_of_count
from vvipe.formats.format import DEFAULTS, Format, ReadOptions
from vvipe.formats.json_text import json_has, json_starts, load_json, xyc
from vvipe.poses import Poses2D
from vvipe.skeletons import get_skeleton

BY_IMAGE = re.compile(r'\s*\{\s*"[^"]+"\s*:\s*\{')
_NAMED_IMAGE = re.compile(r'\s*\[\s*\{\s*"image_id"\s*:\s*"')
_NUMBER = re.compile(r"(\d+)\D*$")


def read_alphapose(path: Path, options: ReadOptions = DEFAULTS) -> Poses2D:
    """Reads one person, a row an image that shows anybody; `frame` is the number in its name.

    The list has `image_id` (the image's name), `keypoints`, `score`, and with tracking `idx`; the
    forms `cmu` and `open` have 18 keypoints by image. Which person, see `one_person`.

    Raises:
        VvipeError: Damaged, nobody in any image, or keypoints of no skeleton.
    """
    content = load_json(path)
    images = _of_list(content, path) if isinstance(content, list) else _by_image(content, path)
    names = list(images)
    numbers = [_NUMBER.search(Path(name).stem) for name in names]
    frame = None
    if all(numbers) and len({int(n[1]) for n in numbers if n}) == len(names):
        found = [int(n[1]) for n in numbers if n]
        order = np.argsort(found)
        names, frame = [names[i] for i in order], np.sort(found)
    frames = [images[name] for name in names]
    if options.skeleton:
        skeleton = options.skeleton
    elif isinstance(content, list):
        count = next((len(s.keypoints) for f in frames for s in f), 0)
        skeleton = skeleton_of_count(count, path)
    else:
        skeleton = get_skeleton("openpose18")
    return poses_of_one(
        frames, skeleton, options.person, path, frame=frame, image_size=options.image_size
    )


def _of_list(rows: list[Any], path: Path) -> dict[str, list[Seen]]:
    images: dict[str, list[Seen]] = {}
    for i, row in enumerate(rows):
        where = f"{path}: entry {i}"
        if not isinstance(row, dict) or not {"image_id", "keypoints"} <= row.keys():
            raise VvipeError("no image_id and keypoints", where=where)
        entry = cast(dict[str, Any], row)
        seen = Seen(xyc(entry["keypoints"], where), _track(entry.get("idx")))
        images.setdefault(str(entry["image_id"]), []).append(seen)
    return images


def _by_image(content: object, path: Path) -> dict[str, list[Seen]]:
    images: dict[str, list[Seen]] = {}
    for name, image in cast(dict[str, Any], content if isinstance(content, dict) else {}).items():
        people = image.get("bodies", image.get("people")) if isinstance(image, dict) else None
        if not isinstance(people, list):
            raise VvipeError("no list of people", where=f"{path}: {name}")
        images[name] = [
            Seen(xyc(_joints(person), f"{path}: {name}: person {i}"))
            for i, person in enumerate(people)
        ]
    return images


def _joints(person: object) -> Any:
    fields = cast(dict[str, Any], person) if isinstance(person, dict) else {}
    return fields.get("joints", fields.get("pose_keypoints_2d"))


def _track(idx: object) -> int | None:
    """A number, or a list (of lists) of the numbers of the boxes that were merged."""
    while isinstance(idx, list) and idx:
        idx = idx[0]
    return int(idx) if isinstance(idx, int | float) else None


def _sniff(path: Path) -> bool:
    if json_starts(path, _NAMED_IMAGE):
        return json_has(path, "keypoints")
    if json_starts(path, BY_IMAGE):
        return json_has(path, "bodies") or json_has(path, "pose_keypoints_2d")
    boxed = json_has(path, "idx") or (json_has(path, "box") and not json_has(path, "x1"))
    return boxed and json_has(path, "keypoints") and json_has(path, "image_id")


ALPHAPOSE = Format("AlphaPose JSON", (".json",), _sniff, read_alphapose)
