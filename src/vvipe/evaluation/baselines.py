"""The rows that every table needs beside the models: 2D keypoints, random and the oracle."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from vvipe.embeddings import euclidean
from vvipe.evaluation.protocols import Protocol
from vvipe.geometry.keypoints import KEYPOINTS, MIN_VISIBLE, normalise_torso
from vvipe.poses import Poses2D


@dataclass(frozen=True)
class Vectors:
    """(N, D) vectors, NaN rows where there is no embedding."""

    vectors: np.ndarray

    def __len__(self) -> int:
        return len(self.vectors)

    def __getitem__(self, key: Any) -> Vectors:
        """Selects rows."""
        return Vectors(self.vectors[key])


@dataclass(frozen=True)
class Keypoints2D:
    """The 13 keypoints themselves, normalised by PR-VIPE's rule: nearest neighbour in 26-D."""

    name: str = "2D keypoints"

    def embed(self, poses: Poses2D) -> Vectors:
        """(N, 26); an unseen joint lies at the origin, with fewer than 4 seen the row is NaN."""
        poses = poses.to_skeleton(KEYPOINTS)
        flat = normalise_torso(poses.keypoints, poses.mask).reshape(len(poses), -1)
        seen = poses.mask.sum(-1, keepdims=True) >= MIN_VISIBLE
        return Vectors(np.where(seen, flat, np.float32(np.nan)))

    def distance(self, a: Any, b: Any) -> np.ndarray:
        """Euclidean, over the whole vector."""
        return euclidean(a, b)


@dataclass(frozen=True)
class Random:
    """Random vectors, the same for the same keypoints: what chance and duplicates give."""

    seed: int = 0
    name: str = "random"

    def embed(self, poses: Poses2D) -> Vectors:
        """(N, 32) Gaussian vectors."""
        rng = np.random.default_rng([self.seed, zlib.crc32(poses.keypoints.tobytes())])
        return Vectors(rng.standard_normal((len(poses), 32)).astype(np.float32))

    def distance(self, a: Any, b: Any) -> np.ndarray:
        """Euclidean."""
        return euclidean(a, b)


@dataclass(frozen=True)
class Oracle:
    """Ranks by the true 3D matching distance: what the protocol allows at most.

    The same instant, seen by the other camera, is among the candidates, as it is for every row, so
    this is 100 % at k = 1 by construction; less would mean that the evaluator is wrong.
    """

    protocol: Protocol
    name: str = "oracle"

    def embed(self, poses: Poses2D) -> Vectors:
        """(N, 1) each pose's own number; `poses` are all of the protocol's, in its order."""
        return Vectors(np.arange(len(poses))[:, None])

    def distance(self, a: Any, b: Any) -> np.ndarray:
        """The matching distance, looked up."""
        return self.protocol.match_distances[np.ix_(a.vectors[:, 0], b.vectors[:, 0])]


def baselines(protocol: Protocol, seed: int = 0) -> tuple[Keypoints2D, Random, Oracle]:
    """The rows that stand beside every model."""
    return Keypoints2D(), Random(seed), Oracle(protocol)
