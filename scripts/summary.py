"""Averages results of `vvipe eval --out`, one file a seed, into one Markdown table a protocol.

python scripts/summary.py results/*.json
"""

from __future__ import annotations

import json
import sys
from collections import defaultdict
from pathlib import Path

from vvipe.evaluation.tables import markdown_table


def main(paths: list[str]) -> None:
    """Prints the tables."""
    results: defaultdict[str, list[dict[str, object]]] = defaultdict(list)
    for path in sorted(paths):
        result = json.loads(Path(path).read_text())
        results[result["protocol"]].append(result)
    for protocol, of_one in results.items():
        print(f"\n### `{protocol}`, {len(of_one)} results\n\n{markdown_table(of_one)}")


if __name__ == "__main__":
    main(sys.argv[1:])
