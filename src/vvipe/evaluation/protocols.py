"""Test sets: which poses, seen by which cameras, compared in which pairs."""

from __future__ import annotations

import difflib
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import permutations
from pathlib import Path

import numpy as np

from vvipe.datasets import Clip, bandai_namco_catalogue, cmu_catalogue, data_hash
from vvipe.errors import VvipeError
from vvipe.geometry.cameras import Camera, stand_on_floor
from vvipe.geometry.keypoints import COLUMNS, KEYPOINTS
from vvipe.geometry.layouts import HUMAN36M, HUMAN36M_FOURTH, MPI_INF_3DHP, Layout, random_layout
from vvipe.geometry.matching import drop_near_duplicates, match_matrix
from vvipe.geometry.rig import CalibratedCamera, Rig
from vvipe.poses import Poses2D
from vvipe.skeletons import get_skeleton

FPS = 30.0
DUPLICATE_RADIUS = 0.02  # matching distance, torso lengths
_H36M17 = get_skeleton("h36m17")

Pair = tuple[int, int]


@dataclass(frozen=True, eq=False)
class Protocol:
    """Poses, the cameras that see them, and the pairs of cameras between which is searched.

    Attributes:
        name: Such as `cmu-seen`.
        poses: (N, 17, 3) h36m17, world frame, metres, heading as recorded; for a layout, hip above
            the origin and lowest joint on the floor; for a rig, where they were recorded.
        layout: The cameras: a layout, aimed at the pelvis of each pose, or the ones that recorded.
        groups: Views -> ordered pairs of cameras (query, searched); none where only lifting is
            measured.
        files: The files that the poses come from.
        detections: What a detector found in each camera's images, (N, 13) keypoints, if anything.
    """

    name: str
    poses: np.ndarray
    layout: Layout | Rig
    groups: Mapping[str, tuple[Pair, ...]]
    files: tuple[Path, ...] = ()
    detections: tuple[Poses2D, ...] = ()

    @cached_property
    def match_distances(self) -> np.ndarray:
        """(N, N) matching distance of pose j, found, to pose i, the query; see `match_matrix`."""
        return match_matrix(self.poses)

    @cached_property
    def data_hash(self) -> str:
        """Hash of the files."""
        return data_hash(self.files)

    def camera(self, index: int) -> Camera:
        """One camera, N times; that of a layout follows each pose's pelvis."""
        return self.layout.camera(index, self.poses[:, _H36M17.index("hip")])


def project(protocol: Protocol, camera_index: int) -> Poses2D:
    """What one camera sees of every pose: coco13 keypoints, all visible, without noise.

    Where the protocol holds detections, those. The keypoints of calibrated cameras are shifted and
    scaled to the focal length that lifting assumes; retrieval does not depend on either.
    """
    if protocol.detections:
        return protocol.detections[camera_index]
    camera = protocol.camera(camera_index)
    keypoints = camera.project(protocol.poses[:, COLUMNS])
    if isinstance(camera, CalibratedCamera):
        keypoints = camera.standardised(keypoints)
    source = f"{protocol.name} camera {camera_index}"
    return Poses2D(keypoints, KEYPOINTS, source=source, image_size=camera.size_px)


def evenly(count: int, most: int) -> np.ndarray:
    """At most `most` of the numbers below `count`, evenly spread."""
    return np.linspace(0, count - 1, min(most, count)).round().astype(int)


def thinned(protocol: Protocol, most: int) -> Protocol:
    """At most so many of the poses of a protocol that has a layout, evenly spread."""
    return replace(protocol, poses=protocol.poses[evenly(len(protocol.poses), most)])


def camera_pairs(layout: Layout | Rig, unseen: bool = False) -> tuple[Pair, ...]:
    """Ordered pairs of different cameras; with `unseen`, a chest camera and one that is not."""
    pairs = permutations(range(len(layout)), 2)
    return tuple(
        (a, b) for a, b in pairs if not unseen or bool(layout.chest[a]) != bool(layout.chest[b])
    )


@dataclass(frozen=True)
class _Recipe:
    folder: str
    catalogue: Callable[[Path], tuple[Clip, ...]]
    split: str
    cameras: Layout | int  # or how many to draw at random
    most: int | None = None


_RECIPES = {
    "cmu-seen": _Recipe("cmu", cmu_catalogue, "test", HUMAN36M),
    "cmu-cross": _Recipe("bandai_namco_2", bandai_namco_catalogue, "test", MPI_INF_3DHP, 2000),
    "val-seen": _Recipe("cmu", cmu_catalogue, "validation", 4, 1000),
    "val-cross": _Recipe("bandai_namco_2", bandai_namco_catalogue, "validation", 6, 1000),
    "cmu-view": _Recipe("cmu", cmu_catalogue, "test", HUMAN36M_FOURTH),
}


