"""Which of the followed points are still seen, by depth and by what is rigid.

Ours: the paper takes the depth under a point as it is. Under a hidden point it is that of what
hides it, and the point leaps to the camera.
"""

from __future__ import annotations

import numpy as np

from vvipe.errors import VvipeError
from vvipe.geometry.procrustes import procrustes_rotation
from vvipe.robot.points.prescribed import PrescribedPoints

_TURNED_BY = 3  # points from which the turn of what carries them is known


class Belief:
    """Finds the points that something hides, and where they are then.

    A point is believed where it is no further from its last place than `step_m` for each frame
    since it was last believed, and keeps its distances to others of its carrier within `apart_m`:
    the largest such set of each carrier, of equal ones the farthest away, as what hides is nearer.
    The others go with their carrier; where none of its points is believed, they stay.

    Args:
        points: What they are carried by, and how they lay on the annotated frame.
        step_m: How far a point moves in a frame, at most.
        apart_m: How far measured distances may be off.
    """

    def __init__(
        self, points: PrescribedPoints, step_m: float = 0.06, apart_m: float = 0.006
    ) -> None:
        if step_m <= 0 or apart_m <= 0:
            raise VvipeError("no such belief", expected="metres above 0", got=(step_m, apart_m))
        self.step_m, self.apart_m = step_m, apart_m
        self._seen_m = points.seen_m
        self._lengths = _distances(self._seen_m)
        carriers = [p.carrier for p in points.points]
        self._carried = [
            np.flatnonzero([c == carrier for c in carriers]) for carrier in dict.fromkeys(carriers)
        ]
        self.reset()

    def reset(self) -> None:
        """Begins an episode."""
        self._places = self._seen_m
        self._age = np.full(len(self._seen_m), np.inf)  # frames since it was believed

    def __call__(self, told: np.ndarray, seen: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Goes one frame on.

        Args:
            told: (N, 3) metres in the camera's axes, by a tracker and the depth under it.
            seen: (N,) which of them are told at all.

        Returns:
            (N, 3) where the points are, (N,) which of those told are believed. A point that was
            never believed, nor another of its carrier, is where it was told.
        """
        self._age += 1
        moved = np.linalg.norm(told - self._places, axis=-1)
        possible = seen & (moved < self.step_m * self._age)
        alike = np.abs(_distances(told) - self._lengths) < self.apart_m
        places = np.where(np.isinf(self._age)[:, None], told, self._places)
        believed = np.zeros(len(told), bool)
        for carried in self._carried:
            held = _largest(carried[possible[carried]], alike, told[:, 2])
            if len(held):
                others = np.setdiff1d(carried, held)
                places[held] = told[held]
                places[others] = _carried_on(self._places, told, held, others)
                believed[held] = True
                self._age[held] = 0
                self._age[others[np.isinf(self._age[others])]] = 0
        self._places = places
        return places.copy(), believed


def _largest(candidates: np.ndarray, alike: np.ndarray, depth: np.ndarray) -> np.ndarray:
    """The most candidates of which all pairs are alike, sought from each in turn."""
    agreeing = alike[np.ix_(candidates, candidates)].sum(1)
    order = candidates[np.lexsort((-depth[candidates], -agreeing))]
    sets: list[list[int]] = []
    for first in order:
        held = [int(first)]
        for other in order:
            if other != first and alike[other, held].all():
                held.append(int(other))
        sets.append(held)
    best = max(sets, key=lambda held: (len(held), depth[held].mean()), default=[])
    return np.array(sorted(best), int)


def _carried_on(
    before: np.ndarray, told: np.ndarray, held: np.ndarray, others: np.ndarray
) -> np.ndarray:
    """(O, 3) where `others` are, if all moved as those that are `held`."""
    was, now = before[held].mean(0), told[held].mean(0)
    turn = np.eye(3)
    if len(held) >= _TURNED_BY:
        turn, _ = procrustes_rotation(before[held] - was, told[held] - now)
    return (before[others] - was) @ turn.T + now


def _distances(points: np.ndarray) -> np.ndarray:
    return np.linalg.norm(points[:, None] - points[None], axis=-1)
