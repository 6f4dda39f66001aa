"""People before cameras: what each sees of a motion."""

from __future__ import annotations

import numpy as np

from vvipe.geometry.cameras import stand_on_floor
from vvipe.geometry.keypoints import COLUMNS, KEYPOINTS
from vvipe.geometry.layouts import Layout
from vvipe.poses import Poses2D
from vvipe.skeletons import get_skeleton

_HIP = get_skeleton("h36m17").index("hip")


def filmed(positions: np.ndarray, layout: Layout, camera: int) -> Poses2D:
    """The keypoints that one camera of a layout sees, turned so that the person stays in view.

    Args:
        positions: (T, 17, 3) on h36m17, metres, z up; the person is stood at the layout's middle.
        layout: The cameras.
        camera: Which.
    """
    standing = stand_on_floor(np.asarray(positions, np.float32), _HIP)
    seen = layout.camera(camera, standing[:, _HIP]).project(standing[:, COLUMNS])
    return Poses2D(seen, KEYPOINTS, source=f"camera {camera}", image_size=layout.size_px)
