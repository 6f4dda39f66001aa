"""The three forms in which Human3.6M is met: VideoPose3D's npz, its own CDF, MMPose's npz."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path

import numpy as np

from vvipe.datasets.human36m_cameras import CAMERA_IDS, human36m_cameras
from vvipe.datasets.recording import Origin
from vvipe.errors import VvipeError
from vvipe.formats.human36m_cdf import read_human36m_cdf
from vvipe.formats.human36m_joints import FPS, H36M17
from vvipe.formats.mmpose_npz import read_mmpose_npz
from vvipe.formats.videopose3d import Motion, read_videopose_3d
from vvipe.poses import Poses3D

SUBJECTS = {"train": ("S1", "S5", "S6", "S7", "S8"), "test": ("S9", "S11")}
ORIGIN = Origin(
    "Human3.6M",
    "its owners give it to those who register at http://vision.imar.ro/human3.6m ('D3 Positions' "
    "of each subject); VideoPose3D's DATASETS.md tells how to make data_3d_h36m.npz of it",
)
_CDF = "{}/MyPoseFeatures/D3_Positions"
_CDFS_A_SUBJECT = 30
_ACTIONS = {"TakingPhoto": "Photo", "WalkingDog": "WalkDog"}  # as VideoPose3D calls them


@dataclass(frozen=True)
class Source:
    """Where a motion lies, how it is read (h36m17, metres, world), and its frame rate."""

    path: Path
    load: Callable[[], Poses3D]
    fps: float = FPS


def find_motions(root: Path) -> Mapping[Motion, Source]:
    """(subject, action) -> where it lies, from the first of the three forms that is there.

    Raises:
        VvipeError: None of them is there, or a folder of CDF files is not whole.
    """
    for form in (_videopose, _cdf, _mmpose):
        if found := form(root):
            return found
    raise ORIGIN.missing(
        "nothing of Human3.6M here", root,
        f"data_3d_h36m.npz, {_CDF.format('S1')}/*.cdf or h36m_test.npz",
    )  # fmt: skip


def _videopose(root: Path) -> dict[Motion, Source]:
    path = root / "data_3d_h36m.npz"
    if not path.is_file():
        return {}
    return {m: Source(path, partial(_from_videopose, path, m)) for m in read_videopose_3d(path)}


def _from_videopose(path: Path, motion: Motion) -> Poses3D:
    return read_videopose_3d(path)[motion]


def _cdf(root: Path) -> dict[Motion, Source]:
    found: dict[Motion, Source] = {}
    for subject in (*SUBJECTS["train"], *SUBJECTS["test"]):
        folder = root / _CDF.format(subject)
        files = sorted(folder.glob("*.cdf"))
        if files and len(files) != _CDFS_A_SUBJECT:
            raise ORIGIN.missing(
                f"{len(files)} files", folder, f"the {_CDFS_A_SUBJECT} of {subject}"
            )
        for path in files:
            action = path.stem
            for theirs, ours in _ACTIONS.items():
                action = action.replace(theirs, ours)
            found[subject, action] = Source(path, partial(_from_cdf, path))
    return found


def _from_cdf(path: Path) -> Poses3D:
    poses = read_human36m_cdf(path)
    if not isinstance(poses, Poses3D):
        raise VvipeError("2D positions", where=path, expected="positions in the world")
    return poses


def _mmpose(root: Path) -> dict[Motion, Source]:
    for folder in (root, *(root / "annotation_body3d" / rate for rate in ("fps50", "fps10"))):
        files = [p for split in SUBJECTS if (p := folder / f"h36m_{split}.npz").is_file()]
        if files:
            return {
                motion: Source(path, partial(_from_mmpose, path, motion), FPS / _step(path, rows))
                for path in files
                for motion, rows in _rows_of_motions(path).items()
            }
    return {}


_read_mmpose = lru_cache(maxsize=2)(read_mmpose_npz)


@lru_cache(maxsize=2)
def _rows_of_motions(path: Path) -> dict[Motion, np.ndarray]:
    """Rows of each motion, all cameras together."""
    file = _read_mmpose(path)
    names = np.char.add(np.char.add(file.subject, "/"), file.action)
    _, which, counts = np.unique(names, return_inverse=True, return_counts=True)
    groups = np.split(np.argsort(which, kind="stable"), np.cumsum(counts)[:-1])
    return {(str(file.subject[g[0]]), str(file.action[g[0]])): g for g in groups if len(g)}


def _step(path: Path, rows: np.ndarray) -> int:
    """Every which frame at 50 Hz the file has."""
    gaps = np.diff(np.unique(_read_mmpose(path).frame[rows]))
    return int(gaps.min()) if len(gaps) else 1


def _from_mmpose(path: Path, motion: Motion) -> Poses3D:
    """The frames that all four cameras have, as the first saw them, put back into the world."""
    file, rows, where = _read_mmpose(path), _rows_of_motions(path)[motion], " ".join(motion)
    of_camera = [rows[file.camera[rows] == camera] for camera in CAMERA_IDS]
    for camera, part in zip(CAMERA_IDS, of_camera, strict=True):
        if not len(part):
            raise VvipeError(f"camera {camera} is missing", where=f"{path}: {where}")
    frame = np.unique(file.frame[rows])
    for part in of_camera:
        frame = np.intersect1d(frame, file.frame[part])
    first = of_camera[0][np.argsort(file.frame[of_camera[0]])]
    first = first[np.isin(file.frame[first], frame)]
    camera, step = human36m_cameras(motion[0])[0], _step(path, rows)
    world = camera.to_world(file.poses.positions[first].astype(np.float64))
    return Poses3D(world, H36M17, frame // step, FPS / step, source=f"{path}: {where}")
