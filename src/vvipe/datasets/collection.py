"""Which collection a folder to be trained on holds."""

from __future__ import annotations

import os
from pathlib import Path

from vvipe.datasets.clip import Clip
from vvipe.datasets.cmu import PARTS as CMU_PARTS
from vvipe.datasets.cmu import cmu_catalogue
from vvipe.datasets.folder import folder_catalogue
from vvipe.datasets.human36m import human36m_catalogue
from vvipe.errors import VvipeError

_HUMAN36M = ("data_3d_h36m.npz", "S*/MyPoseFeatures", "h36m_*.npz", "annotation_body3d")


def catalogue(root: str | os.PathLike[str]) -> tuple[Clip, ...]:
    """The clips of a folder with Human3.6M, in any of its forms, with CMU, or of one's own.

    Raises:
        VvipeError: As the catalogue of that collection.
    """
    root = Path(root)
    if _is_human36m(root):
        return human36m_catalogue(root)
    if _is_cmu(root):
        return cmu_catalogue(root)
    for known in ("cmu", "human36m"):
        if (root / known).is_dir():  # beside it may lie what is kept to test with
            raise VvipeError("a folder of collections", where=root, hint=f"name {root / known}")
    return folder_catalogue(root)


def is_collection(root: str | os.PathLike[str]) -> bool:
    """Whether a folder holds Human3.6M or CMU, of which is known what is kept to test with."""
    return _is_human36m(Path(root)) or _is_cmu(Path(root))


def kind_of(root: str | os.PathLike[str]) -> str:
    """What a folder holds, in two words."""
    if _is_human36m(Path(root)):
        return "Human3.6M"
    return "CMU mocap" if _is_cmu(Path(root)) else "own mocap"


def _is_human36m(root: Path) -> bool:
    return any(any(root.glob(pattern)) for pattern in _HUMAN36M)


def _is_cmu(root: Path) -> bool:
    return any((root / part).is_dir() for part in CMU_PARTS)
