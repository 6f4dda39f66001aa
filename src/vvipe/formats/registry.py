"""All formats, and which of them a file is in."""

from __future__ import annotations

from pathlib import Path

from vvipe.errors import VvipeError
from vvipe.formats.alphapose import ALPHAPOSE
from vvipe.formats.asf_amc import ASF_AMC
from vvipe.formats.bvh import BVH
from vvipe.formats.c3d import C3D
from vvipe.formats.coco import COCO
from vvipe.formats.csv_poses import CSV
from vvipe.formats.format import Format
from vvipe.formats.human36m_cdf import HUMAN36M_CDF
from vvipe.formats.json_poses import JSON_POSES
from vvipe.formats.mediapipe import MEDIAPIPE
from vvipe.formats.mmpose_json import MMPOSE_JSON
from vvipe.formats.mmpose_npz import MMPOSE_NPZ
from vvipe.formats.npz import NPZ
from vvipe.formats.openpose import OPENPOSE
from vvipe.formats.parquet import PARQUET
from vvipe.formats.text import read_head
from vvipe.formats.trc import TRC
from vvipe.formats.ultralytics import ULTRALYTICS
from vvipe.formats.video import VIDEO

FORMATS: tuple[Format, ...] = (
    BVH, ASF_AMC, TRC, C3D, OPENPOSE, COCO, ALPHAPOSE, MMPOSE_JSON, ULTRALYTICS, MEDIAPIPE,
    JSON_POSES, CSV, NPZ, MMPOSE_NPZ, PARQUET, HUMAN36M_CDF, VIDEO,
)  # fmt: skip
SUFFIXES = frozenset(s for f in FORMATS if f.in_folders for s in f.suffixes)


def format_of(path: Path) -> Format:
    """The one format that the content of a file or folder is in.

    Raises:
        VvipeError: There is nothing at the path, or no format or more than one fits.
    """
    _check_content(path)
    fits = [f for f in FORMATS if f.sniff(path)]
    if len(fits) == 1:
        return fits[0]
    known = ", ".join(f.name for f in FORMATS)
    if fits:
        names = " and ".join(f.name for f in fits)
        raise VvipeError(f"could be {names}", where=path, expected="the content of one format")
    if path.is_dir():
        raise VvipeError(
            "not a folder of OpenPose JSON", where=path,
            hint=f"name one file in it; files understood: {known}",
        )  # fmt: skip
    raise VvipeError("the format is not recognised", where=path, expected=f"one of {known}")


def _check_content(path: Path) -> None:
    if not path.exists():
        raise VvipeError("no such file or folder", where=path)
    try:
        empty = not any(path.iterdir()) if path.is_dir() else not read_head(path, 1)
    except OSError as error:
        raise VvipeError(f"cannot be read ({error.strerror})", where=path) from error
    if empty:
        raise VvipeError(f"the {'folder' if path.is_dir() else 'file'} is empty", where=path)
