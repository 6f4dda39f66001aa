"""Builds the prototype library of a trained model from the training clips."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from vvipe.datasets import Clip
from vvipe.models.inputs import H36M17
from vvipe.models.prototypes import Prototypes
from vvipe.models.vvipe import VVipe
from vvipe.poses import Poses3D

POSES = 2000
MOTIONS = 36
MOTION_FRAMES = 60  # two seconds at 30 Hz


def build_prototypes(model: VVipe, clips: Iterable[tuple[Clip, Poses3D]]) -> Prototypes:
    """Key poses far from each other in the space, ten that speak for themselves, short motions.

    Args:
        model: Whose codes they are.
        clips: Training clips and their poses at 30 Hz.
    """
    codes: dict[str, np.ndarray] = {}
    for clip, poses in clips:
        vectors = model.embed(poses).vectors
        codes[clip.name] = vectors[np.isfinite(vectors).all(-1)]
    names = [f"{clip}@{i}" for clip, z in codes.items() for i in range(len(z))]
    vectors = np.concatenate(list(codes.values()))
    chosen = _spread_out(vectors, min(POSES, len(vectors)))
    key = _key_poses(model.decode(vectors[chosen]).positions)
    order = [chosen[i] for i in key.values()]
    rest = [i for i in chosen if i not in set(order)]
    return Prototypes(
        (*key, *(names[i] for i in rest)), vectors[[*order, *rest]], _motions(codes), len(key)
    )


def _spread_out(vectors: np.ndarray, count: int) -> list[int]:
    """Farthest-point sampling, from the point nearest to the mean."""
    first = int(np.linalg.norm(vectors - vectors.mean(0), axis=1).argmin())
    chosen, nearest = [first], np.full(len(vectors), np.inf, np.float32)
    for _ in range(count - 1):
        nearest = np.minimum(nearest, ((vectors - vectors[chosen[-1]]) ** 2).sum(1))
        chosen.append(int(nearest.argmax()))
    return chosen


def _key_poses(poses: np.ndarray) -> dict[str, int]:
    """Ten poses by what is most their own; canonical frame: right is +y, ahead -x, up +z."""

    def at(joint: str) -> np.ndarray:
        return poses[:, H36M17.index(joint)]

    left, right = at("left_wrist"), at("right_wrist")
    feet = (at("left_ankle") + at("right_ankle")) / 2
    shoulder_height = (at("left_shoulder") + at("right_shoulder"))[:, 2] / 2
    spread = right[:, 1] - left[:, 1]
    apart = np.abs(at("left_ankle") - at("right_ankle")).sum(1)
    straight = -feet[:, 2] - 3 * np.abs(feet[:, 0]) - apart
    arms_down = -(left[:, 2] + right[:, 2]) - spread
    level = np.abs(left[:, 2] - shoulder_height) + np.abs(right[:, 2] - shoulder_height)
    scores = {
        "stand": straight + arms_down,
        "t-pose": spread - 2 * level + straight,
        "arms-up": np.minimum(left[:, 2], right[:, 2]) + straight,
        "left-arm-up": left[:, 2] - right[:, 2] + straight,
        "right-arm-up": right[:, 2] - left[:, 2] + straight,
        "crouch": feet[:, 2] - apart,
        "bow": -feet[:, 0] - at("head")[:, 0] - np.abs(at("left_knee") - at("right_knee")).sum(1),
        "stride": np.abs(at("left_ankle")[:, 0] - at("right_ankle")[:, 0]) + -feet[:, 2],
        "left-leg-up": at("left_ankle")[:, 2] - at("right_ankle")[:, 2],
        "right-leg-up": at("right_ankle")[:, 2] - at("left_ankle")[:, 2],
    }
    chosen: dict[str, int] = {}
    for name, score in scores.items():
        free = [i for i in np.argsort(-score) if int(i) not in chosen.values()]
        if free:  # a tiny bank has fewer poses than there are names
            chosen[name] = int(free[0])
    return chosen


def _motions(codes: dict[str, np.ndarray]) -> dict[str, np.ndarray]:
    """The two liveliest seconds of the liveliest clips."""
    lively: list[tuple[float, str, np.ndarray]] = []
    for clip, z in codes.items():
        if len(z) < MOTION_FRAMES:
            continue
        speed = np.concatenate([[0], np.cumsum(np.linalg.norm(np.diff(z, axis=0), axis=1))])
        travel = speed[MOTION_FRAMES - 1 :] - speed[: len(z) - MOTION_FRAMES + 1]
        start = int(travel.argmax())
        part = z[start : start + MOTION_FRAMES]
        lively.append((float(travel[start]), f"{clip}@{start}", part))
    lively.sort(key=lambda item: -item[0])
    return {name: part for _, name, part in lively[:MOTIONS]}
