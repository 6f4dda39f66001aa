"""Static policies led to a ball that rolls, by intermediate goals; and the baselines."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vvipe.errors import VvipeError
from vvipe.robot.planning.arrivals import ETA
from vvipe.robot.planning.forecasts import Forecaster
from vvipe.robot.planning.search import SEARCHES
from vvipe.robot.planning.static import StaticPolicy
from vvipe.robot.planning.trap import FORECAST, Arena, Observation


class Planner:
    """A static policy told a goal at every step; this one is told where the ball is (naive).

    Call it with observations of N episodes for (N, A) actions, after `reset` at their start.

    Attributes:
        goal: (N, 3) what the policy was told last.
    """

    goal: np.ndarray

    def __init__(self, static: StaticPolicy) -> None:
        self.static = static

    def reset(self) -> None:
        """Forgets the episodes before."""

    def __call__(self, seen: Observation) -> np.ndarray:
        """(N, A) actions."""
        self.goal = self.choose(seen)
        return self.static(seen, self.goal)

    def choose(self, seen: Observation) -> np.ndarray:
        """(N, 3) goals."""
        return seen["desired_goal"]


class FrozenGoal(Planner):
    """Goes where the ball was at the start."""

    def __init__(self, static: StaticPolicy) -> None:
        super().__init__(static)
        self._first: np.ndarray | None = None

    def reset(self) -> None:
        """Forgets where the ball was."""
        self._first = None

    def choose(self, seen: Observation) -> np.ndarray:
        """(N, 3) goals."""
        if self._first is None:
            self._first = seen["desired_goal"]
        return self._first


@dataclass(frozen=True)
class TruePath:
    """The forecast of an oracle: what will happen in an arena."""

    arena: Arena
    steps: int = FORECAST

    def __call__(self, past: np.ndarray) -> np.ndarray:
        """(N, F, 3)."""
        return self.arena.future(self.steps)


class DynamicPlanner(Planner):
    """Leads a static policy to where it and the ball will be at the same time.

    Args:
        static: Knows goals that keep still.
        eta: When the gripper would come down at a place.
        forecaster: Where the ball will be.
        search: `corners`, the paper's, or `full` (ours).
        replan: Every so many steps, or `eta/3`: after a third of the time that is left, so that
            plans are made the more often the nearer the robot is. The paper plans again on a
            computed interval that it does not give.

    Attributes:
        goal: (N, 3) the intermediate goals.
        path: (N, 1 + F, 3) the forecasts they were found on.

    Raises:
        VvipeError: No such search or interval.
    """

    path: np.ndarray

    def __init__(
        self,
        static: StaticPolicy,
        eta: ETA,
        forecaster: Forecaster,
        search: str = "full",
        replan: str | int = "eta/3",
    ) -> None:
        super().__init__(static)
        if search not in SEARCHES:
            raise VvipeError(f"unknown search {search!r}", expected=" or ".join(SEARCHES))
        if replan != "eta/3" and not (type(replan) is int and replan > 0):
            raise VvipeError("no interval", expected="eta/3 or whole steps", got=repr(replan))
        self.eta, self.forecaster = eta, forecaster
        self.search, self.replan = SEARCHES[search], replan
        self._wait: np.ndarray | None = None

    def reset(self) -> None:
        """Plans anew at the next step."""
        self._wait = None

    def choose(self, seen: Observation) -> np.ndarray:
        """(N, 3) goals, found anew in the episodes whose time has come."""
        if self._wait is None:
            self.goal, self.path, self._wait = self._plan(seen, slice(None))
        elif (due := self._wait <= 0).any():
            self.goal[due], self.path[due], self._wait[due] = self._plan(seen, due)
        self._wait = self._wait - 1
        return self.goal

    def _plan(
        self, seen: Observation, due: np.ndarray | slice
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Goals, paths and the steps until the next plan of some episodes."""
        ball = seen["desired_goal"][due, None]
        path = np.concatenate([ball, self.forecaster(seen["history"])[due]], axis=1)
        goal, left = self.search(seen["achieved_goal"][due], path, self.eta)
        return goal, path, self._interval(left)

    def _interval(self, left: np.ndarray) -> np.ndarray:
        if isinstance(self.replan, int):
            return np.full(len(left), self.replan)
        return np.maximum(1, np.round(left / 3)).astype(int)
