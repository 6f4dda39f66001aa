"""What a state is worth by the way-points of one demonstration (WayEx, eq. 3)."""

from __future__ import annotations

import numpy as np

from vvipe.errors import VvipeError
from vvipe.robot.demonstrations import Demonstration


class WaypointValue:
    """A lower bound of the value of a state, where every step costs 1 and the goal ends it.

    A state belongs to its nearest way-point t; if it is within that way-point's thresholds in
    every column, it is worth what following the demonstration from there would be,
    -Σ γ^i for i = 0 … L - t, and else what never arriving is, -Σ γ^i for i = 1 … l_max. With a
    margin (ours) it falls evenly from the one to the other, over so many thresholds.

    Args:
        demo: The demonstration, of L + 1 states with K columns.
        gamma: Discount γ.
        l_max: Steps of the longest episode.
        d0: Thresholds to begin with: a number in units of the demonstration's scale, or (K,) in
            units of the columns. The paper does not say which it had.
        growth: By how much a way-point's thresholds grow, in units of the scale.
        patience: After how many states in a row that missed it; growth ends when one is within.
        margin: 0, as published, is an edge.

    Attributes:
        thresholds: (L + 1, K), as they have grown so far.
    """

    def __init__(
        self,
        demo: Demonstration,
        gamma: float = 0.99,
        l_max: int = 300,
        d0: float | np.ndarray = 0.1,
        growth: float = 1e-3,
        patience: int = 10,
        margin: float = 0.0,
    ) -> None:
        if not 0 < gamma <= 1:
            raise VvipeError("the discount is above 0 and at most 1", got=gamma)
        if l_max < len(demo) - 1:
            raise VvipeError(
                "episodes are shorter than the demonstration", expected=f"at least {len(demo) - 1}",
                got=l_max,
            )  # fmt: skip
        self.demo, self.gamma, self.l_max, self.patience = demo, gamma, l_max, patience
        scale = np.asarray(demo.scale)
        start = scale * d0 if np.ndim(d0) == 0 else np.asarray(d0, float)
        if start.shape != scale.shape or not (start > 0).all():
            raise VvipeError("d0 is a positive number, or one a column", got=np.shape(d0))
        self.thresholds = np.tile(start, (len(demo), 1))
        self.margin = margin
        self._growth = growth * scale
        self._misses = np.zeros(len(demo), int)
        self._found = np.zeros(len(demo), bool)
        left = np.arange(len(demo) - 1, -1, -1)
        self._worth = -_geometric(gamma, left + 1)
        self._far = -gamma * float(_geometric(gamma, np.array(l_max)))

    def nearest(self, states: np.ndarray) -> np.ndarray:
        """(...,) the way-point that each of the (..., K) states is nearest to; the first of equals.

        Distances are Euclidean, of columns divided by the demonstration's scale.
        """
        apart = self.demo.difference(np.asarray(states)[..., None, :], self.demo.states)
        return ((apart / self.demo.scale) ** 2).sum(-1).argmin(-1)

    def __call__(self, states: np.ndarray) -> np.ndarray:
        """(...,) values of the (..., K) states, all below 0."""
        nearest = self.nearest(states)
        beyond = np.maximum(self._off(states, nearest) - 1, 0)
        lost = beyond > 0 if self.margin == 0 else np.minimum(beyond / self.margin, 1)
        return self._worth[nearest] + lost * (self._far - self._worth[nearest])

    def observe(self, state: np.ndarray) -> None:
        """Takes note of one state that was reached, (K,): thresholds may grow."""
        t = int(self.nearest(state))
        if self._off(state, t) <= 1:
            self._found[t], self._misses[t] = True, 0
        elif not self._found[t]:
            self._misses[t] += 1
            if self._misses[t] >= self.patience:
                self.thresholds[t] += self._growth
                self._misses[t] = 0

    def _off(self, states: np.ndarray, nearest: np.ndarray | int) -> np.ndarray:
        """How many thresholds a state is off its way-point, in the column where it is most."""
        apart = np.abs(self.demo.difference(states, self.demo.states[nearest]))
        return (apart / self.thresholds[nearest]).max(-1)


def _geometric(gamma: float, terms: np.ndarray) -> np.ndarray:
    """Sum of the first terms of 1, γ, γ², …."""
    return terms.astype(float) if gamma == 1 else (1 - gamma**terms) / (1 - gamma)
