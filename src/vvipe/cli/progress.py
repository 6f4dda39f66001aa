"""Progress of a training: a live bar on a terminal, else a line every few seconds."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Generator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from vvipe.cli.terminal import note

if TYPE_CHECKING:
    from vvipe.training import Progress

LINE_S = 5.0
STAGES = {"vae": "pose VAE", "map": "2D mapping"}


@contextmanager
def training_progress() -> Generator[Callable[[Progress], None]]:
    """Gives what shows the progress on standard error."""
    if sys.stderr.isatty():
        with _live() as show:
            yield show
    else:
        yield _Lines()


class _Lines:
    def __init__(self) -> None:
        self.last = 0.0

    def __call__(self, progress: Progress) -> None:
        now = time.monotonic()
        if now - self.last > LINE_S or progress.step >= progress.steps:
            self.last = now
            stage = STAGES.get(progress.stage, progress.stage)
            note(f"{stage} {progress.step}/{progress.steps}, {told(progress)}")


@contextmanager
def _live() -> Generator[Callable[[Progress], None]]:
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description:<10}"), BarColumn(30), MofNCompleteColumn())
    with Bars(*columns, TextColumn("{task.fields[told]}"), console=Console(stderr=True)) as bars:
        tasks = {}

        def show(progress: Progress) -> None:
            if progress.stage not in tasks:
                name = STAGES.get(progress.stage, progress.stage)
                tasks[progress.stage] = bars.add_task(name, total=progress.steps, told="")
            task = tasks[progress.stage]
            bars.update(task, completed=progress.step, told=told(progress))

        yield show


def told(progress: Progress) -> str:
    """Speed, losses and time left in a line."""
    losses = " ".join(f"{name} {value:.4g}" for name, value in progress.losses.items())
    minutes, seconds = divmod(round(progress.remaining_s), 60)
    return f"{progress.poses_per_s:,.0f} poses/s, {losses}, {minutes}:{seconds:02d} left"
