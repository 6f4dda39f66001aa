"""Start-up: `import vvipe` and `vvipe --help` against a bare interpreter."""

from __future__ import annotations

import subprocess
import sys
from typing import Any

from common import least_s, options, report

COMMANDS = {
    "bare interpreter": ["-c", "pass"],
    "import numpy": ["-c", "import numpy"],
    "import vvipe": ["-c", "import vvipe"],
    "vvipe --help": ["-m", "vvipe", "--help"],
    "vvipe embed --help": ["-m", "vvipe", "embed", "--help"],
}


def main() -> None:
    chosen = options(__doc__)

    def runs(arguments: list[str]) -> Any:
        return lambda: subprocess.run([sys.executable, *arguments], check=True, capture_output=True)

    seconds = least_s(*map(runs, COMMANDS.values()), rounds=1 if chosen.quick else 10)
    rows: list[dict[str, Any]] = [
        {"command": name, "s": s, "over bare s": s - seconds[0], "times bare": s / seconds[0]}
        for name, s in zip(COMMANDS, seconds, strict=True)
    ]
    report("startup", rows, chosen)


if __name__ == "__main__":
    main()