# Built in `official.py`; their files come with a licence that each user obtains.
_OFFICIAL = (
    "h36m", "h36m-detected", "h36m-lifting", "h36m-lifting-detected", "3dhp", "3dhp-lifting",
)  # fmt: skip


def protocol_names(licensed: bool = True) -> tuple[str, ...]:
    """Names of all protocols; `val-*` are for choices, the others for the tables alone.

    Args:
        licensed: With those on Human3.6M and MPI-INF-3DHP.
    """
    return (*_RECIPES, *(_OFFICIAL if licensed else ()))


def load_protocol(name: str, data_root: str | os.PathLike[str], seed: int = 0) -> Protocol:
    """Reads a protocol's poses, at 30 Hz, near-duplicates removed.

    - `cmu-seen`: CMU's test subjects, the four Human3.6M cameras.
    - `cmu-view`: the same, the fourth of the cameras alone, for lifting by what was trained on the
      three others (`views.own`): MPJPE as in Protocol 3 of Human3.6M.
    - `cmu-cross`: Bandai-Namco's test clips, 2,000 poses evenly spaced among those that stay, the
      eleven MPI-INF-3DHP cameras; views `all`, and `unseen`, a chest camera with another.
    - `val-seen`, `val-cross`: the validation clips of the two, at most 1,000 poses, four and six
      random cameras.
    - `h36m`: Human3.6M's S9 and S11 at 25 Hz, at most 12,000 poses, the cameras that recorded them.
    - `h36m-detected`: the same, with the keypoints that VideoPose3D's files hold.
    - `h36m-lifting`, `h36m-lifting-detected`: every fifth frame of S9 and S11, near-duplicates
      included, for lifting alone: MPJPE is Protocol 1, PA-MPJPE 2 and N-MPJPE 3.
    - `3dhp`: MPI-INF-3DHP's S1 to S8 at 25 Hz, at most 12,000 poses, the eleven cameras that are
      not overhead; views `all`, and `unseen`, a chest camera with another.
    - `3dhp-lifting`: the valid frames of its test set, for lifting alone.

    Args:
        name: One of `protocol_names()`.
        data_root: The folder that holds `cmu` and `bandai_namco_2`, `human36m`, `mpi_inf_3dhp`.
        seed: Of the random cameras.

    Raises:
        VvipeError: No such protocol, or its data is not there or damaged.
    """
    if name in _OFFICIAL:
        from vvipe.evaluation.official import load_official  # it builds on this module

        return load_official(name, Path(data_root))
    recipe = _recipe(name)
    clips = _clips(recipe, Path(data_root))
    poses = np.concatenate([c.poses(FPS).to_skeleton(_H36M17).positions for c in clips])
    poses = poses[drop_near_duplicates(poses, DUPLICATE_RADIUS)]
    if recipe.most is not None:
        poses = poses[evenly(len(poses), recipe.most)]
    layout = recipe.cameras
    if isinstance(layout, int):
        layout = random_layout(layout, np.random.default_rng(seed))
    groups = {"all": camera_pairs(layout)} if len(layout) > 1 else {}
    if layout is MPI_INF_3DHP:
        groups["unseen"] = camera_pairs(layout, unseen=True)
    files = tuple(dict.fromkeys(c.path for c in clips))
    return Protocol(name, stand_on_floor(poses, _H36M17.index("hip")), layout, groups, files)


def check_protocol(name: str, data_root: str | os.PathLike[str]) -> None:
    """Tells within a moment, before hours of training, whether a protocol's clips are there.

    Raises:
        VvipeError: No such protocol, or no clips for it; licensed data is not looked for.
    """
    if name not in _OFFICIAL:
        _clips(_recipe(name), Path(data_root))


def _clips(recipe: _Recipe, data_root: Path) -> list[Clip]:
    folder = data_root / recipe.folder
    clips = [c for c in recipe.catalogue(folder) if c.split == recipe.split]
    if not clips:
        raise VvipeError(f"no {recipe.split} clips", where=folder, hint="run `make data`")
    return clips


def _recipe(name: str) -> _Recipe:
    if name in _RECIPES:
        return _RECIPES[name]
    near = difflib.get_close_matches(name.lower(), protocol_names(), n=1, cutoff=0.4)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(protocol_names())}"
    raise VvipeError(f"unknown protocol {name!r}", hint=hint)
