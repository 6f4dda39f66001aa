"""MMPose's annotation npz of Human3.6M and MPI-INF-3DHP: a row for each image of each camera.

Fields (its `tools/dataset_converters/preprocess_h36m.py` and `preprocess_mpi_inf_3dhp.py`):
`imgname` (N), `part` (N, 17, 3): x, y in pixels and visibility, `S` (N, 17, 4): x, y, z in metres
in the camera's frame and visibility, `center` (N, 2) and `scale` (N) of the box, not needed.

- `h36m_train.npz` and `h36m_test.npz` (in `annotation_body3d/fps10` or `fps50`): joints of
  `h36m17`, from `D3_Positions_mono`. Names such as
  `S1/S1_Directions_1.54138969/S1_Directions_1.54138969_000001.jpg`: subject, action, camera, and
  the frame at 50 Hz counted from 1; `fps10` has every fifth.
- `mpi_inf_3dhp_train.npz` and `mpi_inf_3dhp_test_valid.npz`: 17 joints from `annot3`, of eight of
  the fourteen cameras. Names `S1_Seq1_Cam0_000001.jpg` and `TS1_000001.jpg`.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.format import Format, ReadOptions
from vvipe.formats.human36m_joints import H36M17
from vvipe.formats.mpi_inf_joints import MPI17
from vvipe.formats.npz import MMPOSE_NAMES, load_arrays, npz_names
from vvipe.poses import Poses2D, Poses3D

_H36M = re.compile(r"(?P<subject>S\d+)_(?P<action>.+)\.(?P<camera>\d+)_(?P<frame>\d+)\.\w+")
_MPI = re.compile(
    r"(?P<subject>T?S\d+)(?:_(?P<action>Seq\d)_Cam(?P<camera>\d+))?_(?P<frame>\d+)\.\w+"
)


@dataclass(frozen=True, eq=False)
class Annotations:
    """The rows of a file.

    Attributes:
        poses: (N, 17) metres, each in its own camera's frame.
        keypoints: (N, 17) pixels.
        subject: (N) text, such as `S9`.
        action: (N) text, with spaces as in Human3.6M's own names (`Directions 1`), or `Seq1`.
        camera: (N) text, the camera's number, empty in the test set of MPI-INF-3DHP.
        frame: (N) frame numbers from 0.
    """

    poses: Poses3D
    keypoints: Poses2D
    subject: np.ndarray
    action: np.ndarray
    camera: np.ndarray
    frame: np.ndarray


def read_mmpose_npz(path: Path) -> Annotations:
    """Reads an annotation file; whose it is, the image names tell.

    Raises:
        VvipeError: Damaged, or not of this form.
    """
    arrays = load_arrays(path, tuple(MMPOSE_NAMES))
    names = np.ravel(_field(arrays, "imgname", path)).astype(str)
    pattern, skeleton = (_H36M, H36M17) if "." in _stem(names) else (_MPI, MPI17)
    rows = [_parsed(pattern, name, path) for name in names]
    solid, flat = (_coords(_field(arrays, k, path), k, len(names), path) for k in ("S", "part"))
    columns = {k: np.array([row[k] or "" for row in rows]) for k in ("subject", "action", "camera")}
    frame = np.array([int(row["frame"]) - 1 for row in rows], int)
    return Annotations(
        Poses3D(solid[..., :3], skeleton, frame, source=str(path), frame_of_reference="camera"),
        Poses2D(flat[..., :2], skeleton, frame, source=str(path), confidence=flat[..., 2]),
        columns["subject"], np.char.replace(columns["action"], "_", " "), columns["camera"], frame,
    )  # fmt: skip


def _field(arrays: dict[str, Any], name: str, path: Path) -> np.ndarray:
    if arrays.get(name) is None:
        raise VvipeError(f"no array {name!r}", where=path, expected=", ".join(sorted(MMPOSE_NAMES)))
    return np.asarray(arrays[name])


def _stem(names: np.ndarray) -> str:
    """The first name without folders and suffix."""
    return Path(str(names[0])).stem if len(names) else ""


def _parsed(pattern: re.Pattern[str], name: str, path: Path) -> re.Match[str]:
    found = pattern.fullmatch(name.replace("\\", "/").rpartition("/")[2])
    if found is None:
        raise VvipeError("an image name that tells no camera", where=path, got=name)
    return found


def _coords(values: np.ndarray, name: str, rows: int, path: Path) -> np.ndarray:
    wanted = (rows, 17, 4 if name == "S" else 3)
    if values.shape != wanted or values.dtype.kind not in "fiu":
        raise VvipeError(f"wrong shape of {name}", where=path, expected=wanted, got=values.shape)
    return values


def _sniff(path: Path) -> bool:
    return path.is_file() and npz_names(path) >= MMPOSE_NAMES


def _read(path: Path, options: ReadOptions) -> Poses3D:
    return read_mmpose_npz(path).poses


MMPOSE_NPZ = Format("MMPose npz", (".npz",), _sniff, _read)
