"""Which collection a folder to be trained on holds."""

from __future__ import annotations

import os
from pathlib import Path

from vvipe.datasets.clip import Clip
from vvipe.datasets.cmu import cmu_catalogue
from vvipe.datasets.human36m import human36m_catalogue

_HUMAN36M = ("data_3d_h36m.npz", "S*/MyPoseFeatures", "h36m_*.npz", "annotation_body3d")


def catalogue(root: str | os.PathLike[str]) -> tuple[Clip, ...]:
    """The clips of a folder with Human3.6M, in any of its forms, or else with CMU.

    Raises:
        VvipeError: As the catalogue of that collection.
    """
    is_human36m = any(any(Path(root).glob(pattern)) for pattern in _HUMAN36M)
    return human36m_catalogue(root) if is_human36m else cmu_catalogue(root)
