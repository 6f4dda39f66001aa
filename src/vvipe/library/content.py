"""By what a recording is known again: a hash of its content."""

from __future__ import annotations

import hashlib
from pathlib import Path

from vvipe.formats.asf_amc import asf_beside
from vvipe.formats.openpose_folder import frame_files

_MASK = 2**63 - 1  # Lance's integers are signed


def content_of(*parts: bytes) -> int:
    """63 bits of SHA-256 over parts, each with its length."""
    digest = hashlib.sha256()
    for part in parts:
        digest.update(f"{len(part)}\n".encode())
        digest.update(part)
    return _number(digest.digest())


def _content_of_large(path: Path, said: bytes) -> int:
    """`content_of` a file's bytes and what is said of it; videos do not fit in memory."""
    digest = hashlib.sha256(f"{path.stat().st_size}\n".encode())
    with path.open("rb") as file:
        while piece := file.read(1 << 20):
            digest.update(piece)
    digest.update(f"{len(said)}\n".encode() + said)
    return _number(digest.digest())


def _number(digest: bytes) -> int:
    return int.from_bytes(digest[:8], "big") & _MASK


def content_of_file(path: Path, skeleton: str | None = None) -> int:
    """Hash of a pose file, wherever it lies and whatever it is called.

    Args:
        path: A file, or a folder of OpenPose frames, whose names count, as they number the frames.
        skeleton: What takes the place of the joints that the file tells.

    Raises:
        VvipeError: An AMC without its ASF.
    """
    said = (skeleton or "").encode()
    if path.suffix.lower() == ".amc":  # the bones are in the file beside it
        return content_of(path.read_bytes(), said, asf_beside(path).read_bytes())
    if not path.is_dir():
        return _content_of_large(path, said)
    return content_of(
        said, *(part for f in frame_files(path) for part in (f.name.encode(), f.read_bytes()))
    )
