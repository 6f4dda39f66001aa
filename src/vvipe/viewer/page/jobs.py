"""Work of one visitor: in order on a thread of its own, long work beside it, the newest wins."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

Job = Callable[[], object]
_TICK_S = 1 / 50


class Jobs:
    """What has to be done, by key: a newer job of a key takes the place of one that waits.

    Args:
        fail: Is given what a job raised; the thread goes on.
        tick: Is called some fifty times a second with the seconds passed, as long as it returns
            True; `wake` starts it again.
    """

    def __init__(self, fail: Callable[[Exception], object], tick: Callable[[float], bool]) -> None:
        self._fail, self._tick = fail, tick
        self._waiting: OrderedDict[str, Job] = OrderedDict()
        self._ready = threading.Condition()
        self._ticking = self._stopped = False
        self._beside = ThreadPoolExecutor(2, "vvipe-viewer")
        self._away: dict[str, tuple[Callable[[], Any], Callable[[Any], object]] | None] = {}
        self._thread = threading.Thread(target=self._run, daemon=True, name="vvipe-visitor")
        self._thread.start()

    def post(self, key: str, job: Job) -> None:
        """Does a job soon."""
        with self._ready:
            self._waiting[key] = job
            self._ready.notify()

    def wake(self) -> None:
        """Lets time pass again."""
        with self._ready:
            self._ticking = True
            self._ready.notify()

    def away(self, key: str, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        """Does long work on another thread, and then something with its result on this one."""
        with self._ready:
            running = key in self._away
            self._away[key] = (work, then) if running else None
        if not running:
            self._beside.submit(self._work, key, work, then)

    def stop(self) -> None:
        """Ends the thread; what waits is forgotten."""
        with self._ready:
            self._stopped = True
            self._ready.notify()
        self._beside.shutdown(wait=False, cancel_futures=True)

    def _work(self, key: str, work: Callable[[], Any], then: Callable[[Any], object]) -> None:
        while not self._stopped:
            try:
                result = work()
                self.post(f"{key} done", lambda then=then, result=result: then(result))
            except Exception as error:
                self.post(f"{key} failed", lambda error=error: self._told(error))
            with self._ready:
                following = self._away[key]
                if following is None:
                    del self._away[key]
                    return
                self._away[key] = None
            work, then = following

    def _told(self, error: Exception) -> bool:
        """Tells of an error; False where nobody is there any more to be told."""
        try:
            self._fail(error)
        except Exception:
            self._stopped = True
        return not self._stopped

    def _run(self) -> None:
        last = time.perf_counter()
        while True:
            with self._ready:
                if not self._waiting and not self._stopped:
                    self._ready.wait(_TICK_S if self._ticking else None)
                if self._stopped:
                    return
                job = self._waiting.popitem(last=False)[1] if self._waiting else None
                ticking = self._ticking
            now = time.perf_counter()
            try:
                if job is not None:
                    job()
                if ticking and now - last >= _TICK_S * 0.9:
                    going, last = self._tick(min(now - last, 0.1)), now
                    with self._ready:
                        self._ticking = going
                elif not ticking:
                    last = now
            except Exception as error:
                if not self._told(error):
                    return
