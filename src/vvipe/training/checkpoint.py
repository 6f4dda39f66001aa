"""Checkpoints that resume exactly.

Every step seeds its own random numbers, so weights, the optimiser's state, the running mean and the
step's number are all there is to keep.
"""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load, save

from vvipe.errors import VvipeError
from vvipe.formats.atomic import replacing

FILE = "checkpoint.safetensors"
State = dict[str, torch.Tensor]


@dataclass(frozen=True)
class Checkpoint:
    """How far a training was, and all that it needs to go on.

    Attributes:
        stage: Which stage was under way.
        step: Steps of it that were done.
        bf16: Type of the matrix products, which a resumed run keeps.
        seconds: Time spent so far.
        parts: Named states, such as `networks`, `mean` and `optimiser`.
    """

    stage: int
    step: int
    bf16: bool
    seconds: float
    parts: dict[str, State]


def save_checkpoint(folder: Path, checkpoint: Checkpoint, key: str) -> None:
    """Writes a checkpoint in place of the last one, atomically.

    Args:
        folder: The run's folder.
        checkpoint: What to write.
        key: Hash of configuration, data and device; a checkpoint resumes only under the same.
    """
    tensors = {
        f"{part}|{name}": t.contiguous()
        for part, state in checkpoint.parts.items()
        for name, t in state.items()
    }
    numbers = {k: v for k, v in vars(checkpoint).items() if k != "parts"}
    content = save(tensors, {"key": key, "numbers": json.dumps(numbers)})
    with replacing(folder / FILE) as partial:
        partial.write_bytes(content)


def load_checkpoint(folder: Path, key: str) -> Checkpoint:
    """The run's checkpoint.

    Raises:
        VvipeError: None there, damaged, or of another configuration, device or data.
    """
    path = folder / FILE
    try:
        content = path.read_bytes()
        tensors = load(content)
    except OSError as error:
        raise VvipeError("nothing to resume", where=path, hint="train without --resume") from error
    except SafetensorError as error:
        raise VvipeError("damaged checkpoint", where=path, hint="train without --resume") from error
    about = _metadata(content)
    if about.get("key") != key:
        raise VvipeError(
            "the checkpoint is of another configuration, device or other data", where=path,
            hint="train without --resume, or into another folder",
        )  # fmt: skip
    parts: dict[str, State] = {}
    for name, tensor in tensors.items():
        part, _, rest = name.partition("|")
        parts.setdefault(part, {})[rest] = tensor
    return Checkpoint(**json.loads(about["numbers"]), parts=parts)


def optimiser_state(optimiser: torch.optim.Optimizer) -> State:
    """Adam's moments and step counts as flat tensors."""
    state: dict[int, dict[str, Any]] = optimiser.state_dict()["state"]
    return {f"{i}.{k}": torch.as_tensor(v) for i, s in state.items() for k, v in s.items()}


def restore_optimiser(optimiser: torch.optim.Optimizer, flat: State) -> None:
    """The inverse of `optimiser_state`; moments lie in memory as their weights do."""
    weights = [weight for group in optimiser.param_groups for weight in group["params"]]
    state: dict[int, dict[str, torch.Tensor]] = {}
    for name, tensor in flat.items():
        index, _, key = name.partition(".")
        weight = weights[int(index)]
        laid = torch.empty_like(weight).copy_(tensor) if tensor.shape == weight.shape else tensor
        state.setdefault(int(index), {})[key] = laid
    groups = optimiser.state_dict()["param_groups"]
    optimiser.load_state_dict({"state": state, "param_groups": groups})


def run_key(*parts: str) -> str:
    """Hash of what must be the same for a checkpoint to fit."""
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def _metadata(content: bytes) -> dict[str, str]:
    size = int.from_bytes(content[:8], "little")
    return json.loads(content[8 : 8 + size]).get("__metadata__", {})
