"""What machine this is."""

from __future__ import annotations

import datetime
import os
import platform
import subprocess
from importlib.metadata import version
from pathlib import Path
from typing import Any

FEATURES = (
    "avx2", "fma", "avx512f", "avx512_bf16", "avx512_vnni", "amx_tile", "amx_bf16",
    "asimd", "bf16", "sve",
)  # fmt: skip


def cpu() -> dict[str, Any]:
    """Name, number of cores, and those features that speed up matrix products."""
    lines = _cpuinfo()
    flags = set(lines.get("flags", lines.get("Features", "")).split())
    return {
        "name": lines.get("model name") or platform.processor() or platform.machine(),
        "cores": os.cpu_count(),
        "features": [f for f in FEATURES if f in flags],
    }


def _cpuinfo() -> dict[str, str]:
    """The first processor that Linux lists; empty on other systems."""
    path = Path("/proc/cpuinfo")
    if not path.exists():
        return {}
    pairs = (line.partition(":") for line in path.read_text().split("\n\n")[0].splitlines())
    return {key.strip(): value.strip() for key, _, value in pairs}


def machine() -> dict[str, str]:
    """Date, processor, versions, and the commit where this is a checkout: what a result needs."""
    git = subprocess.run(
        ["git", "rev-parse", "--short", "HEAD"], cwd=Path(__file__).parent, capture_output=True,
        text=True, check=False,
    )  # fmt: skip
    about = cpu()
    return {
        "date": datetime.date.today().isoformat(),
        "machine": f"{about['name']}, {about['cores']} cores",
        "python": platform.python_version(),
        "torch": version("torch"),
        "vvipe": version("vvipe"),
        "commit": git.stdout.strip() or "none",
    }
