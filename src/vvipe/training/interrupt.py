"""Ctrl-C or SIGTERM between two steps, not inside one, where weights and optimiser disagree."""

from __future__ import annotations

import signal
import threading
from types import TracebackType
from typing import Any, Self


class DeferredInterrupt:
    """While it is entered, the first signal only sets `asked`; a second one interrupts at once.

    Signals are Ctrl-C and SIGTERM, which `timeout`, batch systems and shutdowns send.
    """

    SIGNALS = (signal.SIGINT, signal.SIGTERM)

    def __init__(self) -> None:
        self.asked = False
        self._before: dict[signal.Signals, Any] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            self._before = {number: signal.signal(number, self._ask) for number in self.SIGNALS}
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for number, handler in self._before.items():
            signal.signal(number, handler)

    def _ask(self, signum: int, frame: Any) -> None:
        if self.asked:
            raise KeyboardInterrupt
        self.asked = True
