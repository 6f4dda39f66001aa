"""How a training went, in the run's folder.

`losses.jsonl` has a line every hundred steps: `stage`, `step` of it, `seconds` since the training
began, and `losses`, the mean of each part over the steps before. `history.jsonl` has one for each
time that the last stage was validated: `step`, and the figures.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from vvipe.errors import VvipeError
from vvipe.formats.atomic import write_text

FILE, VALIDATED = "losses.jsonl", "history.jsonl"


def append_losses(
    folder: Path, stage: str, step: int, seconds: float, losses: Mapping[str, float]
) -> None:
    """Adds a line."""
    parts = {name: float(f"{value:.6g}") for name, value in losses.items()}
    line = {"stage": stage, "step": step, "seconds": round(seconds, 1), "losses": parts}
    with (folder / FILE).open("a", encoding="utf-8") as file:
        file.write(json.dumps(line) + "\n")


def append_figures(folder: Path, step: int, figures: Mapping[str, float]) -> None:
    """Adds what was found by validating after a step."""
    with (folder / VALIDATED).open("a", encoding="utf-8") as file:
        file.write(json.dumps({"step": step, **figures}) + "\n")


def keep_history(folder: Path, stages: Sequence[str], stage: int, step: int) -> None:
    """Drops the lines of steps that are going to be done again.

    Args:
        folder: The run's.
        stages: Their names, in order.
        stage: Number of the stage that is going on.
        step: How many of its steps are done.
    """
    if not (stage or step):  # whatever an earlier training left behind
        for name in (FILE, VALIDATED):
            (folder / name).unlink(missing_ok=True)
    last = len(stages) - 1
    if (folder / FILE).is_file():
        done = [(stages.index(x["stage"]), x["step"]) <= (stage, step) for x in read_losses(folder)]
        _keep(folder / FILE, done)
    if (folder / VALIDATED).is_file():
        lines = (folder / VALIDATED).read_text(encoding="utf-8").splitlines()
        _keep(folder / VALIDATED, [(last, _step_of(line)) <= (stage, step) for line in lines])


def _keep(path: Path, which: Sequence[bool]) -> None:
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    write_text(path, "".join(x for x, kept in zip(lines, which, strict=False) if kept))


def _step_of(line: str) -> float:
    try:
        return json.loads(line)["step"]
    except (ValueError, KeyError, TypeError):  # cut off by a kill
        return float("inf")


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
