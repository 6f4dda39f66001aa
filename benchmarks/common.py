"""What the benchmarks share: options, timing, a table on the screen and a JSON file.

Times are the least of several, and works that are compared take turns, so that what else runs on
the machine hits them alike.
"""

from __future__ import annotations

import argparse
import datetime
import json
import os
import platform
import subprocess
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / os.environ.get("VVIPE_DATA", ".data")


def options(description: str | None) -> argparse.Namespace:
    """Parses `--quick`, `--out` and `--threads`; threads also apply to torch once it is loaded."""
    parser = argparse.ArgumentParser(description=(description or "").partition("\n")[0])
    parser.add_argument("--quick", action="store_true", help="prove that it runs, no more")
    parser.add_argument("--out", type=Path, help="folder for a JSON file, say benchmarks/results")
    parser.add_argument("--threads", type=int, default=1, help="of matrix products (default 1)")
    chosen = parser.parse_args()
    os.environ["OMP_NUM_THREADS"] = str(chosen.threads)
    return chosen


def least_s(*works: Callable[[], object], rounds: int) -> list[float]:
    """Seconds of each work, the least of `rounds` runs in turns, after one that does not count."""
    times: list[list[float]] = [[] for _ in works]
    for number in range(rounds + 1):
        for work, seconds in zip(works, times, strict=True):
            start = time.perf_counter()
            work()
            if number:
                seconds.append(time.perf_counter() - start)
    return [min(seconds) for seconds in times]


def report(name: str, rows: list[dict[str, Any]], chosen: argparse.Namespace) -> None:
    """Prints the rows, and writes `<name>_<date>_<commit>.json` into `--out`.

    Threads, where there are several, stand in the name too.
    """
    about = {"benchmark": name, **machine(), "threads": chosen.threads, "quick": chosen.quick}
    print(" · ".join(f"{k}: {v}" for k, v in about.items()))
    columns = list(rows[0])
    cells = [columns, *([_text(row[c]) for c in columns] for row in rows)]
    widths = [max(map(len, column)) for column in zip(*cells, strict=True)]
    for line in cells:
        print("  ".join(c.rjust(w) for c, w in zip(line, widths, strict=True)))
    if chosen.out:
        chosen.out.mkdir(parents=True, exist_ok=True)
        threads = f"_{chosen.threads}-threads" if chosen.threads > 1 else ""
        path = chosen.out / f"{name}_{about['date']}_{about['commit']}{threads}.json"
        path.write_text(json.dumps(about | {"rows": rows}, indent=2) + "\n")
        print(path)


def machine() -> dict[str, str]:
    """Date, processor, Python and commit."""
    from vvipe.cli.machine import cpu

    about = cpu()
    return {
        "date": datetime.date.today().isoformat(),
        "machine": f"{about['name']}, {about['cores']} cores",
        "python": platform.python_version(),
        "commit": _git("rev-parse", "--short", "HEAD") + ("+" if _git("diff", "HEAD") else ""),
    }


def _git(*command: str) -> str:
    try:
        done = subprocess.run(["git", *command], cwd=ROOT, capture_output=True, text=True)
    except OSError:
        return ""
    return done.stdout.strip()


def _text(value: object) -> str:
    return f"{value:.4g}" if isinstance(value, float) else str(value)
