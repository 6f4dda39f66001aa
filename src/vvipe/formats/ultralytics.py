"""Ultralytics-style results JSON: the list of an image's detections, or a list of such lists."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, cast

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.following import Seen, poses_of_one, skeleton_of_count
from vvipe.formats.format import DEFAULTS, Format, ReadOptions
from vvipe.formats.json_text import json_has, load_json, number_array
from vvipe.formats.normalised import in_pixels
from vvipe.poses import Poses2D


def read_ultralytics(path: Path, options: ReadOptions = DEFAULTS) -> Poses2D:
    """Reads one person, a row a frame; detections without keypoints are passed over.

    Frames may be text, as `to_json` gives them. Coordinates from 0 to 1 are parts of the image,
    whose size `options.image_size` must tell. Which person, see `one_person`; `track_id` counts
    where it is there.

    Raises:
        VvipeError: Damaged, nobody in any frame, normalised without a size, or keypoints of no
            skeleton.
    """
    content = load_json(path)
    if not isinstance(content, list):
        raise VvipeError("not a list of detections", where=path)
    entries = [_loaded(e, f"{path}: frame {i}") for i, e in enumerate(cast(list[Any], content))]
    lists = entries if all(isinstance(e, list) for e in entries) else [entries]
    frames = [
        [
            _seen(entry, f"{path}: frame {n}: detection {i}")
            for i, entry in enumerate(found)
            if isinstance(entry, dict) and "keypoints" in entry
        ]
        for n, found in enumerate(lists)
    ]
    frames = in_pixels(frames, options.image_size, path)
    count = next((len(s.keypoints) for f in frames for s in f), 17)
    skeleton = options.skeleton or skeleton_of_count(count, path)
    return poses_of_one(frames, skeleton, options.person, path, image_size=options.image_size)


def _loaded(entry: Any, where: str) -> Any:
    if not isinstance(entry, str):
        return entry
    try:
        return json.loads(entry)
    except ValueError as error:
        raise VvipeError(f"broken JSON ({error})", where=where) from None


def _seen(entry: dict[str, Any], where: str) -> Seen:
    fields = entry["keypoints"] if isinstance(entry["keypoints"], dict) else {}
    x, y = (number_array(fields.get(axis, []), where) for axis in "xy")
    sure = number_array(fields.get("visible", np.ones(x.shape)), where)
    if x.ndim != 1 or not len(x) or not x.shape == y.shape == sure.shape:
        raise VvipeError("keypoints are not x, y, visible", where=where, got=x.shape)
    origin = (x == 0) & (y == 0)  # where a joint is not found
    track = entry.get("track_id")
    keypoints = np.stack([x, y, np.where(origin, 0.0, sure)], axis=1)
    return Seen(keypoints, track if isinstance(track, int) else None)


def _sniff(path: Path) -> bool:
    # Frames kept as text have their quotes escaped.
    return any(
        json_has(path, f"keypoints{end}")
        and (json_has(path, f"visible{end}") or json_has(path, f"x1{end}"))
        for end in ("", "\\")
    )


ULTRALYTICS = Format("Ultralytics JSON", (".json",), _sniff, read_ultralytics)
