"""Which command a person gives, by the clips of a bank that it is most like."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.geometry.warping import warping_path


@dataclass(frozen=True)
class Signal:
    """A clip of a person giving a command.

    Attributes:
        command: Its name.
        shown: (T, …) embeddings of the clip, of one representation for a whole bank.
    """

    command: str
    shown: Any


class SignalBank:
    """Clips of people giving commands; a query is the command of the clip that it warps to best.

    Args:
        model: A representation: what it calls near is near.
        signals: One or several of each command.

    Raises:
        VvipeError: No clip.
    """

    def __init__(self, model: Any, signals: Sequence[Signal]) -> None:
        if not signals:
            raise VvipeError("no signal in the bank", expected="a clip of each command")
        self.model, self.signals = model, tuple(signals)
        self.commands = tuple(dict.fromkeys(s.command for s in signals))

    def costs(self, query: Any) -> dict[str, float]:
        """Command -> mean distance along the best way through its likest clip, nearest first.

        Args:
            query: (T, …) embeddings of the bank's representation.
        """
        found: dict[str, float] = {}
        for signal in self.signals:
            distances = np.asarray(self.model.distance(query, signal.shown), np.float64)
            path = warping_path(distances)
            cost = float(np.nanmean(distances[path[:, 0], path[:, 1]]))
            found[signal.command] = min(cost, found.get(signal.command, np.inf))
        return dict(sorted(found.items(), key=lambda item: item[1]))

    def command(self, query: Any) -> str:
        """The nearest command."""
        return next(iter(self.costs(query)))
