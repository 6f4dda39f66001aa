"""What the library keeps of each pose, as columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from vvipe.embeddings import Embeddings
from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import get_skeleton

_H36M17 = get_skeleton("h36m17")
KEYPOINT_NUMBERS, POSITION_NUMBERS = 2 * len(KEYPOINTS), 3 * len(_H36M17)


@dataclass(frozen=True)
class Clip:
    """What a recording is, the same for all its rows.

    Attributes:
        content: 63 bits of a hash of its content: what bears the same is in the library already.
        source: The file, or what its embeddings call their source.
        name: Of the clip.
        camera: Which camera saw it, None if that was not said.
        tags: Words to filter by.
    """

    content: int
    source: str
    name: str
    camera: str | None = None
    tags: tuple[str, ...] = ()


def schema(dim: int, about: dict[str, str]) -> Any:
    """Columns of a library of `dim` dimensions.

    An Arrow schema. `id` is the clip's content plus the row in the clip, so that it depends on
    neither the order nor the machine in which clips were added. `keypoints` are coco13 pixels,
    `positions` h36m17 metres in the frame of reference of their source, its `up` beside them; the
    one or the other is null.
    """
    number = pa.float32()
    fields = {
        "id": pa.int64(), "content": pa.int64(), "source": pa.string(), "clip": pa.string(),
        "frame": pa.int64(), "time_s": pa.float64(), "camera": pa.string(),
        "tags": pa.list_(pa.string()), "vector": pa.list_(number, dim),
        "variance": pa.list_(number, dim), "keypoints": pa.list_(number, KEYPOINT_NUMBERS),
        "positions": pa.list_(number, POSITION_NUMBERS), "up": pa.string(),
    }  # fmt: skip
    return pa.schema(list(fields.items()), metadata=about)


def to_batch(
    columns: Any, clip: Clip, embeddings: Embeddings, poses: Poses2D | Poses3D | None = None
) -> Any:
    """The rows of a clip that could be embedded, in their order, as an Arrow record batch.

    Args:
        columns: From `schema`.
        clip: What they belong to.
        embeddings: (N, D).
        poses: The N poses that were embedded, one leading dimension, if they are to be kept.
    """
    rows = np.flatnonzero(np.isfinite(embeddings.vectors).all(1))
    count = len(rows)
    time_s = None if poses is None else poses.time_s
    kept = {} if poses is None else _kept(poses[rows])
    values: dict[str, Any] = {
        "id": (clip.content + rows) & np.int64(2**63 - 1),
        "content": np.full(count, clip.content),
        "source": _same(clip.source, count),
        "clip": _same(clip.name, count),
        "frame": frames_of(embeddings)[rows],
        "time_s": None if time_s is None else time_s[rows],
        "camera": _same(clip.camera, count),
        "tags": [list(clip.tags)] * count,
        "vector": _lists(embeddings.vectors[rows]),
        "variance": _lists(embeddings.variance[rows]),
        **kept,
    }
    arrays = [
        pa.nulls(count, column.type)
        if (value := values.get(column.name)) is None
        else value
        if isinstance(value, pa.Array)
        else pa.array(value, column.type)
        for column in columns
    ]
    return pa.record_batch(arrays, schema=columns)


def frames_of(embeddings: Embeddings) -> np.ndarray:
    """(N,) frame numbers; counted where they are not told."""
    return np.arange(len(embeddings)) if embeddings.frame is None else embeddings.frame


def _kept(poses: Poses2D | Poses3D) -> dict[str, Any]:
    if isinstance(poses, Poses2D):
        return {"keypoints": _lists(poses.to_skeleton(KEYPOINTS).keypoints)}
    positions = poses.to_skeleton(_H36M17).positions
    return {"positions": _lists(positions), "up": _same(poses.up, len(poses))}


def _lists(values: np.ndarray) -> Any:
    flat = np.ascontiguousarray(values, np.float32).ravel()
    return pa.FixedSizeListArray.from_arrays(pa.array(flat), int(np.prod(values.shape[1:])))


def _same(value: str | None, count: int) -> Any:
    return [None] * count if value is None else pa.repeat(pa.scalar(value), count)
