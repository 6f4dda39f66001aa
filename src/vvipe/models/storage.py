"""Models on disk: a folder with `model.safetensors`, `config.json` and a model card.

Weights are stored as float16; pickle is never read, and the class comes from the registry.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from vvipe.errors import VvipeError
from vvipe.formats.atomic import replacing, write_text
from vvipe.models.card import model_card
from vvipe.models.kinds import KINDS

WEIGHTS, CONFIG, CARD = "model.safetensors", "config.json", "README.md"


def save_model(folder: Path, networks: Any, config: dict[str, Any]) -> str:
    """Writes weights (float16), configuration and model card; returns the weights' SHA-256.

    Args:
        folder: Made if it is not there.
        networks: What was trained.
        config: What is known of it: name, training, data, metrics; sizes and hash are added here.
    """
    folder.mkdir(parents=True, exist_ok=True)
    weights = save(_float16(networks))
    digest = hashlib.sha256(weights).hexdigest()
    config = config | {"architecture": dataclasses.asdict(networks.arch), "sha256": digest}
    with replacing(folder / WEIGHTS) as partial:
        partial.write_bytes(weights)
    write_text(folder / CONFIG, json.dumps(config, indent=2) + "\n")
    write_text(folder / CARD, model_card(config))
    return digest


def load_networks(folder: Path) -> tuple[Any, dict[str, Any]]:
    """Networks in evaluation mode, float32, and their configuration.

    Raises:
        VvipeError: A file is missing, damaged, or does not belong to the others.
    """
    config = read_config(folder)
    path = folder / WEIGHTS
    tensors = read_tensors(path, config["sha256"], hint="is the installation complete?")
    networks = _unfilled(config, folder / CONFIG)
    expected = set(networks.state_dict())
    if expected != set(tensors):
        raise VvipeError(
            "weights do not fit the architecture", where=path,
            expected=f"also {sorted(expected - set(tensors))[:3]}",
            got=f"also {sorted(set(tensors) - expected)[:3]}",
        )  # fmt: skip
    as_float = {k: v.float() if v.is_floating_point() else v for k, v in tensors.items()}
    try:
        networks.load_state_dict(as_float, assign=True)
    except RuntimeError as error:  # a tensor of another shape
        raise VvipeError("weights do not fit the architecture", where=path) from error
    return networks.eval(), config


def read_tensors(
    path: Path, digest: str | None = None, hint: str | None = None
) -> dict[str, torch.Tensor]:
    """The tensors of a file of weights.

    Args:
        path: The file.
        digest: The SHA-256 that it has to have, where one is known.
        hint: What to do where the file is not there.

    Raises:
        VvipeError: It is missing, damaged, or another than it should be.
    """
    try:
        content = path.read_bytes()
        tensors = load(content)
    except OSError as error:
        raise VvipeError("no weights", where=path, hint=hint) from error
    except SafetensorError as error:
        raise VvipeError("damaged weights", where=path, hint=str(error)) from error
    if digest is not None and hashlib.sha256(content).hexdigest() != digest:
        raise VvipeError(f"weights do not bear the hash in {CONFIG}", where=path)
    return tensors


def read_config(folder: Path) -> dict[str, Any]:
    """`config.json` of a model's folder."""
    path = folder / CONFIG
    try:
        config = json.loads(path.read_text())
    except OSError as error:
        raise VvipeError(
            "no model here", where=folder, expected=f"a folder with {CONFIG}"
        ) from error
    except ValueError as error:
        raise VvipeError("is not JSON", where=path, hint=str(error)) from error
    if not isinstance(config, dict):
        raise VvipeError("is not a table", where=path)
    absent = {"name", "representation", "architecture", "sha256"} - set(config)
    if absent:
        raise VvipeError(f"key {min(absent)!r} is missing", where=path)
    return config


def _unfilled(config: dict[str, Any], where: Path) -> Any:
    """Networks without values, for weights to be put in."""
    representation, architecture = str(config["representation"]), config["architecture"]
    if representation not in KINDS:
        raise VvipeError(
            f"unknown representation {representation!r}", where=where, expected=" or ".join(KINDS)
        )
    kind = KINDS[representation]
    try:
        with torch.device("meta"):
            return kind.networks(kind.architecture(**architecture))
    except (TypeError, RuntimeError) as error:  # an unknown key, a size that is none
        raise VvipeError("not an architecture", where=where, got=architecture) from error


def _float16(networks: Any) -> dict[str, torch.Tensor]:
    # Counters of batch norms are not needed in use, but keep loading strict.
    return {
        k: (v.half() if v.is_floating_point() else v).contiguous()
        for k, v in networks.state_dict().items()
    }
