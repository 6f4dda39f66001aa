"""Videos and pictures: keypoints of one person, by the detector that is there."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.format import DEFAULTS, Format, ReadOptions
from vvipe.formats.keypoint_cache import detected
from vvipe.poses import Poses2D
from vvipe.skeletons import Skeleton, get_skeleton
from vvipe.video import Detections, identities, load_detector
from vvipe.video.picture import SUFFIXES as PICTURES
from vvipe.video.picture import is_picture

_SUFFIXES = (
    ".mp4", ".mov", ".m4v", ".mkv", ".webm", ".avi", ".mpg", ".mpeg", ".mts", ".wmv", ".gif",
)  # fmt: skip
_BOXES = (b"ftyp", b"moov", b"mdat", b"wide", b"free", b"skip")  # what MP4 and QuickTime begin with
_MAGIC = (
    b"\x1aE\xdf\xa3",  # Matroska, WebM
    b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3",  # MPEG
    b"0&\xb2u\x8ef\xcf\x11",  # WMV
    b"FLV\x01", b"GIF8",
)  # fmt: skip


def read_video(path: Path, options: ReadOptions = DEFAULTS) -> Poses2D:
    """Detects people, and gives the most prominent one, or the one of `options.person` (from 1).

    A damaged end is told to `options.on_error`. Results are kept in the cache.

    Raises:
        VvipeError: No detector, no video, nobody in it, or no such person.
    """
    found = detected(path, load_detector(), options.on_progress)
    if found.damage:
        options.on_error(VvipeError(found.damage, where=path))
    person = 1 if options.person is None else options.person
    return poses_of(found, who_is_who(found), path, person, options.skeleton)


def who_is_who(found: Detections) -> np.ndarray:
    """(M,) whose each detection is, from 1, the most prominent first.

    Of a detector that sees one person an image, all are one person's: whoever moved too fast to be
    followed, or was away, would else be lost.
    """
    if not found.several:
        return np.ones(len(found.row), np.int64)
    return identities(found.keypoints, found.row, found.time_s)


def poses_of(
    found: Detections, identity: np.ndarray, path: Path, person: int = 1,
    skeleton: Skeleton | None = None,
) -> Poses2D:  # fmt: skip
    """(T, J, 2) keypoints of one person, a row a frame, NaN where not seen.

    Raises:
        VvipeError: Nobody in the video, or no such person.
    """
    if not len(identity):
        raise VvipeError(
            "nobody is seen", where=path, expected=f"a person in {len(found.time_s)} frames",
            hint="of a camera mounted on its side, detect with --turn 90 or 270",
        )  # fmt: skip
    if not 1 <= person <= identity.max():
        raise VvipeError(f"no person {person}", where=path, expected=f"1 to {identity.max()}")
    rows = np.full((len(found.time_s), *found.keypoints.shape[1:]), np.nan, np.float32)
    rows[found.row[identity == person]] = found.keypoints[identity == person]
    return Poses2D(
        rows[..., :2], skeleton or get_skeleton(found.skeleton), source=str(path),
        confidence=np.nan_to_num(rows[..., 2]), image_size=found.image_size,
        stamp_s=found.time_s, fps=found.fps,
    )  # fmt: skip


def is_video(path: Path) -> bool:
    """Whether the content of a file begins like that of a video or a picture."""
    if not path.is_file():
        return False
    if is_picture(path):
        return True
    with path.open("rb") as file:
        head = file.read(400)
    quicktime = head[4:8] in _BOXES and head[0] == 0  # a box of less than 16 MB
    riff = head[:4] == b"RIFF" and head[8:12] == b"AVI "
    transport = {head[0:377:188], head[4:389:192]} & {b"GGG"}  # a mark at each packet
    return bool(quicktime or riff or transport) or head.startswith(_MAGIC)


VIDEO = Format("video or picture", (*_SUFFIXES, *PICTURES), is_video, read_video, in_folders=False)
