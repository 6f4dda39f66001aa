"""Single values of a training configuration, changed by `--set key=value`."""

from __future__ import annotations

import dataclasses
import difflib
import tomllib
from collections.abc import Sequence
from typing import Any

from vvipe.errors import VvipeError
from vvipe.training.toml import alike


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
    names = [f.name for f in dataclasses.fields(config) if f.init]
    if key not in names:
        near = difflib.get_close_matches(key, names, n=1, cutoff=0.0)[0]
        raise VvipeError(f"unknown key {key!r}", where=where, hint=f"nearest is {near!r}")
    old = getattr(config, key)
    if rest and not dataclasses.is_dataclass(old):
        raise VvipeError(f"{key!r} is no table", where=where)
    new = _with(old, rest, value, where) if rest else alike(old, value, where)
    return dataclasses.replace(config, **{key: new})


def _value(text: str) -> Any:
    try:
        return tomllib.loads(f"value = {text}")["value"]
    except tomllib.TOMLDecodeError:
        return text
