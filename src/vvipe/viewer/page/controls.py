"""What the panels share."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any


def by_hand(control: Any, action: Callable[[], object]) -> None:
    """Acts when somebody moves a control, not when the panel sets it itself."""

    def moved(event: Any) -> None:
        if event.client is not None:
            action()

    control.on_update(moved)
