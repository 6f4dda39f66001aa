"""Single values of a training configuration, changed by `--set key=value`."""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from collections.abc import Sequence
from typing import Any

from vvipe.errors import VvipeError


def overridden(config: Any, settings: Sequence[str]) -> Any:
    """A configuration with some values changed.

    Args:
        config: A dataclass, its fields values or dataclasses.
        settings: `key=value` each, the key dotted (`objective.triplet`), the value as in TOML;
            text needs no quotes.

    Raises:
        VvipeError: No `=`, no such key (the nearest is named), or a value of another kind.
    """
    for setting in settings:
        key, equals, text = setting.partition("=")
        if not equals:
            raise VvipeError("no value", where=f"--set {setting}", expected="key=value")
        config = _with(config, key.strip().split("."), _value(text.strip()), f"--set {setting}")
    return config


def _with(config: Any, keys: list[str], value: Any, where: str) -> Any:
    key, *rest = keys
    names = [f.name for f in dataclasses.fields(config)]
    if key not in names:
        near = difflib.get_close_matches(key, names, n=1, cutoff=0.0)[0]
        raise VvipeError(f"unknown key {key!r}", where=where, hint=f"nearest is {near!r}")
    old = getattr(config, key)
    if rest and not dataclasses.is_dataclass(old):
        raise VvipeError(f"{key!r} is no table", where=where)
    new = _with(old, rest, value, where) if rest else _like(old, value, where)
    return dataclasses.replace(config, **{key: new})


def _like(old: Any, value: Any, where: str) -> Any:
    """The value if it is of the kind of the old one; whole numbers become floats."""
    if isinstance(old, tuple) and isinstance(value, list) and len(value) == len(old):
        return tuple(_like(o, v, where) for o, v in zip(old, value, strict=True))
    if type(old) is float and type(value) is int:
        return float(value)
    if type(old) is not type(value):
        raise VvipeError("value of the wrong kind", where=where, expected=f"such as {old!r}")
    return value


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
