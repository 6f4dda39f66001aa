"""What any representation can do for the viewer, as far as it can."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from vvipe.embeddings import Embeddings
from vvipe.evaluation.compare import canonical_poses
from vvipe.geometry.cameras import Camera, look_at
from vvipe.models.inputs import H36M17
from vvipe.poses import Poses2D, Poses3D

_FRONT_M, _FOCAL_PX = np.array([-5.0, 0.0, 0.0], np.float32), 1145.0


def can(model: Any, *methods: str) -> bool:
    """Whether a model has these methods."""
    return all(hasattr(model, method) for method in methods)


def embedded(model: Any, poses: Poses2D | Poses3D) -> Embeddings:
    """Embeddings of poses; 3D ones as a camera in front sees them, for a model that needs 2D."""
    if isinstance(poses, Poses3D) and not getattr(model, "embeds_3d", False):
        poses = seen_from_front(canonical_poses(model, poses), poses)
    return model.embed(poses)


def seen_from_front(bodies: np.ndarray, like: Poses3D | None = None) -> Poses2D:
    """(N, 17, 3) canonical bodies as keypoints of a camera five metres in front of them."""
    camera = Camera(look_at(_FRONT_M, np.zeros(3, np.float32)), _FRONT_M, _FOCAL_PX)
    points = Poses2D(camera.project(np.asarray(bodies, np.float32)), H36M17)
    if like is None:
        return points
    return replace(points, frame=like.frame, fps=like.fps, source=like.source)


def bodies_of(model: Any, poses: Poses2D | Poses3D, embeddings: Embeddings) -> np.ndarray:
    """(N, 17, 3) canonical bodies in metres: as recorded, lifted or decoded; NaN if none can be."""
    if isinstance(poses, Poses3D) or can(model, "lift"):
        return canonical_poses(model, poses)
    return decoded(model, embeddings.vectors)


def decoded(model: Any, vectors: np.ndarray) -> np.ndarray:
    """(..., D) points of the space to (..., 17, 3) canonical bodies; NaN if it cannot decode."""
    if can(model, "decode"):
        return np.asarray(model.decode(vectors).positions)
    return np.full((*np.shape(vectors)[:-1], len(H36M17), 3), np.nan, np.float32)


def possible(model: Any, body: np.ndarray) -> np.ndarray:
    """(17, 3) the nearest body that the model knows, where it can complete; else the same."""
    if not can(model, "complete"):
        return body
    pose = Poses3D(body[None], H36M17, frame_of_reference="canonical")
    return np.asarray(model.complete(pose).positions[0])
