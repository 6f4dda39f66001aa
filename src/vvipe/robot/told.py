"""Who is told what takes long."""

from collections.abc import Callable

Told = Callable[[str], None]


def nobody(line: str) -> None:
    """Says nothing."""
