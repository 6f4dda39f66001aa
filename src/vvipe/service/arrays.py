"""Arrays as JSON has them: nested lists of numbers, null for what is not there."""

from __future__ import annotations

from collections.abc import Callable
from typing import Annotated, Any

import numpy as np
from pydantic import PlainValidator, WithJsonSchema
from pydantic_core import PydanticCustomError

_FAR = 1e9  # pixels, millimetres, frames or seconds: what is further is a mistake
_RANGE = {"minimum": -_FAR, "maximum": _FAR}
_NUMBER, _WHOLE = {"type": "number"} | _RANGE, {"type": "integer"} | _RANGE


def _array(dims: int, last: tuple[int, ...] = ()) -> Callable[[Any], np.ndarray]:
    """What makes a float64 array of nested lists; null is NaN, for a number and for a whole row."""

    def read(value: Any) -> np.ndarray:
        if isinstance(value, np.ndarray):
            return value
        if not isinstance(value, list) or not value:
            raise _error("expected a list that is not empty", value)
        rows = _filled(value) if dims > 1 else value
        try:
            array = np.array(rows, dtype=object)
        except (ValueError, RecursionError):  # rows of different depth
            raise _error(f"expected {dims} levels of lists, rows of equal length", None) from None
        kinds = set(map(type, array.ravel().tolist()))
        if array.ndim != dims or list in kinds:
            raise _error(f"expected {dims} levels of lists, rows of equal length", None)
        if wrong := kinds - {int, float, type(None)}:
            raise _error("expected numbers or null", next(iter(wrong)).__name__)
        if last and array.shape[-1] not in last:
            raise _error(f"expected {' or '.join(map(str, last))} numbers a point", array.shape[-1])
        return _finite(array)

    return read


def _filled(rows: list[Any]) -> list[Any]:
    """Rows that are null as rows of null."""
    whole = next((r for r in rows if r is not None), None)
    if whole is None:
        raise _error("expected at least one row that is not null", None)
    if len(rows) == 1 or not any(r is None for r in rows):
        return rows
    try:
        nothing = np.full(np.shape(np.array(whole, dtype=object)), None, dtype=object).tolist()
    except (ValueError, RecursionError):
        raise _error("expected rows of equal length", None) from None
    return [nothing if r is None else r for r in rows]


def _finite(array: np.ndarray) -> np.ndarray:
    try:
        numbers = array.astype(np.float64)
    except OverflowError:
        numbers = np.full(1, np.inf)
    if (np.abs(numbers) > _FAR).any():  # null is NaN by now, and no more than that
        raise _error(f"expected numbers up to {_FAR:g} either way", None)
    return numbers


def _frames(value: Any) -> np.ndarray:
    array = _array(1)(value)
    if not (array == np.round(array)).all():
        raise _error("expected whole numbers", None)
    return array.astype(np.int64)


def _seconds(value: Any) -> np.ndarray:
    array = _array(1)(value)
    if np.isnan(array).any():
        raise _error("expected seconds, none of them null", None)
    return array


def _error(message: str, got: object) -> PydanticCustomError:
    text = message if got is None else f"{message}; got {repr(got)[:40]}"
    return PydanticCustomError("array", "{text}", {"text": text})


def _lists(*inner: dict[str, Any], least: int = 0, most: int | None = None) -> dict[str, Any]:
    items = inner[0] if len(inner) == 1 else {"anyOf": list(inner)}
    bounds = {"minItems": least} | ({"maxItems": most} if most else {})
    return {"type": "array", "items": items} | (bounds if least else {})


_NULL = {"type": "null"}
_POINT_2D = _lists(_NUMBER, _NULL, least=2, most=3)
_POINT_3D = _lists(_NUMBER, _NULL, least=3, most=3)

Keypoints = Annotated[
    np.ndarray, PlainValidator(_array(3, (2, 3))),
    WithJsonSchema(_lists(_lists(_POINT_2D, least=1), _NULL, least=1)),
]  # fmt: skip
"""(N, J, 2 or 3)."""
Positions = Annotated[
    np.ndarray, PlainValidator(_array(3, (3,))),
    WithJsonSchema(_lists(_lists(_POINT_3D, least=1), _NULL, least=1)),
]  # fmt: skip
"""(N, J, 3)."""
Vectors = Annotated[
    np.ndarray, PlainValidator(_array(2)),
    WithJsonSchema(_lists(_lists(_NUMBER, least=1), _NULL, least=1)),
]  # fmt: skip
"""(N, D)."""
Frames = Annotated[np.ndarray, PlainValidator(_frames), WithJsonSchema(_lists(_WHOLE, least=1))]
Seconds = Annotated[np.ndarray, PlainValidator(_seconds), WithJsonSchema(_lists(_NUMBER, least=1))]


def rows_to_lists(values: np.ndarray) -> list[Any]:
    """Rows of an array as nested lists; a row that is NaN throughout is None."""
    lists: list[Any] = values.tolist()
    for i in np.flatnonzero(np.isnan(values).all(tuple(range(1, values.ndim)))):
        lists[i] = None
    return lists
