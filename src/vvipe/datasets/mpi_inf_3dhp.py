"""MPI-INF-3DHP (Mehta et al. 2017): eight people, two sequences each, fourteen cameras.

Here it is a test set: nothing is trained on it. Of the cameras, 11 to 13 hang from the ceiling and
are left out; five of the others stand at chest height. Frame rates, numbers of frames and camera
sets are those of the data set's `util/mpii_get_sequence_info.m` and `mpii_get_camera_set.m` (sets
`relevant` and `mm3d_chest`). In S4's Seq2, left and right are said to be swapped in the frames
3759 to 5852 (Véges and Lőrincz); they are read as the data set has them.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from vvipe.datasets.clip import Clip
from vvipe.datasets.recording import Origin, Recording
from vvipe.errors import VvipeError
from vvipe.formats.camera_calibration import read_camera_calibration
from vvipe.formats.mpi_inf_mat import MpiSequence, read_annot, read_annot_data
from vvipe.geometry.rig import CalibratedCamera
from vvipe.poses import Poses3D

CAMERAS = tuple(range(11))
CHEST = (0, 2, 4, 7, 8)
ORIGIN = Origin(
    "MPI-INF-3DHP",
    "the Max Planck Institute for Informatics gives it for research, with a script that downloads "
    "it, at https://vcai.mpi-inf.mpg.de/3dhp-dataset",
)
# Frames of the videos; the annotations may run on for a few more.
_FRAMES = {
    "S1/Seq1": 6416, "S1/Seq2": 12430, "S2/Seq1": 6502, "S2/Seq2": 6081,
    "S3/Seq1": 12488, "S3/Seq2": 12283, "S4/Seq1": 6171, "S4/Seq2": 6675,
    "S5/Seq1": 12820, "S5/Seq2": 12312, "S6/Seq1": 6188, "S6/Seq2": 6145,
    "S7/Seq1": 6239, "S7/Seq2": 6320, "S8/Seq1": 6468, "S8/Seq2": 6054,
}  # fmt: skip
_FAST = ("S1/Seq2", "S3/Seq1", "S3/Seq2", "S5/Seq1", "S5/Seq2")  # 50 Hz, the others 25
_TEST_FOLDER = "mpi_inf_3dhp_test_set"
_TEST_SUBJECTS = tuple(f"TS{i}" for i in range(1, 7))
_AGREE_M = 0.05


def mpi_inf_3dhp_catalogue(root: str | os.PathLike[str]) -> tuple[Clip, ...]:
    """Lists the sixteen sequences `S*/Seq*`; `Clip.poses` gives metres, world frame, z up.

    Raises:
        VvipeError: No folder, or `annot.mat` or `camera.calibration` of a sequence is missing; the
            message names the file and where it is to be had.
    """
    root = ORIGIN.folder(Path(root))
    for name in _FRAMES:
        for file in ("annot.mat", "camera.calibration"):
            if not (root / name / file).is_file():
                raise ORIGIN.missing("no such file", root / name / file)
    return tuple(
        Clip(
            name, name.partition("/")[0], root / name / "annot.mat", "test",
            50.0 if name in _FAST else 25.0, number=name[-1], load=partial(_load, root, name),
        )
        for name in _FRAMES
    )  # fmt: skip


def mpi_inf_3dhp_recordings(
    root: str | os.PathLike[str], fps: float | None = None
) -> Iterator[Recording]:
    """The sequences with the eleven cameras that are not overhead, in the order of `CAMERAS`.

    Args:
        root: The folder with `S1` to `S8`.
        fps: Frames per second wanted; None takes every frame.

    Raises:
        VvipeError: As `mpi_inf_3dhp_catalogue`; a damaged file; a calibration of another sequence.
    """
    for clip in mpi_inf_3dhp_catalogue(root):
        calibration = clip.path.parent / "camera.calibration"
        cameras = _cameras(calibration)
        recording = Recording(
            clip.name, (clip.path, calibration), clip.poses(None),
            tuple(cameras[c] for c in CAMERAS),
        )  # fmt: skip
        yield recording.every(clip.step(fps))


def mpi_inf_3dhp_test_set(root: str | os.PathLike[str]) -> Iterator[tuple[Path, MpiSequence]]:
    """The six sequences `TS*/annot_data.mat` of the test set, one camera each.

    Args:
        root: The folder `mpi_inf_3dhp_test_set`, or the one that holds it.

    Raises:
        VvipeError: No folder, a sequence is missing, or a damaged file.
    """
    root = ORIGIN.folder(Path(root))
    if (root / _TEST_FOLDER).is_dir():
        root = root / _TEST_FOLDER
    paths = [root / subject / "annot_data.mat" for subject in _TEST_SUBJECTS]
    for path in paths:
        if not path.is_file():
            raise ORIGIN.missing("no such file", path)
    for path in paths:
        yield path, read_annot_data(path)


def _load(root: Path, name: str) -> Poses3D:
    """What camera 0 saw, put into the world; another camera must have seen the same."""
    path = root / name / "annot.mat"
    cameras, seen = _cameras(path.parent / "camera.calibration"), read_annot(path)
    views = {c: p for c, p in seen.items() if c in CAMERAS and isinstance(p, Poses3D)}
    for camera in CAMERAS:
        if camera not in views:
            raise VvipeError(f"camera {camera} is missing", where=path)
    frames = min(_FRAMES[name], *(len(p) for p in views.values()))
    world, other = (_in_world(views[c][:frames], cameras[c]) for c in (CAMERAS[0], CAMERAS[-1]))
    apart = np.linalg.norm(world.positions - other.positions, axis=-1).mean()
    if not apart < _AGREE_M:
        raise VvipeError(
            "the cameras disagree on where the joints are", where=path.parent,
            expected="camera.calibration of the same sequence", got=f"{apart:.2f} m apart",
        )  # fmt: skip
    return replace(world, fps=50.0 if name in _FAST else 25.0, source=str(path))


def _in_world(poses: Poses3D, camera: CalibratedCamera) -> Poses3D:
    positions = camera.to_world(poses.positions.astype(np.float64))
    return replace(poses, coords=positions, frame_of_reference="world")


def _cameras(path: Path) -> dict[int, CalibratedCamera]:
    cameras = read_camera_calibration(path)
    for camera in CAMERAS:
        if camera not in cameras:
            raise VvipeError(f"camera {camera} is missing", where=path)
    return cameras
