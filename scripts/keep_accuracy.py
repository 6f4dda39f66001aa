"""Keeps what `vvipe bench accuracy` measured, without weights: tables can be composed again of it.

    python scripts/keep_accuracy.py runs/accuracy benchmarks/results/accuracy

Configurations of runs and rows are copied, a few kilobytes each. The other way round
(`cp -r benchmarks/results/accuracy runs/`), the same command of the bench trains what is not there.
"""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

KEPT = ("runs/*/config.json", "runs/*/train.toml", "runs/*/failed.txt", "rows/*.json")


def main(source: Path, target: Path) -> None:
    """Copies what is finished; JSON in one line."""
    done = {
        path.parent
        for end in ("config.json", "failed.txt")
        for path in source.glob(f"runs/*/{end}")
    }
    for path in (path for pattern in KEPT for path in sorted(source.glob(pattern))):
        if path.parent.name != "rows" and path.parent not in done:
            continue
        copy = target / path.relative_to(source)
        copy.parent.mkdir(parents=True, exist_ok=True)
        if path.suffix == ".json":
            copy.write_text(json.dumps(json.loads(path.read_text())) + "\n")
        else:
            shutil.copy2(path, copy)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
