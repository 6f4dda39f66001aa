"""What the panels share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

_MARK = "● "


def by_hand(control: Any, action: Callable[[], object]) -> None:
    """Acts when somebody moves a control, not when the panel sets it itself."""

    def moved(event: Any) -> None:
        if event.client is not None:
            action()

    control.on_update(moved)


def marked(options: Sequence[str], chosen: str) -> tuple[str, ...]:
    """Options of a group of buttons, the one that holds marked."""
    return tuple(f"{_MARK}{option}" if option == chosen else option for option in options)


def plain(option: str) -> str:
    """An option without its mark."""
    return option.removeprefix(_MARK)
