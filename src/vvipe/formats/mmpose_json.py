"""MMPose inferencer JSON: instances by frame of a video, or those of one image."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.following import Seen, poses_of_one, skeleton_of_count
from vvipe.formats.format import DEFAULTS, Format, ReadOptions
from vvipe.formats.json_text import json_has, load_json, number_array
from vvipe.poses import Poses2D
from vvipe.skeletons import Skeleton, skeleton_from_joints

_COUNTED = {17, 26, 133, 136}  # by number, whatever the names: whole bodies have the body first
_MARK = "keypoint_scores"


def read_mmpose_json(path: Path, options: ReadOptions = DEFAULTS) -> Poses2D:
    """Reads one person, a row a frame.

    A video is a list of `frame_id`, `instances`; an image a list of instances; either may stand in
    `instance_info` or `predictions` beside a `meta_info` with the keypoints' names. Which person,
    see `one_person`; `track_id` counts where it is there.

    Raises:
        VvipeError: Damaged, nobody in any frame, 3D keypoints, or keypoints of no skeleton.
    """
    content = load_json(path)
    about: dict[str, Any] = {}
    if isinstance(content, dict):
        head = cast(dict[str, Any], content)
        about = head["meta_info"] if isinstance(head.get("meta_info"), dict) else {}
        content = head.get("instance_info", head.get("predictions"))
    if not isinstance(content, list):
        raise VvipeError("no list of instances", where=path)
    numbers, lists = _frames(cast(list[Any], content), path)
    frames = [
        [_seen(entry, f"{path}: frame {n}: instance {i}") for i, entry in enumerate(found)]
        for n, found in zip(numbers, lists, strict=True)
    ]
    count = next((len(s.keypoints) for f in frames for s in f), 17)
    skeleton = options.skeleton or _skeleton(about, count, path)
    return poses_of_one(
        frames, skeleton, options.person, path, frame=np.array(numbers),
        image_size=options.image_size,
    )  # fmt: skip


def _frames(entries: list[Any], path: Path) -> tuple[list[int], list[list[Any]]]:
    """Frame numbers, and the instances of each frame."""
    if all(isinstance(e, list) for e in entries):
        return list(range(len(entries))), entries
    if all(isinstance(e, dict) and _MARK in e for e in entries):
        return [0], [entries]
    numbers: list[int] = []
    for i, entry in enumerate(entries):
        found = entry.get("instances") if isinstance(entry, dict) else None
        number = entry.get("frame_id", i) if isinstance(entry, dict) else i
        if not isinstance(found, list) or not isinstance(number, int):
            raise VvipeError("no frame_id and instances", where=f"{path}: entry {i}")
        numbers.append(number)
    return numbers, [entry["instances"] for entry in entries]


def _seen(entry: object, where: str) -> Seen:
    fields = cast(dict[str, Any], entry) if isinstance(entry, dict) else {}
    xy = number_array(fields.get("keypoints", []), where)
    scores = number_array(fields.get(_MARK, []), where)
    if xy.ndim != 2 or xy.shape[1:] == (3,):
        what = "3D keypoints" if xy.ndim == 2 else "no keypoints"
        raise VvipeError(what, where=where, expected="x, y of each", got=xy.shape)
    if xy.shape[1] != 2 or scores.shape != xy.shape[:1]:
        raise VvipeError("keypoints and scores differ", where=where, got=(xy.shape, scores.shape))
    track = fields.get("track_id")
    keypoints = np.concatenate([xy, scores[:, None]], axis=1)
    return Seen(keypoints, track if isinstance(track, int) and track >= 0 else None)


def _skeleton(about: dict[str, Any], count: int, path: Path) -> Skeleton:
    names = about.get("keypoint_id2name")
    if count in _COUNTED or not isinstance(names, dict):
        return skeleton_of_count(count, path)
    by_number = cast(dict[str, str], names)
    try:
        return skeleton_from_joints([by_number[str(i)] for i in range(count)], where=path)
    except KeyError as error:
        raise VvipeError(f"no name for keypoint {error}", where=f"{path}: meta_info") from None


def _sniff(path: Path) -> bool:
    return json_has(path, _MARK)


MMPOSE_JSON = Format("MMPose JSON", (".json",), _sniff, read_mmpose_json)
