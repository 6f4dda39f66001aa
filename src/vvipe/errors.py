"""The one error that users meet: a single line with what, where, expected, got and the remedy."""

from __future__ import annotations

from collections.abc import Sequence


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


def none_left(errors: Sequence[VvipeError], could_be: str) -> VvipeError:
    """What to raise where not one of many files was sound: its error, or how many and the first.

    Args:
        errors: One a file, at least one.
        could_be: What none of them can be, such as `embedded`.
    """
    if len(errors) == 1:
        return errors[0]
    many = f"none of {len(errors)} files can be {could_be}"
    return VvipeError(many, hint=f"the first: {errors[0]}")
