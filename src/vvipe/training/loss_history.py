"""How the parts of the loss went: `losses.jsonl` in the run's folder, a line every hundred steps.

A line holds `stage`, `step` of it, `seconds` since the training began, and `losses`, the mean of
each part over the steps before.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vvipe.errors import VvipeError
from vvipe.formats.atomic import write_text

FILE = "losses.jsonl"


def append_losses(
    folder: Path, stage: str, step: int, seconds: float, losses: Mapping[str, float]
) -> None:
    """Adds a line."""
    parts = {name: float(f"{value:.6g}") for name, value in losses.items()}
    line = {"stage": stage, "step": step, "seconds": round(seconds, 1), "losses": parts}
    with (folder / FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def keep_losses(folder: Path, stages: Sequence[str], stage: int, step: int) -> None:
    """Drops the lines of steps that are going to be done again.

    Args:
        folder: The run's.
        stages: Their names, in order.
        stage: Number of the stage that is going on.
        step: How many of its steps are done.
    """
    if not (stage or step):  # whatever an earlier training left behind
        (folder / FILE).unlink(missing_ok=True)
    if not (folder / FILE).is_file():
        return
    kept = [
        json.dumps(line) + "\n"
        for line in read_losses(folder)
        if (stages.index(line["stage"]), line["step"]) <= (stage, step)
    ]
    write_text(folder / FILE, "".join(kept))


def read_losses(folder: Path) -> list[dict[str, Any]]:
    """The lines; one that is cut off at the end is still being written, and left out.

    Raises:
        VvipeError: There are none, or one is damaged.
    """
    path = folder / FILE
    try:
        *whole, _ = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        hint = "a folder that `vvipe train` wrote"
        raise VvipeError("no losses", where=path, expected=hint) from error
    lines: list[dict[str, Any]] = []
    for number, text in enumerate(whole, 1):
        try:
            line = json.loads(text)
            lines.append({key: line[key] for key in ("stage", "step", "seconds", "losses")})
        except (ValueError, KeyError, TypeError) as error:
            raise VvipeError("damaged line", where=f"{path}:{number}", hint="remove it") from error
    return lines
