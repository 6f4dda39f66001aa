"""COCO keypoint JSON: ground truth, and the list of results of a detector."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any, cast

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.alphapose import ALPHAPOSE
from vvipe.formats.columns import frame_of_rows
from vvipe.formats.format import (
    DEFAULTS,
    WRITING,
    Format,
    Poses,
    ReadOptions,
    Report,
    WriteOptions,
)
from vvipe.formats.json_text import json_has, load_json, number_array
from vvipe.formats.mediapipe import MEDIAPIPE
from vvipe.formats.mmpose_json import MMPOSE_JSON
from vvipe.formats.ultralytics import ULTRALYTICS
from vvipe.poses import Poses2D
from vvipe.skeletons import Skeleton, get_skeleton, skeleton_from_joints

_SKELETON_OF = {17: "coco17", 13: "coco13", 26: "halpe26"}
_WHOLE_BODY = 133  # COCO-WholeBody begins with the 17 joints of COCO

Row = dict[str, Any]


def read_coco(path: Path, options: ReadOptions = DEFAULTS) -> Poses2D:
    """Reads one row an annotation, in the file's order; `frame` is the image's id.

    Ground truth (`annotations`, `images`, `categories`) has visibilities, which become
    confidence 1 or unseen; results (a list of `image_id`, `keypoints`, `score`) have confidences.

    Raises:
        VvipeError: Broken file, no annotation with keypoints, or rows of different length.
    """
    content = load_json(path)
    truth = isinstance(content, dict)
    head = cast(Row, content) if truth else {}
    rows = _rows(head.get("annotations") if truth else content, path)
    if options.person is not None:
        rows = _nth_of_each_image(rows, options.person, path)
    keypoints = _keypoints(rows, path)
    skeleton = options.skeleton or _skeleton(head, rows, keypoints.shape[1], path)
    if keypoints.shape[1] == _WHOLE_BODY:
        keypoints = keypoints[:, : len(skeleton)]
    confidence = keypoints[..., 2]
    return Poses2D(
        keypoints[..., :2],
        skeleton,
        frame=_frame(rows),
        source=str(path),
        confidence=np.where(confidence > 0, 1.0, 0.0) if truth else confidence,
        image_size=_image_size(head),
    )


def _rows(found: object, path: Path) -> list[Row]:
    rows = cast(list[Any], found) if isinstance(found, list) else []
    if not rows:
        raise VvipeError("no annotations", where=path)
    for i, row in enumerate(rows):
        if not isinstance(row, dict) or "keypoints" not in row:
            raise VvipeError("no keypoints", where=f"{path}: annotation {i}")
    return rows


def _nth_of_each_image(rows: list[Row], person: int, path: Path) -> list[Row]:
    if any("track_id" in row for row in rows):
        return _track(rows, person, path)
    seen: Counter[str] = Counter()
    picked: list[Row] = []
    for row in rows:
        image = str(row.get("image_id"))
        if seen[image] == person:
            picked.append(row)
        seen[image] += 1
    if not picked:
        most = max(seen.values()) - 1
        raise VvipeError(f"no person {person}", where=path, expected=f"0 to {most}")
    return picked


def _track(rows: list[Row], person: int, path: Path) -> list[Row]:
    """Those of a tracker's number."""
    picked = [row for row in rows if row.get("track_id") == person]
    if not picked:
        known = sorted({str(row["track_id"]) for row in rows if "track_id" in row})
        raise VvipeError(f"no person {person}", where=path, expected=", ".join(known[:9]))
    return picked


def _keypoints(rows: list[Row], path: Path) -> np.ndarray:
    """(N, J, 3) x, y and visibility or confidence."""
    stack: list[np.ndarray] = []
    for i, row in enumerate(rows):
        where = f"{path}: annotation {i}"
        numbers = number_array(row["keypoints"], where)
        if numbers.ndim not in (1, 2) or not numbers.size or numbers.size % 3:
            raise VvipeError("keypoints are not x, y, v", where=where, got=numbers.shape)
        stack.append(numbers.reshape(-1, 3))
        if len(stack[0]) != len(stack[-1]):
            raise VvipeError(
                "another number of keypoints than before", where=where,
                expected=len(stack[0]), got=len(stack[-1]),
            )  # fmt: skip
    return np.stack(stack)


def _skeleton(head: Row, rows: list[Row], count: int, path: Path) -> Skeleton:
    """By the names that the file gives, else by the number of keypoints."""
    if "skeleton" in rows[0]:
        return get_skeleton(rows[0]["skeleton"], where=path)
    named = [c["keypoints"] for c in _entries(head, "categories") if "keypoints" in c]
    joints = rows[0].get("joints") or (named[0] if len(named) == 1 else None)
    if joints is not None and count != _WHOLE_BODY:
        return skeleton_from_joints(joints, where=path)
    if count == _WHOLE_BODY:
        return get_skeleton("coco17")
    if count not in _SKELETON_OF:
        raise VvipeError(
            f"no skeleton is known for {count} keypoints", where=path,
            expected=", ".join(map(str, (*_SKELETON_OF, _WHOLE_BODY))), hint="name the skeleton",
        )  # fmt: skip
    return get_skeleton(_SKELETON_OF[count])


def _entries(head: Row, name: str) -> list[Row]:
    return [entry for entry in head.get(name) or [] if isinstance(entry, dict)]


def _frame(rows: list[Row]) -> np.ndarray | None:
    ids = [row.get("image_id") for row in rows]
    return np.array(ids) if all(type(i) is int for i in ids) else None


def _image_size(head: Row) -> tuple[int, int] | None:
    sizes = {(i.get("width"), i.get("height")) for i in _entries(head, "images")}
    width, height = sizes.pop() if len(sizes) == 1 else (None, None)
    return (int(width), int(height)) if width and height else None


def write_coco(poses: Poses, path: Path, options: WriteOptions = WRITING) -> Report:
    """Writes a results list; joints that are not seen are 0, 0, 0.

    Beyond COCO's own keys an entry names its skeleton or joints, for keypoints that are not COCO's.
    """
    assert isinstance(poses, Poses2D)
    mask = poses.mask
    confidence = mask * 1.0 if poses.confidence is None else poses.confidence
    keypoints = np.concatenate([poses.keypoints, confidence[..., None]], axis=-1)
    keypoints = np.where(mask[..., None], keypoints, 0).reshape(-1, 3 * len(poses.skeleton))
    scores = keypoints[:, 2::3].mean(axis=1)
    rows = [
        {"image_id": f, "category_id": 1, "keypoints": k, "score": s} | _joints(poses.skeleton)
        for f, k, s in zip(
            frame_of_rows(poses).tolist(), keypoints.tolist(), scores.tolist(), strict=True
        )
    ]
    path.write_text(json.dumps(rows))
    return {}


def _joints(skeleton: Skeleton) -> Row:
    if skeleton == get_skeleton("coco17"):
        return {}
    return {"joints": list(skeleton.joints)}


def _sniff(path: Path) -> bool:
    if any(other.sniff(path) for other in (ALPHAPOSE, MEDIAPIPE, MMPOSE_JSON, ULTRALYTICS)):
        return False
    return json_has(path, "keypoints", "annotations") and not json_has(path, "people", "positions")


COCO = Format("COCO JSON", (".json",), _sniff, read_coco, write_coco, (Poses2D,))
