"""Two performances of one movement: is the path right, and are other movements told apart?"""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from common import options, report
from films import FPS, between, cmu_motions, filmed

import vvipe
from vvipe.embeddings import euclidean
from vvipe.geometry.warping import warping_path
from vvipe.library.performances import RATE_HZ, performances
from vvipe.library.track import track_of
from vvipe.models.sides import embedded_in_sequence
from vvipe.poses import Poses2D

PAIRS, LEAST_S, MOST_S, CUT, TEMPO, NEAR_S = 200, 4.0, 20.0, 0.2, np.log(1.65), 0.1
SPLIT = os.environ.get("VVIPE_SPLIT", "test")  # validation, for choices
MODEL = os.environ.get("VVIPE_MODEL", "vvipe")

Named = tuple[str, np.ndarray]
Case = tuple[Poses2D, Poses2D, np.ndarray | None]  # what A and B saw; A's frame at each of B's


def main() -> None:
    chosen = options(__doc__)
    rng = np.random.default_rng(0)
    motions = [(name, x) for split, name, x in cmu_motions(LEAST_S) if split == SPLIT]
    model = vvipe.load(MODEL)
    count = 20 if chosen.quick else PAIRS
    rows: list[dict[str, Any]] = []
    for kind, detector in (("exact", False), ("detections", True)):
        same = [of_one(motions, rng, detector) for _ in range(count)]
        other = [of_two(motions, rng, detector) for _ in range(count)]
        for how, measure in (("vvipe", in_part), ("from end to end", end_to_end)):
            rows.append({"how": how, "keypoints": kind} | shares(model, same, other, measure))
    report("performances", rows, chosen)


def of_one(motions: Sequence[Named], rng: np.random.Generator, detector: bool) -> Case:
    """A motion, and again at a tempo that changes, each with ends of its own cut off."""
    motion = cut_out(motions[rng.integers(len(motions))][1], rng)
    cut = rng.uniform(0, CUT, 4) * len(motion)
    tempo = np.exp(rng.uniform(-TEMPO, TEMPO, 6))
    instants = [cut[2]]
    while instants[-1] < len(motion) - 1 - cut[3]:
        step = np.interp(instants[-1], np.linspace(0, len(motion), len(tempo)), tempo)
        instants.append(instants[-1] + step)
    b_at = np.array(instants[:-1])
    a = seen(motion[int(cut[0]) : len(motion) - int(cut[1])], rng, detector)
    return a, seen(between(motion, b_at), rng, detector), b_at - int(cut[0])


def of_two(motions: Sequence[Named], rng: np.random.Generator, detector: bool) -> Case:
    """Motions of two people; some of both walk."""
    while True:
        (a, x), (b, y) = (motions[i] for i in rng.choice(len(motions), 2, replace=False))
        if a.partition("_")[0] != b.partition("_")[0]:
            return *(seen(cut_out(m, rng), rng, detector) for m in (x, y)), None


def cut_out(motion: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    most = int(MOST_S * FPS)
    begin = rng.integers(max(1, len(motion) - most))
    return motion[begin : begin + most]


def seen(motion: np.ndarray, rng: np.random.Generator, detector: bool) -> Poses2D:
    return filmed(motion, rng.uniform(-np.pi, np.pi), rng, detector)


def curve(model: Any, poses: Poses2D) -> tuple[np.ndarray, np.ndarray]:
    return embedded_in_sequence(model, poses).vectors, np.arange(len(poses)) / FPS


def in_part(model: Any, a: Poses2D, b: Poses2D) -> tuple[np.ndarray, bool]:
    found = performances(curve(model, a), curve(model, b))
    return (np.zeros((1, 2)), False) if found is None else (found.path_s, found.reliable)


def end_to_end(model: Any, a: Poses2D, b: Poses2D) -> tuple[np.ndarray, bool]:
    """Plain warping of the same embeddings, as `vvipe compare` does: it never doubts."""
    x, y = (track_of(*curve(model, poses), RATE_HZ).vectors for poses in (a, b))
    return warping_path(euclidean(x, y)) / RATE_HZ, True


def shares(
    model: Any, same: Sequence[Case], other: Sequence[Case],
    measure: Callable[[Any, Poses2D, Poses2D], tuple[np.ndarray, bool]],
) -> dict[str, Any]:  # fmt: skip
    """Per cent of pairs, over instants of B that A saw too."""
    near: list[float] = []
    reliable: list[bool] = []
    for a, b, a_at in same:
        path_s, sure = measure(model, a, b)
        both = (a_at >= 0) & (a_at <= len(a) - 1)
        told = np.interp(np.flatnonzero(both) / FPS, path_s[:, 1], path_s[:, 0])
        near.append(float(np.mean(np.abs(told - a_at[both] / FPS) <= NEAR_S)))
        reliable.append(sure)
    called = [measure(model, a, b)[1] for a, b, _ in other]
    return {
        "pairs": len(same), "instants within 0.1 s": 100 * np.mean(near),
        "pairs with nine in ten": 100 * np.mean(np.array(near) >= 0.9),
        "called reliable": 100 * np.mean(reliable), "of two people": 100 * np.mean(called),
    }  # fmt: skip


if __name__ == "__main__":
    main()
