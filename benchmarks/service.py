"""The service against calling the model and the library in process: throughput and latency."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from common import options, report
from service_fuzz import make_library

import vvipe
from vvipe.service import Client

ROWS, CALLERS = (1, 30, 1000), (1, 8)
SECONDS = 4.0


def main() -> None:
    chosen = options(__doc__)
    model = vvipe.load()
    with tempfile.TemporaryDirectory() as folder:
        make_library(Path(folder) / "moves")
        library = vvipe.Library.open(Path(folder) / "moves")
        poses = pool(library)
        command = [sys.executable, "-m", "vvipe", "serve", "--port", "0", "--json"]
        command += ["--library", f"{folder}/moves", "--threads", str(max(2, chosen.threads))]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as service:
            try:
                assert service.stdout
                url = json.loads(service.stdout.readline())["url"]
                rows = measured(model, library, poses, url, 2.0 if chosen.quick else SECONDS)
            finally:
                service.send_signal(signal.SIGTERM)
    report("service", rows, chosen)


def pool(library: vvipe.Library) -> vvipe.Poses2D:
    """The keypoints that are in the library."""
    rows = library.store.read("keypoints")["keypoints"].to_pylist()
    return vvipe.Poses2D(np.array(rows, np.float32).reshape(-1, 13, 2), "coco13")


def measured(
    model: Any, library: vvipe.Library, poses: vvipe.Poses2D, url: str, seconds: float
) -> list[dict[str, Any]]:
    """Rows of the table: each work in process and over HTTP, in turns."""
    works: list[tuple[str, int, Callable[[Any, Any], object], Callable[[Client, Any], object]]] = [
        ("embed", rows, lambda _, x: model.embed(x), lambda client, x: client.embed(x))
        for rows in ROWS
    ]
    works.append(("lift", 30, lambda _, x: model.lift(x), lambda client, x: client.lift(x)))
    works.append((
        "search", 1, lambda _, x: library.search(model.embed(x)), lambda client, x: client.search(x)
    ))  # fmt: skip
    found: list[dict[str, Any]] = []
    for name, rows, here, there in works:
        parts = [poses[i : i + rows] for i in range(0, len(poses) - rows, max(rows, 37))]
        alone, before_s = calls(lambda: None, here, parts, 1, seconds)
        for callers in CALLERS:
            served, served_s = calls(lambda: Client(url), there, parts, callers, seconds)
            again, after_s = calls(lambda: None, here, parts, 1, seconds)
            base = np.concatenate([alone, again])
            rate, rival = len(served) / served_s, len(base) / (before_s + after_s)
            p50, p99 = (1000 * np.percentile(served, p) for p in (50, 99))
            q50, q99 = (1000 * np.percentile(base, p) for p in (50, 99))
            found.append({
                "request": name, "poses": rows, "callers": callers, "poses/s": rate * rows,
                "in process": rival * rows, "throughput ratio": rate / rival, "p50 ms": p50,
                "in process p50": q50, "p50 ratio": p50 / q50, "p99 ms": p99,
                "in process p99": q99,
            })  # fmt: skip
            alone, before_s = again, after_s
    return found


def calls(
    opened: Callable[[], Any], work: Callable[[Any, Any], object], parts: list[Any], callers: int,
    seconds: float,
) -> tuple[np.ndarray, float]:  # fmt: skip
    """Seconds of each call that several callers make for so long, and from first to last."""
    times: list[float] = []

    def caller(number: int) -> None:
        client = opened()
        work(client, parts[number % len(parts)])
        for i in range(number, 10**9, callers):
            if time.perf_counter() > end:
                break
            asked = time.perf_counter()
            work(client, parts[i % len(parts)])
            times.append(time.perf_counter() - asked)

    began = time.perf_counter()
    end = began + seconds
    threads = [threading.Thread(target=caller, args=(n,)) for n in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return np.array(times), time.perf_counter() - began


if __name__ == "__main__":
    main()
