"""A small network on disk: a folder with `model.safetensors` and `config.json`, never pickle."""

from __future__ import annotations

import json
from pathlib import Path

from safetensors.torch import save
from torch import nn

from vvipe.errors import VvipeError
from vvipe.formats.atomic import replacing, write_text
from vvipe.models.storage import CONFIG, WEIGHTS, read_tensors


def save_network(folder: Path, network: nn.Module, name: str, sizes: dict[str, int]) -> None:
    """Writes the weights, and what the network is and is made with."""
    folder = Path(folder)
    tensors = {k: v.detach().contiguous() for k, v in network.state_dict().items()}
    with replacing(folder / WEIGHTS) as partial:
        partial.write_bytes(save(tensors))
    config = {"network": name, **sizes}
    write_text(folder / CONFIG, json.dumps(config, indent=2) + "\n")


def read_sizes(folder: Path, network: str, defaults: dict[str, int]) -> dict[str, int]:
    """What a network of this class was made with.

    Args:
        folder: Where `save_network` wrote.
        network: The class's name.
        defaults: All arguments there are.

    Raises:
        VvipeError: No such network there.
    """
    path = Path(folder) / CONFIG
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise VvipeError("no network here", where=folder, expected=CONFIG) from error
    except ValueError as error:
        raise VvipeError("is not JSON", where=path, hint=str(error)) from error
    named = config.pop("network", None) if isinstance(config, dict) else None
    if named != network:
        raise VvipeError("another network", where=path, expected=network, got=named)
    if set(config) != set(defaults):
        expected = ", ".join(sorted(defaults))
        raise VvipeError("other sizes", where=path, expected=expected, got=sorted(config))
    for key, value in config.items():
        if type(value) is not int or not 0 < value <= 10_000:
            raise VvipeError("no size", where=f"{path}: {key}", got=repr(value)[:40])
    return config


def fill(folder: Path, network: nn.Module) -> None:
    """Puts stored weights into a network.

    Raises:
        VvipeError: They are missing, damaged, or of another network.
    """
    path = Path(folder) / WEIGHTS
    tensors = read_tensors(path)
    for name, value in tensors.items():
        if value.is_floating_point() and not bool(value.isfinite().all()):
            raise VvipeError("weights are not finite", where=f"{path}: {name}")
    try:
        network.load_state_dict(tensors)
    except RuntimeError as error:
        raise VvipeError("weights do not fit the sizes", where=path, hint=str(error)) from error
    network.eval()
