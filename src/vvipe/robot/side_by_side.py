"""Trainings side by side: each in a process of its own, on one thread."""

from __future__ import annotations

from collections.abc import Callable, Generator, Mapping
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from functools import partial
from multiprocessing import get_context
from threading import Thread
from typing import Any

import torch

from vvipe.errors import VvipeError
from vvipe.robot.told import Told, nobody

_CONTEXT = get_context("spawn")  # what forks inherits threads that stand still
_lines: Any = None  # of a process of ours: where it says what the first one is told


def side_by_side(
    make: Callable[..., object], works: Mapping[str, tuple[Any, ...]], jobs: int = 1,
    told: Told = nobody,
) -> None:  # fmt: skip
    """Has works made, so many at a time; what they make has to be found in files afterwards.

    Networks as small as a policy's gain nothing from a second thread.

    Args:
        make: A function of a module, called with the arguments of a work and a `Told`.
        works: Name -> its arguments, which can be pickled.
        jobs: Processes at a time, at least 1.
        told: Given the lines of all, each behind its work's name, and one after each work.

    Raises:
        VvipeError: A process was ended from outside.
        Exception: As of `make`; works that have not begun are left then.
    """
    if not works:
        return
    with (
        _relayed(told) as lines,
        ProcessPoolExecutor(min(jobs, len(works)), _CONTEXT, _begin, (lines,)) as pool,
    ):
        names = {pool.submit(make, *given, partial(_tell, name)): name
                 for name, given in works.items()}  # fmt: skip
        try:
            for count, future in enumerate(as_completed(names), 1):
                future.result()
                lines.put(f"{names[future]}: done, {count} of {len(works)}")
        except BrokenProcessPool:
            raise VvipeError(
                "a process was ended from outside",
                hint="if memory ran out, try --jobs 1; what was finished is kept",
            ) from None
        finally:
            pool.shutdown(cancel_futures=True)


@contextmanager
def _relayed(told: Told) -> Generator[Any]:
    """A queue of lines, told as they come."""
    lines = _CONTEXT.SimpleQueue()

    def relay() -> None:
        for line in iter(lines.get, None):
            told(line)

    thread = Thread(target=relay)
    thread.start()
    try:
        yield lines
    finally:
        lines.put(None)
        thread.join()


def _begin(lines: Any) -> None:
    global _lines
    _lines = lines
    torch.set_num_threads(1)


def _tell(name: str, line: str) -> None:
    _lines.put(f"{name}: {line}")
