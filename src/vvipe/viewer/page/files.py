"""Files that visitors send from the browser."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from vvipe.errors import VvipeError
from vvipe.viewer.recording import Recording, read_recording


def uploaded(model: Any, name: str, content: bytes) -> Recording:
    """Reads a file that is in memory, under its own name.

    Raises:
        VvipeError: It cannot be read, or no row of it can be embedded.
    """
    with TemporaryDirectory() as folder:
        path = Path(folder) / (Path(name).name or "upload")
        path.write_bytes(content)
        try:
            return read_recording(model, path)
        except VvipeError as error:  # where it lies meanwhile tells nobody anything
            raise VvipeError(str(error).replace(f"{folder}/", "")) from error
