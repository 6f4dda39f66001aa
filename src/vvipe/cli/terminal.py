"""Messages on standard error."""

from __future__ import annotations

import sys


def note(text: str) -> None:
    """Says something beside the result, in one line."""
    print(f"vvipe: {' '.join(text.split())}", file=sys.stderr)


def listed(names: tuple[str, ...] | list[str]) -> str:
    """Names parted by commas, `none` for none."""
    return ", ".join(names) or "none"
