"""Recordings named on the command line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from vvipe.cli.inputs import read_rows
from vvipe.cli.terminal import note
from vvipe.library.beat import FPS
from vvipe.library.recordings import Recording, recording_of


def recording(model: Any, path: Path, fps: float | None, skeleton: str | None) -> Recording:
    """Reads and embeds a recording; arguments and errors as for `recording_of`."""
    poses = read_rows(path, skeleton)
    if poses.time_s is None and fps is None:
        note(f"{path}: the frame rate is not told; taken as {FPS:g} (see --fps)")
    return recording_of(model, poses, str(path), fps)
