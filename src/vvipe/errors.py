"""The one error that users meet: a single line with what, where, expected, got and the remedy."""

from __future__ import annotations


class VvipeError(ValueError):
    """A user's mistake or a damaged input; raised once, at the boundary.

    Args:
        message: What is wrong, in a few words.
        where: File, line, key or frame.
        expected: What would have been right.
        got: What was found instead.
        hint: The remedy.

    `str()` of it is always one line.
    """

    def __init__(
        self,
        message: str,
        *,
        where: object = None,
        expected: object = None,
        got: object = None,
        hint: str | None = None,
    ) -> None:
        parts = [f"{where}: {message}" if where is not None else message]
        if expected is not None:
            parts.append(f"expected {expected}")
        if got is not None:
            parts.append(f"got {got}")
        if hint is not None:
            parts.append(hint)
        super().__init__(" ".join("; ".join(parts).split()))
