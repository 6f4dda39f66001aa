"""When the robot would arrive at a place: a classifier over bins of time (the paper's P_ETA)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor, nn

from vvipe.errors import VvipeError
from vvipe.robot.planning.arrivals import Arrivals
from vvipe.robot.planning.fitting import fit
from vvipe.robot.planning.trap import HORIZON
from vvipe.robot.planning.weights import fill, read_sizes, save_network

SIZES = {"bins": 100, "horizon": HORIZON, "width": 128}


class ETANet:
    """Three hidden ReLU layers and a softmax over bins of time, as in the paper.

    The robot's state is where its gripper is; that is given relative to the goal too.

    Args:
        bins: Of the softmax.
        horizon: Steps that all bins cover together.
        width: Of the hidden layers; the paper does not tell its own.
    """

    def __init__(
        self, bins: int = SIZES["bins"], horizon: int = HORIZON, width: int = SIZES["width"]
    ) -> None:
        self.sizes = {"bins": bins, "horizon": horizon, "width": width}
        self.steps_per_bin = horizon / bins
        self.network = nn.Sequential(
            _Standardised(9),
            nn.Linear(9, width), nn.ReLU(), nn.Linear(width, width), nn.ReLU(),
            nn.Linear(width, width), nn.ReLU(), nn.Linear(width, bins),
        )  # fmt: skip

    @torch.no_grad()
    def __call__(self, gripper: np.ndarray, goal: np.ndarray) -> np.ndarray:
        """(N,) steps of grippers (N, 3) to goals (N, 3), metres.

        The median, not the mean: where the gripper either comes straight down or has to go round
        again, the mean is a time at which it never arrives.
        """
        below = self.network(_features(gripper, goal)).softmax(-1).cumsum(-1) < 0.5
        return self.times[below.sum(-1).clamp(max=self.sizes["bins"] - 1).numpy()]

    @property
    def times(self) -> np.ndarray:
        """(bins,) the mean of the whole steps in each bin."""
        return (np.arange(self.sizes["bins"]) + 0.5) * self.steps_per_bin - 0.5

    def bin_of(self, steps: np.ndarray) -> np.ndarray:
        """(N,) the bins of times; what is later than the horizon is in the last."""
        return np.clip(np.floor(steps / self.steps_per_bin), 0, self.sizes["bins"] - 1).astype(int)

    def fit(
        self,
        examples: Arrivals,
        updates: int = 3000,
        seed: int = 0,
        progress: Callable[[int, float], None] | None = None,
    ) -> ETANet:
        """Trains on arrivals by cross-entropy (Adam, falling rate, 512 examples an update).

        Raises:
            VvipeError: There is no example.
        """
        if not len(examples):
            raise VvipeError("no arrivals to learn from", hint="does the policy ever come down?")
        torch.manual_seed(seed)
        features = _features(examples.gripper, examples.goal)
        _fresh(self.network, features)
        target = torch.from_numpy(self.bin_of(examples.steps))

        def loss() -> Tensor:
            rows = torch.randint(len(target), (512,))
            return F.cross_entropy(self.network(features[rows]), target[rows])

        fit(self.network, loss, updates, progress)
        return self

    def quality(self, held_out: Arrivals) -> dict[str, float]:
        """`mae_steps` and `within_one_bin` (percent) on arrivals that were not trained on."""
        steps = self(held_out.gripper, held_out.goal)
        bins = self.bin_of(steps) - self.bin_of(held_out.steps)
        return {
            "mae_steps": round(float(np.abs(steps - held_out.steps).mean()), 3),
            "within_one_bin": round(100 * float((np.abs(bins) <= 1).mean()), 1),
            "examples": len(held_out),
        }

    def save(self, folder: Path) -> None:
        """Writes `model.safetensors` and `config.json`."""
        save_network(folder, self.network, "ETANet", self.sizes)

    @classmethod
    def load(cls, folder: Path) -> ETANet:
        """Reads what `save` wrote.

        Raises:
            VvipeError: It is missing, damaged, or another network.
        """
        net = cls(**read_sizes(folder, "ETANet", SIZES))
        fill(folder, net.network)
        return net


class _Standardised(nn.Module):
    """Takes mean and spread of the training examples away."""

    mean: Tensor
    scale: Tensor

    def __init__(self, size: int) -> None:
        super().__init__()
        self.register_buffer("mean", torch.zeros(size))
        self.register_buffer("scale", torch.ones(size))

    def forward(self, features: Tensor) -> Tensor:
        return (features - self.mean) / self.scale


def _features(gripper: np.ndarray, goal: np.ndarray) -> Tensor:
    """(N, 9) gripper, goal, and the way between them."""
    return torch.from_numpy(np.concatenate([gripper, goal, goal - gripper], -1)).float()


def _fresh(network: nn.Sequential, features: Tensor) -> None:
    """Starts anew, from a seed set before."""
    for layer in network:
        if isinstance(layer, nn.Linear):
            layer.reset_parameters()
        elif isinstance(layer, _Standardised):
            layer.mean.copy_(features.mean(0))
            layer.scale.copy_(features.std(0, correction=0).clamp(min=1e-3))
