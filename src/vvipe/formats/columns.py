"""Poses as named columns: the schema that npz, JSON and Parquet share."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.axes import y_up_to_z_up
from vvipe.formats.format import Poses, ReadOptions
from vvipe.formats.units import size_of, unit_to_m
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import Skeleton, get_skeleton, skeleton_from_joints, skeleton_names

COLUMNS = (
    "keypoints", "positions", "skeleton", "joints", "frame", "fps", "time_s",
    "image_size", "unit", "up", "frame_of_reference",
)  # fmt: skip
_GIANT_M = 5.0
_UP_OF = {"world": "z", "canonical": "z", "camera": "-y"}


def columns_to_poses(columns: Mapping[str, Any], options: ReadOptions, path: Path) -> Poses:
    """Checks columns and makes poses of them.

    Args:
        columns: `keypoints` (..., J, 2|3) or `positions` (..., J, 3), with `skeleton` or `joints`;
            optional `frame`, `fps`, `time_s`, and `image_size`, or `unit` (else m), `up` (else z)
            and `frame_of_reference` (else world). Others are passed over.
        options: What the caller says.
        path: For messages.

    Raises:
        VvipeError: A column is missing, or has a wrong shape or value; the message names it.
    """
    kinds = [k for k in ("keypoints", "positions") if k in columns]
    if len(kinds) != 1:
        raise VvipeError(
            "what kind of poses is this", where=path,
            expected="either keypoints (2D) or positions (3D)",
            got=" and ".join(kinds) or ", ".join(columns) or "nothing",
        )  # fmt: skip
    coords = _numbers(columns, kinds[0], path)
    widths = (2, 3) if kinds[0] == "keypoints" else (3,)
    if coords.ndim < 2 or coords.shape[-1] not in widths:
        raise VvipeError(
            f"wrong shape of {kinds[0]}", where=path,
            expected=f"(N, J, {' or '.join(map(str, widths))})", got=coords.shape,
        )  # fmt: skip
    skeleton = options.skeleton or _skeleton(columns, 2 if kinds[0] == "keypoints" else 3, path)
    common: dict[str, Any] = {
        "skeleton": skeleton,
        "frame": _frame(columns, coords, path),
        "fps": _fps(columns, path),
        "stamp_s": _stamps(columns, coords, path),
        "source": str(path),
    }
    if kinds[0] == "positions":
        reference = _text(columns, "frame_of_reference", "world")
        positions = _to_our_axes(coords, columns, reference, path) * _unit_m(columns, coords, path)
        return Poses3D(positions, frame_of_reference=reference, **common)
    confidence = coords[..., 2] if coords.shape[-1] == 3 else None
    return Poses2D(
        coords[..., :2], confidence=confidence, image_size=_image_size(columns, path), **common
    )


def poses_to_columns(poses: Poses) -> dict[str, Any]:
    """The columns that `columns_to_poses` makes the same poses of; None is left out."""
    skeleton = poses.skeleton
    columns: dict[str, Any] = {
        "joints": np.array(skeleton.joints),
        "skeleton": skeleton.name if _is_registered(skeleton) else None,
        "frame": poses.frame,
        "fps": poses.fps,
        "time_s": poses.stamp_s,
        "source": poses.source,
    }
    if isinstance(poses, Poses2D):
        parts = [poses.keypoints]
        parts += [] if poses.confidence is None else [poses.confidence[..., None]]
        columns |= {"keypoints": np.concatenate(parts, -1), "image_size": poses.image_size}
    else:
        columns |= {"positions": poses.positions, "unit": poses.unit, "up": poses.up}
        columns |= {"frame_of_reference": poses.frame_of_reference}
    return {k: v for k, v in columns.items() if v is not None}


def frame_of_rows(poses: Poses) -> np.ndarray:
    """(N,) frame numbers for formats with a row a pose, all leading dimensions made one."""
    rows = int(np.prod(poses.coords.shape[:-2]))
    return np.arange(rows) if poses.frame is None else _of_rows(poses, poses.frame)


def stamps_of_rows(poses: Poses) -> np.ndarray | None:
    """(N,) time stamps as `frame_of_rows`, None where the source has none."""
    return None if poses.stamp_s is None else _of_rows(poses, poses.stamp_s)


def as_rows(poses: Poses) -> Poses:
    """The same poses with one leading dimension, frame numbers repeated as needed."""
    if poses.coords.ndim == 3:
        return poses
    shape = poses.coords.shape[-2:]
    rows = {
        "coords": poses.coords.reshape(-1, *shape),
        "frame": frame_of_rows(poses), "stamp_s": stamps_of_rows(poses),
    }  # fmt: skip
    if isinstance(poses, Poses2D) and poses.confidence is not None:
        return replace(poses, **rows, confidence=poses.confidence.reshape(-1, shape[0]))
    return replace(poses, **rows)


def _of_rows(poses: Poses, values: np.ndarray) -> np.ndarray:
    values = np.ravel(values)
    return np.repeat(values, int(np.prod(poses.coords.shape[:-2])) // len(values))


def _is_registered(skeleton: Skeleton) -> bool:
    return skeleton.name in skeleton_names() and get_skeleton(skeleton.name) == skeleton


def _numbers(columns: Mapping[str, Any], name: str, path: Path) -> np.ndarray:
    values = np.asarray(columns[name])
    if values.dtype.kind not in "fiu":
        raise VvipeError(f"{name} are not numbers", where=path, got=values.dtype)
    return values


def _text(columns: Mapping[str, Any], name: str, default: str) -> str:
    return _name(np.asarray(columns[name]).item()) if name in columns else default


def _name(value: object) -> str:
    return value.decode(errors="replace") if isinstance(value, bytes) else str(value)


def _skeleton(columns: Mapping[str, Any], dims: int, path: Path) -> Skeleton:
    joints = [_name(j) for j in np.ravel(columns.get("joints", []))]
    named = None
    if "skeleton" in columns:
        named = get_skeleton(_text(columns, "skeleton", ""), where=path)
        if joints and tuple(joints) != named.joints:
            raise VvipeError(f"joints are not those of {named.name}", where=path)
    if named is None and not joints:
        raise VvipeError("no skeleton", where=path, expected="'skeleton' or 'joints' in the file",
                         hint="or name the skeleton")  # fmt: skip
    return named or skeleton_from_joints(joints, dims=dims, where=path)


def _frame(columns: Mapping[str, Any], coords: np.ndarray, path: Path) -> np.ndarray | None:
    if "frame" not in columns:
        return None
    frame = _per_frame(columns, "frame", coords, path)
    if not (np.isfinite(frame) & (frame == np.round(frame))).all():
        raise VvipeError("frame holds something else than whole numbers", where=path)
    return frame.astype(np.int64)


def _stamps(columns: Mapping[str, Any], coords: np.ndarray, path: Path) -> np.ndarray | None:
    if "time_s" not in columns:
        return None
    stamps = _per_frame(columns, "time_s", coords, path)
    if not np.isfinite(stamps).all():
        raise VvipeError("time_s holds something else than numbers", where=path)
    return stamps.astype(np.float64)


def _per_frame(columns: Mapping[str, Any], name: str, coords: np.ndarray, path: Path) -> np.ndarray:
    values = _numbers(columns, name, path)
    if coords.ndim > 2 and values.shape != coords.shape[:1]:
        raise VvipeError(
            f"wrong shape of {name}", where=path, expected=coords.shape[:1], got=values.shape
        )
    return values


def _fps(columns: Mapping[str, Any], path: Path) -> float | None:
    if "fps" not in columns:
        return None
    fps = _numbers(columns, "fps", path)
    if fps.size != 1 or not 0 < fps.item() < np.inf:
        raise VvipeError("fps must be one positive number", where=path, got=fps.tolist())
    return float(fps.item())


def _image_size(columns: Mapping[str, Any], path: Path) -> tuple[int, int] | None:
    if "image_size" not in columns:
        return None
    size = _numbers(columns, "image_size", path)
    if size.shape != (2,) or not (size > 0).all():
        raise VvipeError(
            "wrong image_size", where=path, expected="(width, height)", got=size.tolist()
        )
    return int(size[0]), int(size[1])


def _unit_m(columns: Mapping[str, Any], coords: np.ndarray, path: Path) -> float:
    if "unit" in columns:
        return unit_to_m(_text(columns, "unit", "m"), where=path)
    size = size_of(coords)
    if size > _GIANT_M:
        raise VvipeError(
            "no unit", where=path, expected="'unit' m, cm or mm", got=f"a body of {size:.0f} units"
        )
    return 1.0


def _to_our_axes(
    positions: np.ndarray, columns: Mapping[str, Any], reference: str, path: Path
) -> np.ndarray:
    if reference not in _UP_OF:
        raise VvipeError(
            "unknown frame_of_reference", where=path, expected=", ".join(_UP_OF), got=reference
        )
    up = _text(columns, "up", _UP_OF[reference])
    if up == _UP_OF[reference]:
        return positions
    if up == "y" and reference != "camera":
        return y_up_to_z_up(positions)
    raise VvipeError(
        f"wrong up for the {reference} frame", where=path,
        expected=f"y or {_UP_OF[reference]}", got=up,
    )  # fmt: skip
