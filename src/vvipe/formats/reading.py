"""Reading of one file, and of a folder of files of mixed formats."""

from __future__ import annotations

from collections.abc import Iterator
from os import PathLike
from pathlib import Path

from vvipe.errors import VvipeError
from vvipe.formats.format import ErrorCallback, Poses, ProgressCallback, ReadOptions, warn
from vvipe.formats.openpose_folder import frame_files
from vvipe.formats.registry import SUFFIXES, format_of
from vvipe.formats.shards import Shard
from vvipe.formats.video import VIDEO
from vvipe.skeletons import Skeleton, get_skeleton


def read(
    path: str | PathLike[str],
    *,
    skeleton: str | Skeleton | None = None,
    person: int | None = None,
    unit: str | float | None = None,
    image_size: tuple[int, int] | None = None,
    on_error: ErrorCallback | None = None,
    on_progress: ProgressCallback | None = None,
) -> Poses:
    """Reads a file, or a folder of OpenPose JSON, whose format its content tells.

    Args:
        path: BVH, AMC (its ASF beside it), TRC, C3D, JSON of OpenPose, COCO, AlphaPose, MMPose,
            Ultralytics or MediaPipe, npz, Parquet, CSV (docs/formats.md); or a video, in which the
            detector that is there finds people (docs/video.md).
        skeleton: Takes the place of what the file says about its joints.
        person: Index of the person wanted where frames show several, or the number of a track
            where the file has such; by default one person is followed through a sequence, and COCO
            files give a row an annotation. In a video, people are numbered from 1 by their
            prominence, and 1 is the default.
        unit: Of a BVH file from an unknown source: `m`, `cm`, `mm`, `in` or metres per unit; by
            default guessed from the height of the skeleton.
        image_size: (width, height) in pixels, for files that tell keypoints as parts of the image.
        on_error: Is given the `VvipeError` of each damaged frame of an OpenPose folder, whose row
            is then NaN, and of a video that is damaged before its end; by default it becomes a
            warning.
        on_progress: Is told of every frame of a video in which people are detected.

    Returns:
        Row i is frame or annotation i. 3D poses are in metres, right-handed, z up.

    Raises:
        VvipeError: Nothing there, format not recognised, damaged content, or nothing to be seen.
    """
    options = _options(path, skeleton, person, unit, image_size, on_error, on_progress)
    return _read(Path(path), options)


def read_all(
    path: str | PathLike[str],
    *,
    skeleton: str | Skeleton | None = None,
    on_error: ErrorCallback | None = None,
    on_progress: ProgressCallback | None = None,
    shard: Shard | None = None,
) -> Iterator[tuple[Path, Poses]]:
    """Reads every pose file below a folder, in the order of their paths.

    The OpenPose JSON of a folder counts as one file. Files with other suffixes than those of the
    formats are passed over, and so are videos, beside which their keypoints often lie.

    Args:
        path: A folder, or one file.
        skeleton: As for `read`.
        on_error: Is given the `VvipeError` of a damaged file, after which the next file is read;
            without it, the error is raised, but for damaged frames as `read` has it.
        on_progress: As for `read`.
        shard: Only the files of this share.

    Raises:
        VvipeError: No pose file at all, or a damaged one while `on_error` is None.
    """
    options = _options(path, skeleton, on_error=on_error, on_progress=on_progress)
    for found in pose_files(Path(path)):
        if shard and not shard.has(found, Path(path)):
            continue
        try:
            poses = _read(found, options)
        except VvipeError as error:
            if on_error is None:
                raise
            on_error(error)
        else:
            yield found, poses


def _options(
    path: object,
    skeleton: str | Skeleton | None,
    person: int | None = None,
    unit: str | float | None = None,
    image_size: tuple[int, int] | None = None,
    on_error: ErrorCallback | None = None,
    on_progress: ProgressCallback | None = None,
) -> ReadOptions:
    found = None if skeleton is None else get_skeleton(skeleton, where=path)
    return ReadOptions(found, person, unit, image_size, on_error or warn, on_progress)


def _read(path: Path, options: ReadOptions) -> Poses:
    poses = format_of(path).read(path, options)
    if not poses.mask.any():
        raise VvipeError("no joint is seen anywhere", where=path)
    return poses


def pose_files(path: Path) -> list[Path]:
    """Every pose file below a folder in the order of `read_all`, or the one file itself.

    Raises:
        VvipeError: No pose file in the folder.
    """
    if not path.is_dir():
        return [path]
    found = list(_walk(path))
    if not found:
        videos = any(p.suffix.lower() in VIDEO.suffixes for p in path.rglob("*"))
        raise VvipeError(
            "no pose files in this folder", where=path, expected=", ".join(sorted(SUFFIXES)),
            hint="videos are read where they are named one by one" if videos else None,
        )  # fmt: skip
    return found


def _walk(folder: Path) -> Iterator[Path]:
    frames = set(frame_files(folder))
    if frames:
        yield folder
    for entry in sorted(p for p in folder.iterdir() if not p.name.startswith(".")):
        if entry.is_dir():
            yield from _walk(entry)
        elif entry.suffix.lower() in SUFFIXES and entry not in frames:
            yield entry
