"""The rows that every table needs beside the models: what no network is needed for, and limits."""

from __future__ import annotations

import zlib
from dataclasses import dataclass
from typing import Any

import numpy as np

from vvipe.embeddings import euclidean
from vvipe.evaluation.protocols import Protocol
from vvipe.geometry.bones import bone_lengths, fill_missing, universal_lengths
from vvipe.geometry.canonical import to_canonical
from vvipe.geometry.keypoints import COLUMNS, KEYPOINTS, MIN_VISIBLE, normalise_torso
from vvipe.geometry.pnp import place_in_camera
from vvipe.models.inputs import H36M17
from vvipe.models.placing import intrinsics
from vvipe.poses import Poses2D, Poses3D


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
    """The 13 keypoints themselves: as a vector, and as a body that is flat.

    The vector is normalised by PR-VIPE's rule, the nearest neighbour is that in 26-D. The body lies
    in the image plane; what no keypoint tells is made as elsewhere, the top of the head beyond the
    nose. Its bones are as long, all together, as the universal skeleton's: one view tells no size.
    """

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

    def lift(self, poses: Poses2D, frame: str = "canonical") -> Poses3D:
        """(N, 17, 3) flat bodies, NaN where a hip is not seen."""
        focal, centre = intrinsics(poses)
        poses = poses.to_skeleton(KEYPOINTS)
        rays = (poses.keypoints - centre[:, None]) / focal[:, None, None]
        flat = np.concatenate([rays, np.ones_like(rays[..., :1])], -1)
        body = _whole(np.where(poses.mask[..., None], flat, np.nan).astype(np.float64))
        size = bone_lengths(body, H36M17).sum(-1)[:, None, None]
        body = body * (universal_lengths().sum() / np.maximum(size, 1e-9))
        if frame == "canonical":
            body, _ = to_canonical(body, universal_lengths(), H36M17)
        return Poses3D(body, H36M17, frame=poses.frame, frame_of_reference=frame)


@dataclass(frozen=True)
class MeanPose:
    """The same body for every view: what a lifter that looks at nothing gets.

    It is the mean canonical pose of those that are asked for, the best constant in squared error:
    no training set has a better one. It finds nothing, so there is no embedding.

    Attributes:
        pose: (17, 3) metres, canonical.
    """

    pose: np.ndarray
    name: str = "mean pose"

    @classmethod
    def of(cls, protocol: Protocol) -> MeanPose:
        """That of a protocol's own poses."""
        return cls(to_canonical(protocol.poses, universal_lengths(), H36M17)[0].mean(0))

    def lift(self, poses: Poses2D, frame: str = "canonical") -> Poses3D:
        """(N, 17, 3) times the pose; in the camera's frame turned and placed on its keypoints."""
        body = np.broadcast_to(self.pose, (len(poses), *self.pose.shape))
        if frame != "canonical":
            body = self._placed(poses)
        return Poses3D(body, H36M17, frame=poses.frame, frame_of_reference=frame)

    def _placed(self, poses: Poses2D) -> np.ndarray:
        focal, centre = intrinsics(poses)
        poses = poses.to_skeleton(KEYPOINTS)
        out = np.full((len(poses), *self.pose.shape), np.nan)
        rows = np.flatnonzero(poses.mask.sum(-1) >= MIN_VISIBLE)
        rays = (poses.keypoints[rows] - centre[rows, None]) / focal[rows, None, None]
        points = np.broadcast_to(self.pose[COLUMNS], (len(rows), len(COLUMNS), 3))
        rotation, shift = place_in_camera(points, rays, poses.mask[rows])
        out[rows] = self.pose @ rotation.mT + shift[:, None]
        return out


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


def baselines(protocol: Protocol, seed: int = 0) -> tuple[Keypoints2D, MeanPose, Random, Oracle]:
    """The rows that stand beside every model, called as in `BASELINE_NAMES`."""
    return Keypoints2D(), MeanPose.of(protocol), Random(seed), Oracle(protocol)


BASELINE_NAMES = (Keypoints2D.name, MeanPose.name, Random.name, Oracle.name)


def _whole(keypoints: np.ndarray) -> np.ndarray:
    """(N, 13, 3) coco13 to (N, 17, 3) h36m17, NaN where a hip is."""
    body = Poses3D(keypoints, KEYPOINTS).to_skeleton(H36M17).positions.copy()
    thorax, nose, head = (body[:, H36M17.index(joint)] for joint in ("thorax", "nose", "head"))
    lengths = dict(zip(H36M17.joints, universal_lengths(), strict=True))
    beyond = thorax + (nose - thorax) * (lengths["head"] / lengths["nose"])
    head[:] = np.where(np.isnan(head), beyond, head)
    return fill_missing(body, universal_lengths(), H36M17)[0]
