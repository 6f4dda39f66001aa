"""Writing of poses, by suffix, so that a failure leaves what was there."""

from __future__ import annotations

from os import PathLike
from pathlib import Path

from vvipe.errors import VvipeError
from vvipe.formats.atomic import replacing
from vvipe.formats.format import WRITING, Poses, Report, WriteOptions
from vvipe.formats.registry import FORMATS
from vvipe.poses import Poses2D


def write(
    poses: Poses,
    path: str | PathLike[str],
    *,
    overwrite: bool = True,
    options: WriteOptions = WRITING,
) -> Report:
    """Writes poses in the format of the suffix: .npz, .parquet, .json, .csv; 3D .bvh, .trc, .c3d.

    The file appears whole or not at all; missing folders are made.

    Returns:
        What the format made of the poses that they were not, such as `filled_rows`.

    Raises:
        VvipeError: Unknown suffix, poses that the format cannot hold, or no permission.
    """
    path = Path(path)
    writers = [f for f in FORMATS if f.write is not None and path.suffix.lower() in f.suffixes]
    fits = [f for f in writers if isinstance(poses, f.writes)]
    if not writers:
        known = sorted({s for f in FORMATS if f.write is not None for s in f.suffixes})
        raise VvipeError("unknown suffix", where=path, expected=", ".join(known), got=path.suffix)
    if not fits:
        kind = "2D" if isinstance(poses, Poses2D) else "3D"
        raise VvipeError(f"{writers[0].name} does not hold {kind} poses", where=path)
    if not poses.coords.size:
        raise VvipeError("no poses to write", where=path)
    if path.exists() and not overwrite:
        raise VvipeError("exists already", where=path)
    assert fits[0].write is not None
    with replacing(path) as partial:
        return fits[0].write(poses, partial, options)
