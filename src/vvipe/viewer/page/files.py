"""Files that visitors send from the browser."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from vvipe.viewer.recording import Recording, read_recording


def uploaded(model: Any, name: str, content: bytes) -> Recording:
    """Reads a file that is in memory, under its own name.

    Raises:
        VvipeError: It cannot be read, or no row of it can be embedded.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "upload")
        path.write_bytes(content)
        return read_recording(model, path)
