"""Human3.6M's own files: one motion each, in NASA's Common Data Format.

Fields (vision.imar.ro/human3.6m; read so by VideoPose3D's `prepare_data_h36m.py` and MMPose's
`preprocess_h36m.py`): the variable `Pose`, (1, F, 96) in `S*/MyPoseFeatures/D3_Positions*` and
(1, F, 64) in `D2_Positions`: 32 joints × 3 in millimetres or × 2 in pixels, 50 Hz. `D3_Positions`
is in the world (z up), `D3_Positions_mono`, one file a camera, in the camera's frame.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.extras import need
from vvipe.formats.format import DEFAULTS, Format, Poses, ReadOptions
from vvipe.formats.human36m_joints import FPS, H36M17, moving_joints
from vvipe.poses import Poses2D, Poses3D

_MAGIC = (b"\xcd\xf3\x00\x01", b"\xcd\xf2\x60\x02", b"\x00\x00\xff\xff")  # CDF 3, 2.6, 2.5
_WIDTHS = {96: 3, 64: 2}


def read_human36m_cdf(path: Path, options: ReadOptions = DEFAULTS) -> Poses:
    """Reads one motion on h36m17; 3D in metres, world frame, or the camera's in a `*_mono` folder.

    Raises:
        VvipeError: No cdflib, a damaged file, or one that holds no poses.
    """
    cdflib = need("cdflib", "datasets", path)
    try:
        values = np.asarray(cdflib.CDF(str(path)).varget("Pose"))
    except Exception as error:  # cdflib raises nearly anything for a damaged file
        raise VvipeError(
            "no CDF file of Human3.6M, or damaged", where=path, expected="a variable 'Pose'",
            got=str(error) or type(error).__name__,
        ) from None  # fmt: skip
    dims = _WIDTHS.get(values.shape[-1] if values.ndim else 0)
    if dims is None or not np.issubdtype(values.dtype, np.number):
        raise VvipeError(
            "not positions", where=path, expected="'Pose' of (1, frames, 96 or 64)",
            got=values.shape,
        )  # fmt: skip
    coords = moving_joints(values.reshape(-1, values.shape[-1] // dims, dims), path)
    if dims == 2:
        return Poses2D(coords, H36M17, fps=FPS, source=str(path))
    frame = "camera" if "mono" in path.parent.name.lower() else "world"
    return Poses3D(coords / 1000, H36M17, fps=FPS, source=str(path), frame_of_reference=frame)


def _sniff(path: Path) -> bool:
    if not path.is_file():
        return False
    with path.open("rb") as file:
        return file.read(4) in _MAGIC


HUMAN36M_CDF = Format("Human3.6M CDF", (".cdf",), _sniff, read_human36m_cdf)
