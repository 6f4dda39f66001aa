"""Progress of additions to a library: a live bar on a terminal, else a line every few seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vvipe.cli.progress import LINE_S
from vvipe.cli.terminal import note

if TYPE_CHECKING:
    from vvipe.library.adding import Added


@contextmanager
def adding_progress() -> Generator[Callable[[Added], None]]:
    """Gives what shows the progress on standard error."""
    if not sys.stderr.isatty():
        yield _Lines()
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (BarColumn(30), MofNCompleteColumn(), TextColumn("files, {task.fields[told]}"))
    with Progress(*columns, console=Console(stderr=True)) as bars:
        task = bars.add_task("", told="")
        yield lambda added: bars.update(
            task, total=added.files, completed=_done(added), told=_told(added)
        )


class _Lines:
    def __init__(self) -> None:
        self.last = time.monotonic()

    def __call__(self, added: Added) -> None:
        now = time.monotonic()
        if now - self.last > LINE_S:
            self.last = now
            note(f"{_done(added)}/{added.files} files, {_told(added)}")


def _done(added: Added) -> int:
    return min(added.files, added.added + added.known + len(added.errors))


def _told(added: Added) -> str:
    return f"{added.rows:,} poses, {added.rows / max(added.seconds, 1e-3):,.0f} poses/s"
