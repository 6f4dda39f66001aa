"""Messages on standard error."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from vvipe.errors import VvipeError


def note(text: str) -> None:
    """Says something beside the result, in one line."""
    print(f"vvipe: {' '.join(text.split())}", file=sys.stderr)


def left_out(error: VvipeError) -> None:
    """Says which input is damaged and was passed over."""
    note(f"left out: {error}")


def listed(names: tuple[str, ...] | list[str]) -> str:
    """Names parted by commas, `none` for none."""
    return ", ".join(names) or "none"
