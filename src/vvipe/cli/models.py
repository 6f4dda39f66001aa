"""`vvipe models`: what ships, and details of one model."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import tyro

from vvipe.cli.answer import Answer
from vvipe.cli.parsing import Json

if TYPE_CHECKING:
    from pathlib import Path


@dataclass(frozen=True)
class Options:
    """Lists the models that ship; with a name, tells all about one.

    Attributes:
        name: A model that ships, or a folder that `train` wrote.
    """

    name: Annotated[str, tyro.conf.Positional] = ""
    json: Json = False


def run(options: Options) -> Answer:
    """Lists models, or describes one."""
    from vvipe.models import model_folder, shipped_models
    from vvipe.models.registry import DEFAULT

    if options.name:
        about = _about(model_folder(options.name))
        return Answer(about, _details(about))
    models = [_about(model_folder(name)) for name in shipped_models()]
    lines = [_line(about, about["name"] == DEFAULT) for about in models]
    return Answer({"models": models}, "\n".join(lines) or "no models ship with this installation")


def _about(folder: Path) -> dict[str, Any]:
    """`config.json`, the folder and the size of its weights."""
    # Not through vvipe.models.storage, which would load torch.
    from vvipe.errors import VvipeError

    path = folder / "config.json"
    try:
        config = json.loads(path.read_text())
        size = (folder / "model.safetensors").stat().st_size
    except OSError as error:
        raise VvipeError(
            "not a model", where=folder, expected="config.json and model.safetensors",
            hint="name a model of `vvipe models`, or a folder that `vvipe train` has finished",
        ) from error  # fmt: skip
    except ValueError as error:
        raise VvipeError(f"broken JSON ({error})", where=path) from error
    return {"folder": folder, "size_mb": round(size / 1e6, 2)} | config


def _line(about: dict[str, Any], default: bool) -> str:
    mark = "*" if default else " "
    data = about.get("trained_on", "unknown data")
    return f"{mark} {about['name']:<16} {about['sha256'][:12]}  {about['size_mb']:5.1f} MB  {data}"


def _details(about: dict[str, Any]) -> str:
    from vvipe.cli.table import table_of

    plain = {k: v for k, v in about.items() if not isinstance(v, dict | list)}
    plain |= {k: v for k, v in about.get("architecture", {}).items()}
    width = max(map(len, plain))
    lines = [f"{key:<{width}}  {value}" for key, value in plain.items()]
    if about.get("metrics"):
        lines += ["", table_of(about["metrics"])]
    return "\n".join(lines)
