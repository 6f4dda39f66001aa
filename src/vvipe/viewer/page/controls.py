"""What the panels share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

_MARK = "● "


def by_hand(control: Any, action: Callable[[Any], object]) -> None:
    """Acts on the value to which somebody moves a control, not when the panel sets it itself.

    The value is taken at once: until a job has its turn, the panel may have set another.
    """

    def moved(event: Any) -> None:
        if event.client is not None:
            action(event.target.value)

    control.on_update(moved)


def marked(options: Sequence[str], chosen: str) -> tuple[str, ...]:
    """Options of a group of buttons, the one that holds marked."""
    return tuple(f"{_MARK}{option}" if option == chosen else option for option in options)


def plain(option: str) -> str:
    """An option without its mark."""
    return option.removeprefix(_MARK)
