"""Training configurations as TOML and as nested tables, both ways."""

from __future__ import annotations

import dataclasses
import difflib
import json
import tomllib
from pathlib import Path
from typing import Any

from vvipe.errors import VvipeError
from vvipe.training.config import TrainConfig
from vvipe.training.methods import METHODS


def config_to_toml(config: TrainConfig) -> str:
    """The configuration as TOML; `config_from_toml` reads it back."""
    return "\n".join(_toml_lines(dataclasses.asdict(config))) + "\n"


def config_from_dict(values: dict[str, Any], where: object = "config") -> TrainConfig:
    """A configuration from nested tables; an unknown key is an error that names the nearest one.

    Its class is that of the key `representation`, V-VIPE's where there is none.
    """
    name = values.get("representation", "vvipe")
    if name not in METHODS:
        known = ", ".join(METHODS)
        raise VvipeError("no such representation", where=where, got=repr(name), expected=known)
    rest = {key: value for key, value in values.items() if key != "representation"}
    return _fill(METHODS[name].config, rest, where)


def config_from_toml(path: Path) -> TrainConfig:
    """Reads a TOML file as `config_to_toml` writes it; absent keys keep their defaults."""
    try:
        return config_from_dict(tomllib.loads(path.read_text()), path)
    except OSError as error:
        raise VvipeError("cannot be read", where=path, hint=str(error.strerror)) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise VvipeError("is not TOML", where=path, hint=str(error)) from error


def _fill(kind: Any, values: dict[str, Any], where: object) -> Any:
    fields = {f.name: f for f in dataclasses.fields(kind) if f.init}
    out: dict[str, Any] = {}
    for key, value in values.items():
        if key not in fields:
            near = difflib.get_close_matches(key, fields, n=1, cutoff=0.0)[0]
            raise VvipeError(f"unknown key {key!r}", where=where, hint=f"nearest is {near!r}")
        out[key] = _fitting(fields[key], value, where)
    return kind(**out)


def _fitting(field_: dataclasses.Field[Any], value: Any, where: object) -> Any:
    """The value if it is of the kind of the default; whole numbers become floats."""
    if field_.default_factory is not dataclasses.MISSING:
        if isinstance(value, dict):
            return _fill(type(field_.default_factory()), value, f"{where} [{field_.name}]")
        raise VvipeError(f"{field_.name!r} is a table", where=where, got=repr(value))
    return alike(field_.default, value, f"{where}: {field_.name}")


def alike(default: Any, value: Any, where: object) -> Any:
    """The value if it is of the kind of the default; whole numbers become floats, lists tuples."""
    listed = isinstance(value, list | tuple)
    if isinstance(default, tuple) and listed and len(value) == len(default):
        return tuple(alike(d, v, where) for d, v in zip(default, value, strict=True))
    if type(default) is float and type(value) is int:
        return float(value)
    if type(default) is not type(value):
        raise VvipeError("value of the wrong kind", where=where, expected=f"such as {default!r}")
    return value


def _toml_lines(values: dict[str, Any]) -> list[str]:
    plain = [f"{k} = {_toml_value(v)}" for k, v in values.items() if not isinstance(v, dict)]
    for name, table in values.items():
        if isinstance(table, dict):
            plain += ["", f"[{name}]", *_toml_lines(table)]
    return plain


def _toml_value(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return json.dumps(value)
    if isinstance(value, tuple):
        return "[" + ", ".join(_toml_value(v) for v in value) + "]"
    return repr(value)
