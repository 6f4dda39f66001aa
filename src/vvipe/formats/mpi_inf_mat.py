"""MPI-INF-3DHP's own annotations: `annot.mat` for training, `annot_data.mat` for tests.

Fields (README.txt and `util/` of the data set; read so by MMPose's and SPIN's preprocessing):

- `S*/Seq*/annot.mat`, MATLAB 5: cells of one entry for each of 14 cameras, numbered in `cameras`
  from 0. `annot2` (F, 56): x1 y1 x2 y2 …, pixels. `annot3` (F, 84): x1 y1 z1 …, millimetres in the
  camera's frame (x right, y down, z forward); projected they are `annot2`. `univ_annot3` (F, 84):
  the same on a skeleton of one height for all people, which no longer projects onto `annot2`.
  `frames` (F, 1): the frame of each row. 28 joints. A few rows at the end may have no video frame.
- `TS*/annot_data.mat`, MATLAB 7.3: `annot2` (2, 17, 1, F), `annot3` and `univ_annot3` (3, 17, 1, F)
  in the same units and frame, `valid_frame` (1, F), `activity_annotation` (1, F), 17 joints.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.mat import load_mat
from vvipe.formats.mpi_inf_joints import MPI17, MPI28
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import Skeleton

_WIDTHS = {"annot2": 2, "annot3": 3, "univ_annot3": 3}


def read_annot(path: Path, field: str = "annot3") -> dict[int, Poses2D | Poses3D]:
    """Reads one field of `annot.mat`: camera number -> (F, 28) poses; 3D in metres, camera frame.

    Args:
        path: The file.
        field: `annot2`, `annot3` or `univ_annot3`.

    Raises:
        VvipeError: Damaged, or not of this form.
    """
    loaded = load_mat(path, field, "cameras")
    cells, cameras = loaded[field], np.ravel(np.asarray(loaded["cameras"]))
    if not isinstance(cells, list) or len(cells) != len(cameras):
        raise VvipeError(
            f"{field} does not fit cameras", where=path, expected=f"a cell of {len(cameras)}",
            got=f"a cell of {len(cells)}" if isinstance(cells, list) else "no cell",
        )  # fmt: skip
    return {
        int(camera): _poses(_rows(cell, field, path), MPI28, f"{path}: {field} camera {camera}")
        for camera, cell in zip(cameras, cells, strict=True)
    }


@dataclass(frozen=True, eq=False)
class MpiSequence:
    """A sequence of the test set, seen by one camera.

    Attributes:
        keypoints: (F, 17) pixels.
        poses: (F, 17) metres, camera frame.
        valid: (F,) bool, the frames that the authors evaluate.
        activity: (F,) 1 to 7: stand or walk, exercise, sit, reach or crouch, on the floor, sports,
            other.
    """

    keypoints: Poses2D
    poses: Poses3D
    valid: np.ndarray
    activity: np.ndarray


def read_annot_data(path: Path, field: str = "annot3") -> MpiSequence:
    """Reads `annot_data.mat` of the test set.

    Args:
        path: The file.
        field: `annot3` or `univ_annot3`.

    Raises:
        VvipeError: Damaged, or not of this form.
    """
    loaded = load_mat(path, "annot2", field, "valid_frame", "activity_annotation")
    flat, solid = (_frames(np.asarray(loaded[k]), k, path) for k in ("annot2", field))
    valid, activity = (
        np.ravel(np.asarray(loaded[k])).astype(int) for k in ("valid_frame", "activity_annotation")
    )
    if len({len(flat), len(solid), len(valid), len(activity)}) > 1:
        raise VvipeError(
            "fields of different length", where=path,
            got=f"{len(flat)}, {len(solid)}, {len(valid)} and {len(activity)} frames",
        )  # fmt: skip
    keypoints = Poses2D(flat, MPI17, source=str(path))
    return MpiSequence(
        keypoints, Poses3D(solid / 1000, MPI17, source=str(path), frame_of_reference="camera"),
        valid == 1, activity,
    )  # fmt: skip


def _rows(cell: np.ndarray, field: str, path: Path) -> np.ndarray:
    width = _WIDTHS[field]
    if cell.ndim != 2 or cell.shape[1] != len(MPI28) * width or cell.dtype.kind not in "fiu":
        raise VvipeError(
            f"wrong shape of {field}", where=path, expected=f"(frames, {len(MPI28) * width})",
            got=cell.shape,
        )  # fmt: skip
    return cell.reshape(len(cell), len(MPI28), width)


def _frames(values: np.ndarray, field: str, path: Path) -> np.ndarray:
    width = _WIDTHS[field]
    if values.shape[:2] != (width, len(MPI17)) or values.dtype.kind not in "fiu":
        raise VvipeError(
            f"wrong shape of {field}", where=path,
            expected=f"({width}, {len(MPI17)}, 1, frames)", got=values.shape,
        )  # fmt: skip
    return values.T.reshape(-1, len(MPI17), width)


def _poses(coords: np.ndarray, skeleton: Skeleton, source: str) -> Poses2D | Poses3D:
    if coords.shape[-1] == 2:
        return Poses2D(coords, skeleton, source=source)
    return Poses3D(coords / 1000, skeleton, source=source, frame_of_reference="camera")
