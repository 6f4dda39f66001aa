"""What a camera's detector reports instead of exact keypoints: a view for `evaluate`."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from vvipe.detectors.detections import detected, draw
from vvipe.detectors.noise import DetectorNoise, fitted_noise
from vvipe.evaluation.protocols import Protocol, project
from vvipe.poses import Poses2D


def detections_view(
    protocol: Protocol, camera_index: int, seed: int = 0, noise: DetectorNoise | None = None
) -> Poses2D:
    """Keypoints of every pose as a detector would report them, each camera with draws of its own.

    Args:
        protocol: Poses and cameras.
        camera_index: Which camera.
        seed: With the camera's index it fixes all that is random.
        noise: By default the noise fitted on real detections that comes with the package.
    """
    rng = np.random.default_rng([seed, camera_index])
    return as_detected(project(protocol, camera_index), rng, noise)


def as_detected(
    exact: Poses2D, rng: np.random.Generator, noise: DetectorNoise | None = None
) -> Poses2D:
    """Exact coco13 keypoints as a detector would report them.

    Args:
        exact: The keypoints.
        rng: All that is random.
        noise: As for `detections_view`.
    """
    draws = draw(rng.standard_normal, exact.keypoints.shape[:-2])
    noise = fitted_noise() if noise is None else noise
    keypoints = exact.keypoints.astype(np.float64)
    keypoints, _, confidence = detected(keypoints, exact.mask, draws, noise)
    return replace(exact, coords=keypoints, confidence=confidence)
