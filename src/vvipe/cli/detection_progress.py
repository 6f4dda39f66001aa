"""Progress of detections in videos: a live bar on a terminal, else a line every few seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator
from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any

from vvipe.cli.progress import LINE_S
from vvipe.cli.terminal import note

if TYPE_CHECKING:
    from vvipe.video import Seen


@contextmanager
def detection_progress() -> Generator[Callable[[Seen], None]]:
    """Gives what shows the progress on standard error; nothing where no video is looked through."""
    with ExitStack() as opened:
        yield _Bars(opened) if sys.stderr.isatty() else _Lines()


class _Lines:
    def __init__(self) -> None:
        self.last = time.monotonic()

    def __call__(self, seen: Seen) -> None:
        now = time.monotonic()
        if now - self.last > LINE_S:
            self.last = now
            count = f"/{seen.count}" if seen.count else ""
            note(f"{seen.path.name}: {seen.frames}{count} frames, {_told(seen)}")


class _Bars:
    def __init__(self, opened: ExitStack) -> None:
        self.opened = opened
        self.bars: Any = None
        self.tasks: dict[Any, Any] = {}

    def __call__(self, seen: Seen) -> None:
        if self.bars is None:
            self.bars = self.opened.enter_context(_bars())
        if seen.path not in self.tasks:
            self.tasks[seen.path] = self.bars.add_task(seen.path.name, total=seen.count, told="")
        self.bars.update(self.tasks[seen.path], completed=seen.frames, told=_told(seen))


def _bars() -> Any:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    told = TextColumn("frames, {task.fields[told]}")
    columns = (TextColumn("{task.description}"), BarColumn(30), MofNCompleteColumn(), told)
    return Progress(*columns, console=Console(stderr=True))


def _told(seen: Seen) -> str:
    return f"{seen.frames / max(seen.seconds, 1e-3):,.1f} frames/s"
