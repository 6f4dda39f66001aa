"""MediaPipe pose landmarks as people save them in JSON: 33 of x, y, z, visibility a frame."""

from __future__ import annotations

from pathlib import Path
from typing import Any, cast

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.following import Seen, one_person, poses_of_one
from vvipe.formats.format import DEFAULTS, Format, Poses, ReadOptions
from vvipe.formats.json_text import json_has, load_json, number_array
from vvipe.formats.normalised import in_pixels
from vvipe.poses import Poses3D
from vvipe.skeletons import get_skeleton

_COUNT = 33
_IMAGE = ("pose_landmarks", "poseLandmarks", "landmarks", "landmark", "keypoints")
_WORLD = ("pose_world_landmarks", "poseWorldLandmarks", "world_landmarks", "worldLandmarks")
_FRAMES = ("frames", "results", "data", "poses", "landmarks", "pose_landmarks")
_NUMBER = ("frame", "frame_number", "frame_id", "frame_index", "index")
_MS = ("timestamp_ms", "time_ms")
_SECONDS = ("time_s", "timestamp_s", "time_sec")


def read_mediapipe(path: Path, options: ReadOptions = DEFAULTS) -> Poses:
    """Reads one person, a row a frame.

    Frames are objects with `pose_landmarks` (or like names), or the landmarks themselves; of one
    person or of several. Landmarks of the image are parts of its width and height, so that
    `options.image_size` or the file must tell these. World landmarks, read where there are no
    others, are 3D: metres, the hips at the origin, axes as the camera's.

    Raises:
        VvipeError: Damaged, nobody in any frame, or no size of the image.
    """
    content = load_json(path)
    head = cast(dict[str, Any], content) if isinstance(content, dict) else {}
    entries = _entries(content, path)
    image = [_landmarks(e, _IMAGE) for e in entries]
    world = [_landmarks(e, _WORLD) for e in entries]
    in_space = not any(image) and any(world)
    frames = [
        [_seen(person, in_space, f"{path}: frame {i}") for person in _people(found)]
        for i, found in enumerate(world if in_space else image)
    ]
    numbers, stamps = _each(entries, _NUMBER), _each(entries, _SECONDS)
    milliseconds = _each(entries, _MS)
    stamps = milliseconds / 1000 if stamps is None and milliseconds is not None else stamps
    whole = numbers is not None and (numbers == np.round(numbers)).all()
    common: dict[str, Any] = {
        "frame": numbers.astype(np.int64) if numbers is not None and whole else None,
        "fps": _fps(head), "stamp_s": stamps,
    }  # fmt: skip
    skeleton = options.skeleton or get_skeleton("mediapipe33")
    if in_space:
        rows = one_person(frames, options.person, path)
        nobody = np.full((_COUNT, 4), np.nan)
        positions = np.stack([nobody if r is None else r for r in rows])[..., [0, 1, 3]]
        return Poses3D(positions, skeleton, source=str(path), frame_of_reference="camera", **common)
    size = options.image_size or _image_size(head)
    frames = in_pixels(frames, size, path)
    return poses_of_one(frames, skeleton, options.person, path, image_size=size, **common)


def _entries(content: Any, path: Path) -> list[Any]:
    """What is said of each frame."""
    if isinstance(content, dict):
        head = cast(dict[str, Any], content)
        lists = [head[k] for k in _FRAMES if isinstance(head.get(k), list)]
        if not lists or _is_person(lists[0]):
            return [head]
        return lists[0]
    if not isinstance(content, list):
        raise VvipeError("no list of frames", where=path)
    return [content] if _is_person(content) else cast(list[Any], content)


def _landmarks(entry: Any, names: tuple[str, ...]) -> Any:
    """Those of a frame by one of these names, empty where it has none."""
    if not isinstance(entry, dict):
        return entry if names is _IMAGE and isinstance(entry, list) else []
    fields = cast(dict[str, Any], entry)
    found = next((fields[n] for n in names if fields.get(n)), [])
    return _landmarks(found, _IMAGE) if isinstance(found, dict) else found


def _people(found: Any) -> list[Any]:
    if not found:
        return []
    if not isinstance(found, list):
        return [[found]]
    return [found] if _is_person(found) else [_landmarks(p, _IMAGE) for p in found]


def _is_person(found: Any) -> bool:
    """Whether these are landmarks, not frames or people of such."""
    if not isinstance(found, list) or not found:
        return False
    first: Any = found[0]
    numbers = isinstance(first, list) and first and isinstance(first[0], int | float)
    return bool(numbers) or (isinstance(first, dict) and "x" in first)


def _seen(person: Any, in_space: bool, where: str) -> Seen:
    """Keypoints (33, 3), or (33, 4) with the depth last for world landmarks."""
    rows = [
        [p.get("x"), p.get("y"), p.get("z", 0.0), p.get("visibility", 1.0)]
        if isinstance(p, dict)
        else p
        for p in cast(list[Any], person)
    ]
    values = number_array(rows, where)
    if values.ndim != 2 or values.shape[0] != _COUNT or values.shape[1] < 2:
        raise VvipeError(
            "not the landmarks of a pose", where=where, expected="33 of x, y, z, visibility",
            got=values.shape,
        )  # fmt: skip
    sure = values[:, 3] if values.shape[1] > 3 else np.ones(_COUNT)
    depth = values[:, 2:3] if in_space and values.shape[1] > 2 else np.zeros((_COUNT, 0))
    return Seen(np.concatenate([values[:, :2], sure[:, None], depth], axis=1))


def _each(entries: list[Any], names: tuple[str, ...]) -> np.ndarray | None:
    """(N,) of the first of these names that every frame has, rising."""
    for name in names:
        found = [e.get(name) if isinstance(e, dict) else None for e in entries]
        if all(isinstance(v, int | float) for v in found):
            values = np.array(found, np.float64)
            return values if np.isfinite(values).all() else None
    return None


def _fps(head: dict[str, Any]) -> float | None:
    about = head | cast(dict[str, Any], head.get("metadata") or head.get("video_info") or {})
    fps = about.get("fps")
    return float(fps) if isinstance(fps, int | float) and 0 < fps < 1e5 else None


def _image_size(head: dict[str, Any]) -> tuple[int, int] | None:
    about = head | cast(dict[str, Any], head.get("metadata") or head.get("video_info") or {})
    for names in (("width", "height"), ("image_width", "image_height")):
        size = [about.get(n) for n in names]
        if all(isinstance(v, int) and v > 0 for v in size):
            return cast(tuple[int, int], tuple(size))
    return None


def _sniff(path: Path) -> bool:
    named = any(json_has(path, name) for name in (*_IMAGE[:3], *_WORLD, "visibility"))
    return named and not json_has(path, "people", "positions", "annotations", "keypoint_scores")


MEDIAPIPE = Format("MediaPipe JSON", (".json",), _sniff, read_mediapipe)
