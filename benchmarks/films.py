"""Real motions before virtual cameras that stand still."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from common import DATA

from vvipe.datasets import cmu_catalogue, read_clips
from vvipe.detectors.detections import detected, draw
from vvipe.detectors.noise import fitted_noise
from vvipe.geometry.cameras import Camera, look_at, orbit
from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.poses import Poses2D
from vvipe.skeletons import get_skeleton

FPS = 30.0
SIZE_PX = (1000, 1000)
_H36M17 = get_skeleton("h36m17")
_COLUMNS = _H36M17.indices(*KEYPOINTS.joints)


def cmu_motions(least_s: float) -> Iterator[tuple[str, str, np.ndarray]]:
    """Split, name and (N, 17, 3) world positions at 30 Hz of every CMU clip that is long enough."""
    clips = [c for c in cmu_catalogue(DATA / "cmu") if c.split in ("train", "validation", "test")]
    for clip, poses in read_clips(clips, fps=FPS):
        positions = poses.to_skeleton(_H36M17).positions
        positions = positions[np.isfinite(positions).all((1, 2))]
        if len(positions) >= least_s * FPS:
            yield clip.split, clip.name, positions


def filmed(
    positions: np.ndarray, azimuth: float, rng: np.random.Generator, detector: bool = False
) -> Poses2D:
    """What a standing camera sees of a motion, from 10° below to 40° above the hip.

    Args:
        positions: (N, 17, 3) world, metres.
        azimuth: Of the camera about the middle of the motion, radians.
        rng: For elevation, distance and errors.
        detector: With the errors of real detectors.
    """
    roots = positions[:, _H36M17.index("hip")]
    middle = (roots.min(0) + roots.max(0)) / 2
    reach = np.linalg.norm(roots - middle, axis=-1).max()
    elevation, distance = rng.uniform(-0.17, 0.7), rng.uniform(4, 6) + 1.5 * reach
    centre = middle + orbit(np.array([azimuth]), np.array([elevation]), np.array([distance]))[0]
    rotation = look_at(centre[None], middle[None])[0]
    count = len(positions)
    camera = Camera(
        np.repeat(rotation[None], count, 0), np.repeat(centre[None], count, 0),
        np.full(count, 1145.0), SIZE_PX,
    )  # fmt: skip
    seen = Poses2D(camera.project(positions[:, _COLUMNS]), KEYPOINTS, fps=FPS, image_size=SIZE_PX)
    if not detector:
        return seen
    draws = draw(rng.standard_normal, seen.keypoints.shape[:-2])
    keypoints, _, confidence = detected(
        seen.keypoints.astype(np.float64), seen.mask, draws, fitted_noise()
    )
    return Poses2D(keypoints, KEYPOINTS, fps=FPS, image_size=SIZE_PX, confidence=confidence)


def at_tempo(positions: np.ndarray, start: float, count: int, tempo: float) -> np.ndarray:
    """`count` frames from a time on (in frames), each `tempo` frames after the one before."""
    return between(positions, start + tempo * np.arange(count))


def between(positions: np.ndarray, frames: np.ndarray) -> np.ndarray:
    """A motion at (N,) instants that may lie between its frames."""
    times = np.clip(frames, 0, len(positions) - 1)
    low = np.floor(times).astype(int).clip(0, len(positions) - 2)
    share = (times - low)[:, None, None]
    return ((1 - share) * positions[low] + share * positions[low + 1]).astype(np.float32)
