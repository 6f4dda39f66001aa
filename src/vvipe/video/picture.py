"""Single pictures, upright."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image, ImageOps

from vvipe.errors import VvipeError

SUFFIXES = (".png", ".jpg", ".jpeg", ".webp")
_MAGIC = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")


def is_picture(path: Path) -> bool:
    """Whether the content of a file begins like that of a PNG, JPEG or WebP."""
    if not path.is_file():
        return False
    with path.open("rb") as file:
        head = file.read(12)
    return head.startswith(_MAGIC) or (head[:4] == b"RIFF" and head[8:] == b"WEBP")


def read_picture(path: Path) -> np.ndarray:
    """(H, W, 3) uint8 RGB, turned as the file says that it is to be shown.

    Raises:
        VvipeError: Damaged.
    """
    try:
        with Image.open(path) as image:
            return np.asarray(ImageOps.exif_transpose(image).convert("RGB"))
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise VvipeError(f"damaged picture ({error})", where=path) from None
