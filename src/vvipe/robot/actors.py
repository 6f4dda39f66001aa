"""Trained policies on disk: the layers of an actor, and what it reads."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from safetensors import SafetensorError
from safetensors.numpy import load, save

from vvipe.errors import VvipeError
from vvipe.formats.atomic import replacing, write_text

WEIGHTS, CONFIG = "actor.safetensors", "actor.json"


class Actor:
    """Linear layers with ReLU between them and tanh behind: observation -> action in -1 … 1.

    Args:
        layers: (weight (out, in), bias (out,)) each.
        inputs: The parts of an observation, in the order in which they are joined.
        normalised: Whether each layer's numbers are brought to mean 0 and deviation 1 before ReLU.
        about: What else its file says of it.
    """

    def __init__(
        self,
        layers: Sequence[tuple[np.ndarray, np.ndarray]],
        inputs: Sequence[str],
        normalised: bool = False,
        about: Mapping[str, Any] | None = None,
    ) -> None:
        self.layers = [(np.asarray(w, np.float32), np.asarray(b, np.float32)) for w, b in layers]
        self.inputs, self.normalised, self.about = tuple(inputs), normalised, dict(about or {})

    def __call__(self, observation: Mapping[str, np.ndarray]) -> np.ndarray:
        """(..., A) float32, for parts (..., n) of the observation."""
        x = np.concatenate([observation[k] for k in self.inputs], -1).astype(np.float32)
        for weight, bias in self.layers[:-1]:
            x = x @ weight.T + bias
            x = np.maximum(_normalised(x) if self.normalised else x, 0)
        weight, bias = self.layers[-1]
        return np.tanh(x @ weight.T + bias)

    @classmethod
    def of(cls, learner: Any) -> Actor:
        """The deterministic actor of a stable-baselines3 TD3 or SAC with dict observations."""
        net = learner.policy.actor
        body, last = (net.latent_pi, net.mu) if hasattr(net, "latent_pi") else (net.mu, None)
        linear = [m for m in body if hasattr(m, "weight")] + ([last] if last is not None else [])
        layers = [(_copied(m.weight), _copied(m.bias)) for m in linear]
        normalised = any(hasattr(m, "normalises") for m in body)
        return cls(layers, list(learner.observation_space.spaces), normalised)

    def save(self, folder: Path, about: Mapping[str, Any] | None = None) -> None:
        """Writes weights (float32) and `actor.json`."""
        arrays = {
            f"{i}.{n}": a
            for i, pair in enumerate(self.layers)
            for n, a in zip("wb", pair, strict=True)
        }
        content = save(arrays)
        with replacing(folder / WEIGHTS) as partial:
            partial.write_bytes(content)
        config = {
            **(about or {}), "inputs": self.inputs, "layers": len(self.layers),
            "normalised": self.normalised, "sha256": hashlib.sha256(content).hexdigest(),
        }  # fmt: skip
        write_text(folder / CONFIG, json.dumps(config, indent=2) + "\n")

    @classmethod
    def load(cls, folder: Path) -> Actor:
        """Reads what `save` wrote.

        Raises:
            VvipeError: A file is missing, damaged, or does not belong to the other.
        """
        path = folder / CONFIG
        try:
            config = json.loads(path.read_text())
            inputs, count, digest = config["inputs"], int(config["layers"]), config["sha256"]
            path = folder / WEIGHTS
            content = path.read_bytes()
            arrays = load(content)
        except OSError as error:
            raise VvipeError("no policy", where=path, expected=f"{CONFIG} and {WEIGHTS}") from error
        except (SafetensorError, KeyError, TypeError, ValueError) as error:
            raise VvipeError("damaged policy", where=path, hint=str(error)) from None
        if hashlib.sha256(content).hexdigest() != digest:
            raise VvipeError(f"weights do not bear the hash in {CONFIG}", where=path)
        layers = [(arrays[f"{i}.w"], arrays[f"{i}.b"]) for i in range(count)]
        return cls(layers, inputs, bool(config.get("normalised")), config)


def _copied(parameter: Any) -> np.ndarray:
    """What the learner goes on changing, as it is now."""
    return parameter.detach().cpu().numpy().copy()


def _normalised(x: np.ndarray) -> np.ndarray:
    """As torch's layer norm, over the last axis."""
    centred = x - x.mean(-1, keepdims=True)
    return centred / np.sqrt((centred**2).mean(-1, keepdims=True) + 1e-5)
