"""Where the ball will be, learned: all future positions at once (the paper's P_traj)."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from vvipe.errors import VvipeError
from vvipe.robot.planning.fitting import fit
from vvipe.robot.planning.motions import KINDS, Box, sample_motion
from vvipe.robot.planning.trap import FORECAST, HISTORY
from vvipe.robot.planning.weights import fill, read_sizes, save_network

SIZES = {"past": HISTORY, "steps": FORECAST, "channels": 32, "width": 256}
_FASTER = 10.0  # steps are that much smaller than the box


class TrajectoryNet:
    """A 1-D convolutional network over past positions; trades accuracy for speed as in the paper.

    It looks at each axis of the box by itself, turned so that the ball goes up (ours): a wall
    throws the ball back on one axis alone. The layers' sizes are ours, the paper tells none.

    Args:
        box: What the ball stays in; D axes, flat ones are foreseen to stay as they are.
        past: Positions it looks at, H.
        steps: Positions it foresees, F.
        channels: Of the convolutions.
        width: Of the layers after them.
    """

    def __init__(
        self,
        box: Box,
        past: int = SIZES["past"],
        steps: int = SIZES["steps"],
        channels: int = SIZES["channels"],
        width: int = SIZES["width"],
    ) -> None:
        self.box = box
        self.sizes = {"past": past, "steps": steps, "channels": channels, "width": width}
        self.network = nn.Sequential(
            nn.Conv1d(2, channels, 5, 2, 2), nn.ReLU(),
            nn.Conv1d(channels, channels, 5, 2, 2), nn.ReLU(), nn.Flatten(),
            nn.Linear(channels * -(-past // 4), width), nn.ReLU(),
            nn.Linear(width, width), nn.ReLU(), nn.Linear(width, steps),
        )  # fmt: skip

    @torch.no_grad()
    def __call__(self, past: np.ndarray) -> np.ndarray:
        """(N, H, D) positions, the present one last -> (N, F, D), metres.

        Raises:
            VvipeError: Too few positions, or not those of a ball in the box.
        """
        least, axes = self.sizes["past"], len(self.box.low)
        if past.ndim != 3 or past.shape[1] < least or past.shape[2] != axes:
            raise VvipeError("no history", expected=f"(N, >= {least}, {axes})", got=past.shape)
        middle, half = np.add(self.box.low, self.box.high) / 2, self.box.size / 2
        places = (past - middle) / np.where(half > 0, half, 1.0)
        rows = places.transpose(0, 2, 1).reshape(-1, places.shape[1])
        ahead = self._foresee(torch.from_numpy(rows).float()).double().numpy()
        ways = ahead.reshape(len(past), past.shape[2], -1).transpose(0, 2, 1) * half
        return past[:, -1:] + ways

    def _foresee(self, rows: Tensor) -> Tensor:
        """(R, H) positions on axes from -1 to 1 -> (R, F) ways from the last."""
        rows = rows[:, -self.sizes["past"] :]
        up = torch.where(rows[:, -1:] < rows[:, -2:-1], -1.0, 1.0)
        moved = torch.diff(rows, dim=1, prepend=rows[:, :1])
        return up * self.network(torch.stack([up * rows, up * moved * _FASTER], 1))

    def fit(
        self,
        top_speed: float,
        kinds: tuple[str, ...] = tuple(KINDS),
        updates: int = 3000,
        seed: int = 0,
        progress: Callable[[int, float], None] | None = None,
    ) -> TrajectoryNet:
        """Trains on simulated motions that start anew each update; least absolute error (Adam).

        Args:
            top_speed: Metres a step of the fastest ball; all slower ones are as likely.
            kinds: Motions, equally often.
            updates: Of 256 motions each.
            seed: Decides everything.
            progress: Told of the update and its loss.
        """
        torch.manual_seed(seed)
        rng = np.random.default_rng(seed)
        for layer in self.network:
            if isinstance(layer, nn.Conv1d | nn.Linear):
                layer.reset_parameters()

        def loss() -> Tensor:
            rows = self._motions(256, top_speed, kinds, rng)
            past, ahead = rows[:, : self.sizes["past"]], rows[:, self.sizes["past"] :]
            return (self._foresee(past) + past[:, -1:] - ahead).abs().mean()

        fit(self.network, loss, updates, progress)
        return self

    def _motions(
        self, count: int, top_speed: float, kinds: tuple[str, ...], rng: np.random.Generator
    ) -> Tensor:
        """(R, H + F) positions on axes from -1 to 1."""
        steps = np.arange(self.sizes["past"] + self.sizes["steps"])
        each = -(-count // len(kinds))
        motions = (
            sample_motion(kind, self.box, rng.uniform(0, top_speed, each), each, rng)
            for kind in kinds
        )
        places = np.concatenate([motion.positions(steps) for motion in motions])
        wide = self.box.size > 0
        places = 2 * (places - self.box.low)[..., wide] / self.box.size[wide] - 1
        return torch.from_numpy(places.transpose(0, 2, 1).reshape(-1, len(steps))).float()

    def save(self, folder: Path) -> None:
        """Writes `model.safetensors` and `config.json`."""
        save_network(folder, self.network, "TrajectoryNet", self.sizes)

    @classmethod
    def load(cls, folder: Path, box: Box) -> TrajectoryNet:
        """Reads what `save` wrote.

        Raises:
            VvipeError: It is missing, damaged, or another network.
        """
        net = cls(box, **read_sizes(folder, "TrajectoryNet", SIZES))
        fill(folder, net.network)
        return net
