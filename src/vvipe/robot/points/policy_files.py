"""Cloned policies on disk: a folder with `model.safetensors` and `config.json`, never pickle."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from vvipe.errors import VvipeError
from vvipe.formats.atomic import replacing, write_text
from vvipe.models.storage import CONFIG, WEIGHTS, read_tensors
from vvipe.robot.points.cloned import Cloned, Cloning
from vvipe.robot.points.policy import ClonedPolicy

_KEYS = {"shape", "actions", "cloning", "about", "sha256"}


def save_policy(folder: Path, policy: ClonedPolicy) -> None:
    """Writes weights (float32) and configuration."""
    network = policy.network
    weights = save({k: v.contiguous() for k, v in network.state_dict().items()})
    config = {
        "shape": network.shape,
        "actions": network.actions,
        "cloning": asdict(network.how),
        "about": policy.about,
        "sha256": hashlib.sha256(weights).hexdigest(),
    }
    with replacing(folder / WEIGHTS) as partial:
        partial.write_bytes(weights)
    write_text(folder / CONFIG, json.dumps(config, indent=2) + "\n")


def load_policy(folder: Path) -> ClonedPolicy:
    """Reads what `save_policy` wrote.

    Raises:
        VvipeError: A file is missing, damaged, or does not belong to the other.
    """
    config = _read_config(folder / CONFIG)
    path = folder / WEIGHTS
    tensors = read_tensors(path, config["sha256"])
    with torch.device("meta"):  # a size out of bounds costs nothing here
        expected = _network(config, folder / CONFIG).state_dict()
    if {k: v.shape for k, v in expected.items()} != {k: v.shape for k, v in tensors.items()}:
        raise VvipeError("weights do not fit the configuration", where=path)
    with torch.random.fork_rng(devices=[]):
        network = _network(config, folder / CONFIG)
    network.load_state_dict(tensors)
    return ClonedPolicy(network, config["about"])


def _read_config(path: Path) -> dict[str, Any]:
    try:
        config = json.loads(path.read_text(encoding="utf-8"))
    except OSError:
        raise VvipeError("no policy here", where=path.parent, expected=f"{CONFIG}") from None
    except ValueError as error:
        raise VvipeError("is not JSON", where=path, hint=str(error)) from None
    if not isinstance(config, dict) or set(config) != _KEYS:
        raise VvipeError("no policy", where=path, expected=f"keys {', '.join(sorted(_KEYS))}")
    if not isinstance(config["about"], dict):
        raise VvipeError("'about' is no table", where=path)
    return config


def _network(config: dict[str, Any], where: Path) -> Cloned:
    """A network of the configured sizes, its weights to be put in."""
    shape, actions, how = config["shape"], config["actions"], config["cloning"]
    try:
        sizes = [*shape, actions, how["history"], how["chunk"], how["width"]]
        if any(type(n) is not int or n < 1 for n in sizes):
            raise VvipeError("not a size", got=sizes)
        return Cloned(tuple(shape), actions, Cloning(**how))
    except VvipeError as error:
        raise VvipeError(str(error), where=where) from None
    except (TypeError, KeyError, ValueError, RuntimeError, IndexError) as error:
        raise VvipeError("not a configuration", where=where, hint=repr(error)) from None
