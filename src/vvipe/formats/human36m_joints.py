"""Human3.6M's 32 joints: fifteen of them stand twice or do not move, seventeen are `h36m17`.

Source: the joint names of Martinez et al. 2017 (3d-pose-baseline, `data_utils.py`), and the columns
that VideoPose3D's `h36m_dataset.py` and MMPose's `preprocess_h36m.py` keep; all three agree.
"""

from __future__ import annotations

import numpy as np

from vvipe.errors import VvipeError
from vvipe.skeletons import get_skeleton

FPS = 50.0
H36M17 = get_skeleton("h36m17")
_ALL = 32
_COLUMN = dict(
    zip(H36M17.joints, (0, 1, 2, 3, 6, 7, 8, 12, 13, 14, 15, 17, 18, 19, 25, 26, 27), strict=True)
)


def moving_joints(coords: np.ndarray, where: object) -> np.ndarray:
    """(F, 32 or 17, D) coordinates in the files' order as (F, 17, D) of `h36m17`.

    Raises:
        VvipeError: Neither 32 nor 17 joints.
    """
    if coords.ndim == 3 and coords.shape[1] == len(H36M17):
        return coords
    if coords.ndim != 3 or coords.shape[1] != _ALL:
        raise VvipeError(
            "wrong shape", where=where, expected="(frames, 32 or 17 joints, 2 or 3)",
            got=coords.shape,
        )  # fmt: skip
    return coords[:, [_COLUMN[joint] for joint in H36M17.joints]]
