"""Which of the followed points are still seen, by depth and by what is rigid.

Ours: the paper takes the depth under a point as it is. Under a hidden point it is that of what
hides it, and the point leaps to the camera.
"""

from __future__ import annotations

import numpy as np

from vvipe.errors import VvipeError
from vvipe.geometry.procrustes import procrustes_rotation
from vvipe.robot.points.plane import Plane
from vvipe.robot.points.prescribed import PrescribedPoints

_TURNED_BY = 3  # points from which the turn of what carries them is known


class Belief:
    """Finds the points that something hides, and where they are then.

    A point is believed where it is no further from its last place than `step_m` for each frame
    since it was last believed, and keeps its distances to others of its carrier within `apart_m`:
    the largest such set of each carrier, of equal ones the farthest away, as what hides is nearer.
    The others go with their carrier; where none of its points is believed, they stay.

    A point whose carrier slides has to keep its height above the anchors, too. One that is hidden
    on the first frame is behind what hides it, as high as it has to be; it waits there, until the
    depth under it is its own.

    Args:
        points: What they are carried by, and how they lay on the annotated frame.
        step_m: How far a point moves in a frame, at most.
        apart_m: How far measured distances may be off.
        height_m: How far a measured height may be off.
    """

    def __init__(
        self,
        points: PrescribedPoints,
        step_m: float = 0.06,
        apart_m: float = 0.006,
        height_m: float = 0.012,
    ) -> None:
        if min(step_m, apart_m, height_m) <= 0:
            got = (step_m, apart_m, height_m)
            raise VvipeError("no such belief", expected="metres above 0", got=got)
        self.step_m, self.apart_m, self.height_m = step_m, apart_m, height_m
        self._seen_m, self._anchors = points.seen_m, points.anchors
        self._lengths = _distances(self._seen_m)
        carriers = [p.carrier for p in points.points]
        anchored = {p.carrier for p in points.points if p.anchor}
        self._carried = [
            np.flatnonzero([c == carrier for c in carriers])
            for carrier in sorted(dict.fromkeys(carriers), key=lambda c: c not in anchored)
        ]
        plane = Plane.through(self._seen_m[self._anchors])
        self._slides = points.slides & (plane is not None)
        self._heights = np.zeros(len(carriers)) if plane is None else plane.heights(self._seen_m)
        self.reset()

    def reset(self) -> None:
        """Begins an episode."""
        self._places = self._seen_m
        self._age = np.full(len(self._seen_m), np.inf)  # frames since it was believed
        self._waits = np.zeros(len(self._seen_m), bool)

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
        possible |= self._waits & (moved < self.apart_m)
        alike = np.abs(_distances(told) - self._lengths) < self.apart_m
        first = np.isinf(self._age)
        places = np.where(first[:, None], told, self._places)
        believed = np.zeros(len(told), bool)
        for carried in self._carried:
            plane = self._ground(places) if self._slides[carried].any() else None
            fits = possible[carried]
            if plane is not None:
                off = np.abs(plane.heights(told) - self._heights)[carried]
                fits = fits & (off < self.height_m)
            held = _largest(carried[fits], alike, told[:, 2])
            others = np.setdiff1d(carried, held)
            if len(held):
                places[held] = told[held]
                turn = self._turn(plane, first[held], self._places[held], told[held])
                places[others] = _carried_on(self._places, told, held, others, turn)
                believed[held] = True
                self._age[held] = 0
                self._age[others[np.isinf(self._age[others])]] = 0
            if plane is not None:
                hidden = others[first[others] & (told[others, 2] > 0)]
                places[hidden] = plane.behind(told[hidden], self._heights[hidden])
                self._age[hidden] = 0
                self._waits[hidden] = True
        self._waits &= ~believed
        self._places = places
        return places.copy(), believed

    def _turn(
        self, plane: Plane | None, first: np.ndarray, before: np.ndarray, now: np.ndarray
    ) -> np.ndarray:
        """(3, 3) turn of what carries (H, 3) points: about the plane's normal, if it slides."""
        if plane is not None and not first.any():
            return plane.turn(before, now, self.apart_m)
        if len(now) < _TURNED_BY:
            return np.eye(3)
        return procrustes_rotation(before - before.mean(0), now - now.mean(0))[0]

    def _ground(self, places: np.ndarray) -> Plane | None:
        """The anchors' plane, once all anchors are known."""
        known = not np.isinf(self._age[self._anchors]).any()
        return Plane.through(places[self._anchors]) if known else None


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
    before: np.ndarray, told: np.ndarray, held: np.ndarray, others: np.ndarray, turn: np.ndarray
) -> np.ndarray:
    """(O, 3) where `others` are, if all moved as those that are `held`."""
    was, now = before[held].mean(0), told[held].mean(0)
    return (before[others] - was) @ turn.T + now


def _distances(points: np.ndarray) -> np.ndarray:
    return np.linalg.norm(points[:, None] - points[None], axis=-1)
