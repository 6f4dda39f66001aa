"""The npz files of VideoPose3D (Pavllo et al. 2019): all motions of Human3.6M in one file.

Fields (its `data/prepare_data_h36m.py`, `DATASETS.md`, `run.py`):

- `data_3d_h36m.npz`: `positions_3d`, a pickled dict subject -> action -> (F, 32, 3) float32 metres
  in the world, z up, 50 Hz. `S11`'s `Directions` is left out there: one of its videos is damaged.
- `data_2d_h36m_<what>.npz`: `positions_2d`, a pickled dict subject -> action -> a list of four
  arrays (F, J, 2) in pixels, one a camera in the order of `human36m_cameras.CAMERA_IDS`. J is 17 in
  the order of `h36m17`, or 16 in that of MPII (`sh_*`, Stacked Hourglass). Detections may run on
  for a few frames after the motion's end. `metadata`, on symmetric joints, is not needed.
- Neither holds cameras: those stand in its code.
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Any, cast

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.human36m_joints import FPS, H36M17, moving_joints
from vvipe.formats.plain_pickle import load_object
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import get_skeleton

Motion = tuple[str, str]  # subject, action
_MPII16 = get_skeleton("mpii16")


@lru_cache(maxsize=1)
def read_videopose_3d(path: Path) -> dict[Motion, Poses3D]:
    """Reads `data_3d_h36m.npz`: (subject, action) -> (F, 17, 3) h36m17, world, metres.

    Raises:
        VvipeError: Damaged, or not of this form.
    """
    return {
        motion: Poses3D(
            moving_joints(_numbers(values, 3, where), where), H36M17, fps=FPS, source=where
        )
        for motion, values, where in _motions(path, "positions_3d")
    }


@lru_cache(maxsize=1)
def read_videopose_2d(path: Path) -> dict[Motion, tuple[Poses2D, ...]]:
    """Reads `data_2d_h36m_*.npz`: (subject, action) -> (F, J) keypoints, one for each camera.

    Raises:
        VvipeError: Damaged, or not of this form.
    """
    return {
        motion: tuple(_keypoints(v, f"{where} camera {i}") for i, v in enumerate(_views(views)))
        for motion, views, where in _motions(path, "positions_2d")
    }


def _motions(path: Path, name: str) -> list[tuple[Motion, Any, str]]:
    subjects = load_object(path, name)
    if not _is_dict(subjects) or not all(_is_dict(v) for v in subjects.values()):
        raise VvipeError(
            f"{name} is not of VideoPose3D's form", where=path,
            expected="a dict subject -> action -> positions",
        )  # fmt: skip
    return [
        ((str(subject), str(action)), values, f"{path}: {subject} {action}")
        for subject, actions in subjects.items()
        for action, values in actions.items()
    ]


def _is_dict(value: object) -> bool:
    return isinstance(value, dict)


def _views(values: Any) -> list[Any]:
    return list(values) if isinstance(values, list | tuple | np.ndarray) else [values]


def _keypoints(values: Any, where: str) -> Poses2D:
    coords = _numbers(values, 2, where)
    if coords.shape[1] == len(_MPII16):
        return Poses2D(coords, _MPII16, fps=FPS, source=where)
    return Poses2D(moving_joints(coords, where), H36M17, fps=FPS, source=where)


def _numbers(values: Any, width: int, where: str) -> np.ndarray:
    """(F, J, width) numbers; a further column, a confidence, is left out."""
    if not isinstance(values, np.ndarray) or values.dtype.kind not in "fiu":
        raise VvipeError("not an array of numbers", where=where, got=type(values).__name__)
    array = cast(np.ndarray, values)
    if array.ndim != 3 or array.shape[-1] < width:
        raise VvipeError(
            "wrong shape", where=where, expected=f"(frames, joints, {width})", got=array.shape
        )
    return array[..., :width]
