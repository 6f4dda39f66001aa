"""A cloned policy at work: it remembers, and averages what it told before."""

from __future__ import annotations

from typing import Any

import numpy as np
import torch

from vvipe.errors import VvipeError
from vvipe.robot.points.chunks import TemporalAverage
from vvipe.robot.points.cloned import Cloned


class ClonedPolicy:
    """A policy that remembers its history and averages its chunks; the same input, the same action.

    Args:
        network: Trained.
        about: What else is kept with it, such as the prescribed points.
    """

    def __init__(self, network: Cloned, about: dict[str, Any] | None = None) -> None:
        self.network, self.about = network.eval(), about or {}
        self._average = TemporalAverage(network.how.fade)
        self._seen: list[np.ndarray] = []

    def reset(self) -> None:
        """Begins an episode."""
        self._seen = []
        self._average.reset()

    def act(self, observation: np.ndarray) -> np.ndarray:
        """(A,) the action for now, in -1 … 1.

        Raises:
            VvipeError: An observation of another shape, or one with gaps.
        """
        observation = np.asarray(observation)
        if observation.shape != self.network.shape or not np.isfinite(observation).all():
            raise VvipeError(
                "not an observation of this policy", expected=f"finite {self.network.shape}",
                got=observation.shape,
            )  # fmt: skip
        history = self.network.how.history
        self._seen = [*(self._seen or [observation] * (history - 1)), observation][-history:]
        return self._average.add(self.chunks(np.stack(self._seen)[None])[0])

    def chunks(self, histories: np.ndarray) -> np.ndarray:
        """(B, H, …) observations -> (B, C, A) actions, without averaging."""
        with torch.inference_mode():
            return self.network(torch.from_numpy(np.ascontiguousarray(histories))).numpy()
