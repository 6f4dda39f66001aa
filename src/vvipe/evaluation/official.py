"""The protocols on Human3.6M and MPI-INF-3DHP, for those who hold the files.

Poses are seen by the cameras that recorded them. Ground-truth keypoints are the 3D joints put
through those cameras, lens included, which is what the data sets' own 2D annotations are; a joint
outside the image counts as seen. MPI-INF-3DHP marks no nose: it is synthesised in 3D, as for every
rig, before projection.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path

import numpy as np

from vvipe.datasets.human36m import human36m_recordings
from vvipe.datasets.mpi_inf_3dhp import (
    CAMERAS,
    CHEST,
    mpi_inf_3dhp_recordings,
    mpi_inf_3dhp_test_set,
)
from vvipe.datasets.recording import Recording
from vvipe.evaluation.protocols import DUPLICATE_RADIUS, FPS, Protocol, camera_pairs, evenly
from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.geometry.matching import drop_near_duplicates
from vvipe.geometry.rig import CalibratedCamera, Rig, fit_camera, pick_cameras, repeat_cameras
from vvipe.poses import Poses2D
from vvipe.skeletons import get_skeleton

LIFTING_FPS = 10.0  # every fifth frame of Human3.6M
MOST = 12_000  # poses to search, so that their distances to each other fit in memory
_H36M17 = get_skeleton("h36m17")
_H36M_CHEST = np.ones(4, bool)
_MPI_CHEST = np.isin(CAMERAS, CHEST)


def load_official(name: str, data_root: Path) -> Protocol:
    """Reads one of the protocols of `OFFICIAL`; see `load_protocol`."""
    return OFFICIAL[name](name, data_root)


def _human36m(name: str, data_root: Path, detected: bool = False) -> Protocol:
    recordings = human36m_recordings(data_root / "human36m", FPS, detected)
    return _searched(_joined(name, recordings, _H36M_CHEST))


def _human36m_lifting(name: str, data_root: Path, detected: bool = False) -> Protocol:
    recordings = human36m_recordings(data_root / "human36m", LIFTING_FPS, detected)
    return _joined(name, recordings, _H36M_CHEST)


def _mpi_inf_3dhp(name: str, data_root: Path) -> Protocol:
    recordings = mpi_inf_3dhp_recordings(data_root / "mpi_inf_3dhp", FPS)
    return _searched(_joined(name, recordings, _MPI_CHEST))


def _mpi_inf_3dhp_lifting(name: str, data_root: Path) -> Protocol:
    """The world is the camera's frame; its focal length is fitted to the annotations."""
    recordings = (
        Recording(
            path.parent.name, (path,), sequence.poses[sequence.valid],
            (fit_camera(sequence.poses.positions, sequence.keypoints.keypoints, (2048, 2048)),),
        )
        for path, sequence in mpi_inf_3dhp_test_set(data_root / "mpi_inf_3dhp")
    )  # fmt: skip
    return _joined(name, recordings, np.ones(1, bool))


Loader = Callable[[str, Path], Protocol]
OFFICIAL: Mapping[str, Loader] = {
    "h36m": _human36m,
    "h36m-detected": partial(_human36m, detected=True),
    "h36m-lifting": _human36m_lifting,
    "h36m-lifting-detected": partial(_human36m_lifting, detected=True),
    "3dhp": _mpi_inf_3dhp,
    "3dhp-lifting": _mpi_inf_3dhp_lifting,
}


def _joined(name: str, recordings: Iterable[Recording], chest: np.ndarray) -> Protocol:
    """All poses of all recordings, without pairs of cameras to search between."""
    parts = list(recordings)
    counts = [len(part.poses) for part in parts]
    poses = np.concatenate([part.poses.to_skeleton(_H36M17).positions for part in parts])
    cameras = tuple(
        repeat_cameras([part.cameras[i] for part in parts], counts) for i in range(len(chest))
    )
    detections = tuple(
        _standardised(camera, [part.detections[i] for part in parts], f"{name} camera {i}")
        for i, camera in enumerate(cameras)
        if parts[0].detections
    )
    files = tuple(dict.fromkeys(path for part in parts for path in part.files))
    return Protocol(name, poses, Rig(name, cameras, chest), {}, files, detections)


def _standardised(camera: CalibratedCamera, views: list[Poses2D], source: str) -> Poses2D:
    keypoints = np.concatenate([view.to_skeleton(KEYPOINTS).keypoints for view in views])
    return Poses2D(
        camera.standardised(keypoints), KEYPOINTS, source=source, image_size=camera.size_px
    )


def _searched(protocol: Protocol) -> Protocol:
    """Without near-duplicates, at most `MOST` evenly spaced among those that stay; the pairs."""
    rows = drop_near_duplicates(protocol.poses, DUPLICATE_RADIUS)
    rows = rows[evenly(len(rows), MOST)]
    rig = protocol.layout
    assert isinstance(rig, Rig)
    rig = replace(rig, cameras=tuple(pick_cameras(camera, rows) for camera in rig.cameras))
    groups = {"all": camera_pairs(rig)}
    if not rig.chest.all():
        groups["unseen"] = camera_pairs(rig, unseen=True)
    found = tuple(view[rows] for view in protocol.detections)
    return replace(
        protocol, poses=protocol.poses[rows], layout=rig, groups=groups, detections=found
    )
