"""Models by name: those that ship with the package, and folders that a training wrote."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

from vvipe.errors import VvipeError

SHIPPED = Path(__file__).parent / "weights"
DEFAULT = "vvipe"
# Methods whose names are no verbs.
_SAID = {"hypotheses": "tell hypotheses", "points": "make points of views"}


def shipped_models() -> tuple[str, ...]:
    """Names of the models inside the package."""
    return tuple(sorted(p.parent.name for p in SHIPPED.glob("*/config.json")))


def model_folder(name: str | os.PathLike[str]) -> Path:
    """The folder of a shipped model or of a path."""
    if str(name) in shipped_models():
        return SHIPPED / name
    folder = Path(name)
    if not folder.is_dir():
        known = ", ".join(shipped_models()) or "none"
        raise VvipeError(f"no model {str(name)!r}", hint=f"shipped: {known}; or give a folder")
    return folder


def load(name: str | os.PathLike[str] = DEFAULT, needs: tuple[str, ...] = ()) -> Any:
    """Loads a model: `vvipe.load()` gives the one that ships with the package.

    Args:
        name: Name of a shipped model, or the folder that `vvipe train` wrote.
        needs: Methods that it must have beyond `embed` and `distance`.

    Returns:
        A representation with `embed` and `distance`; what lifts also has `lift`, V-VIPE also
        `decode`, `generate` and `interpolate`, the unsupervised lifter `hypotheses`, the
        geometry-aware representation `points`.

    Raises:
        VvipeError: No such model, its files are damaged, or it cannot do what is needed.
    """
    from vvipe.models.kinds import KINDS
    from vvipe.models.storage import load_networks

    folder = model_folder(name)
    networks, config = load_networks(folder)
    model = KINDS[config["representation"]].model(networks, config, folder)
    if lacking := [method for method in needs if not hasattr(model, method)]:
        able = [name for name, kind in KINDS.items() if all(hasattr(kind.model, n) for n in needs)]
        raise VvipeError(
            f"a {config['representation']} model cannot {_SAID.get(lacking[0], lacking[0])}",
            where=folder,
            hint=f"take a {' or '.join(able)} model"
            + (f", such as {DEFAULT!r}" if "vvipe" in able else ""),
        )
    return model
