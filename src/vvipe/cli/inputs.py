"""Checks and reading that many verbs share; numpy is loaded when poses are read."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from vvipe.cli.terminal import left_out, note
from vvipe.errors import VvipeError

if TYPE_CHECKING:
    from vvipe.formats.format import Poses

# What poses are written to.
POSE_SUFFIXES = (".npz", ".parquet", ".json", ".csv", ".bvh", ".trc", ".c3d")
PICTURE_SUFFIXES = (".png", ".pdf", ".svg")
FILMS = (".mp4", ".gif")
WIDTHS_MM = (20.0, 1000.0)  # a page's column, a poster


def check_output(path: Path, suffixes: Collection[str], *inputs: Path) -> None:
    """Finds out before the work begins that the result could not be written.

    Raises:
        VvipeError: Wrong suffix, a folder, or one of the inputs.
    """
    if path.suffix.lower() not in suffixes:
        known = ", ".join(suffixes)
        raise VvipeError("unknown suffix", where=path, expected=known, got=path.suffix or "none")
    if path.is_dir():
        raise VvipeError("is a folder", where=path, expected="a file to write")
    if path.exists() and any(i.exists() and i.samefile(path) for i in inputs):
        raise VvipeError("would overwrite an input", where=path, hint="name another output")


def check_picture(path: Path | None, width_mm: float | None, *inputs: Path) -> None:
    """Finds out before the work begins that a picture could not be written.

    Raises:
        VvipeError: As `check_output`; a width without a picture, or out of range.
    """
    if path is not None:
        check_output(path, PICTURE_SUFFIXES, *inputs)
    low, high = WIDTHS_MM
    if width_mm is not None and not low <= width_mm <= high:
        raise VvipeError("--width-mm out of range", expected=f"{low:g} to {high:g}", got=width_mm)


def read_rows(
    path: Path,
    skeleton: str | None = None,
    *,
    person: int | None = None,
    image_size: tuple[int, int] | None = None,
) -> Poses:
    """Poses of a file, OpenPose folder or video, leading dimensions made one: (N, J, 2 or 3).

    Damaged frames are told on standard error; their rows are NaN. So is how far people have been
    detected in a video.
    """
    from vvipe.cli.detection_progress import detection_progress
    from vvipe.formats import read
    from vvipe.formats.columns import as_rows

    with detection_progress() as show:
        found = read(
            path, skeleton=skeleton, person=person, image_size=image_size,
            on_error=left_out, on_progress=show,
        )  # fmt: skip
    return as_rows(found)


def size_in_pixels(text: str | None) -> tuple[int, int] | None:
    """Width and height of `WIDTHxHEIGHT`.

    Raises:
        VvipeError: Something else.
    """
    if text is None:
        return None
    width, cross, height = text.partition("x")
    if not (cross and width.isdigit() and height.isdigit() and int(width) and int(height)):
        raise VvipeError("--image-size is not WIDTHxHEIGHT", got=text, hint="such as 1920x1080")
    return int(width), int(height)


def pick_frame(poses: Poses, frame: int | None) -> Poses:
    """The poses of one frame number, as one row; all rows for None.

    Raises:
        VvipeError: No such frame.
    """
    if frame is None:
        return poses
    row = row_of_frame(poses, frame)
    return poses[row : row + 1]


def row_of_frame(poses: Poses, frame: int) -> int:
    """The first row with a frame number.

    Raises:
        VvipeError: No such frame.
    """
    from vvipe.formats.columns import frame_of_rows

    frames = frame_of_rows(poses)
    rows = (frames == frame).nonzero()[0]
    if not len(rows):
        known = f"{frames.min()} to {frames.max()}"
        raise VvipeError(f"no frame {frame}", where=poses.source, expected=known)
    return int(rows[0])


def with_sides_right(model: Any, poses: Any) -> tuple[Any, int]:
    """As `sides_put_right`, told on standard error; and of how many frames."""
    from vvipe.models.sides import sides_put_right

    poses, swapped = sides_put_right(model, poses)
    if swapped.any():
        note(f"{poses.source}: left and right put right in {swapped.sum()} of {len(poses)} frames")
    return poses, int(swapped.sum())
