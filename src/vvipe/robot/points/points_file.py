"""Prescribed points as a JSON file."""

from __future__ import annotations

import json
import math
from dataclasses import asdict
from pathlib import Path
from typing import Any

from vvipe.errors import VvipeError
from vvipe.formats.atomic import write_text
from vvipe.robot.points.prescribed import CARRIERS, PrescribedPoint, PrescribedPoints

FORMAT = "vvipe prescribed points 1"


def save_points(path: Path, points: PrescribedPoints) -> None:
    """Writes the points; every digit is kept."""
    content = {"format": FORMAT, "points": [asdict(p) for p in points.points]}
    write_text(path, json.dumps(content, indent=2) + "\n")


def load_points(path: Path) -> PrescribedPoints:
    """Reads what `save_points` wrote.

    Raises:
        VvipeError: No such file, or it holds no prescribed points.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise VvipeError(f"cannot be read ({error.strerror})", where=path) from None
    except ValueError as error:
        raise VvipeError("is not JSON", where=path, hint=str(error)) from None
    return points_of(content, path)


def points_of(content: Any, where: object) -> PrescribedPoints:
    """Points from the content of such a file.

    Raises:
        VvipeError: It is something else.
    """
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise VvipeError("no prescribed points", where=where, expected=f"format {FORMAT!r}")
    rows = content.get("points")
    if not isinstance(rows, list):
        raise VvipeError("no list of points", where=where)
    points = tuple(_point(row, f"{where}: point {i}") for i, row in enumerate(rows))
    try:
        return PrescribedPoints(points)
    except VvipeError as error:
        raise VvipeError(str(error), where=where) from None


def _point(row: Any, where: str) -> PrescribedPoint:
    keys = set(PrescribedPoint.__dataclass_fields__)
    if isinstance(row, dict):
        row = {"slides": False} | row  # older files do not say
    if not isinstance(row, dict) or set(row) != keys:
        raise VvipeError(
            "not a point", where=where, expected=", ".join(sorted(keys)),
            got=", ".join(sorted(map(str, row))) if isinstance(row, dict) else row,
        )  # fmt: skip
    name, carrier = row["name"], row["carrier"]
    flags = row["anchor"], row["helper"], row["slides"]
    if not isinstance(name, str) or not isinstance(carrier, str):
        raise VvipeError("name and carrier are text", where=where)
    if not all(isinstance(flag, bool) for flag in flags):
        raise VvipeError("anchor, helper and slides are true or false", where=where)
    if carrier.partition(":")[0] not in CARRIERS:
        raise VvipeError("not a carrier", where=where, expected="body: or site:", got=carrier)
    return PrescribedPoint(
        name, carrier, _vector(row["offset_m"], where), _vector(row["seen_m"], where), *flags
    )


def _vector(value: Any, where: str) -> tuple[float, float, float]:
    numbers = value if isinstance(value, list) else []
    sound = [float(x) for x in numbers if type(x) in (int, float) and math.isfinite(x)]
    if len(sound) != 3 or len(numbers) != 3:
        raise VvipeError("not a vector", where=where, expected="3 numbers", got=value)
    return sound[0], sound[1], sound[2]
