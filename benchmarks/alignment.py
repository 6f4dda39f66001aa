"""Offsets between two cameras, within a frame: ours, and the speeds of 2D keypoints correlated."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
from common import options, report
from films import FPS, at_tempo, cmu_motions, filmed
from scipy.ndimage import gaussian_filter1d

import vvipe
from vvipe.geometry.keypoints import normalise_rms
from vvipe.library.alignment import Offset, drifting_offset_of, offset_of
from vvipe.library.track import Track, track_of
from vvipe.models.sides import embedded_in_sequence
from vvipe.poses import Poses2D

PAIRS, LEAST_S, MOST_S, DRIFT, MISSING, SMOOTH_S = 200, 8.0, 5.0, 0.005, 0.05, 0.12
SPLIT = os.environ.get("VVIPE_SPLIT", "test")  # validation, for choices
MODEL = os.environ.get("VVIPE_MODEL", "vvipe")

Case = tuple[float, float, Poses2D, Poses2D]  # offset in frames, drift, what A and B saw


def main() -> None:
    chosen = options(__doc__)
    rng = np.random.default_rng(0)
    motions = [x for split, _, x in cmu_motions(LEAST_S) if split == SPLIT]
    model = vvipe.load(MODEL)
    count = 20 if chosen.quick else PAIRS
    rows: list[dict[str, Any]] = []
    for kind, detector, most_drift in (
        ("exact", False, 0.0), ("detections", True, 0.0), ("detections, drift", True, DRIFT),
    ):  # fmt: skip
        cases = [case(motions, rng, detector, most_drift) for _ in range(count)]
        measure = drifting_offset_of if most_drift else offset_of
        rows.append(share("vvipe", kind, cases, lambda p: by_embedding(model, p), measure))
        rows.append(share("2D speeds", kind, cases, by_speed, measure))
    chance = 100 * 3 / (2 * MOST_S * FPS)
    rows.append({
        "how": "chance", "keypoints": "", "pairs": 0, "within a frame": chance, "reliable": 0.0,
        "of these within a frame": 0.0,
    })  # fmt: skip
    report("alignment", rows, chosen)


def case(
    motions: Sequence[np.ndarray], rng: np.random.Generator, detector: bool, most_drift: float
) -> Case:
    """Two cameras that began up to five seconds apart and share four seconds or more."""
    motion = motions[rng.integers(len(motions))]
    most = min(MOST_S, len(motion) / FPS - LEAST_S / 2)
    offset, drift = rng.uniform(-most, most) * FPS, rng.uniform(-most_drift, most_drift)
    begins = max(0.0, offset), max(0.0, -offset)
    films: list[Poses2D] = []
    for begin, speed in zip(begins, (1.0, 1 / (1 + drift)), strict=True):
        end = len(motion) - 1 - rng.uniform(0, len(motion) - most * FPS - LEAST_S / 2 * FPS) / 2
        frames = int((end - begin) / speed)
        seen = filmed(
            at_tempo(motion, begin, frames, speed), rng.uniform(-np.pi, np.pi), rng, detector
        )
        films.append(with_missing(seen, rng) if detector else seen)
    # Instant t of A is instant begin_a + t of the motion, (begin_a + t - begin_b)(1 + drift) of B.
    return (begins[0] - begins[1]) * (1 + drift), drift, films[0], films[1]


def with_missing(poses: Poses2D, rng: np.random.Generator) -> Poses2D:
    coords = poses.keypoints.copy()
    coords[rng.random(coords.shape[:2]) < MISSING] = np.nan
    return Poses2D(coords, poses.skeleton, fps=FPS, image_size=poses.image_size)


def by_embedding(model: Any, poses: Poses2D) -> Track:
    z = embedded_in_sequence(model, poses)
    return track_of(z.vectors, np.arange(len(poses)) / FPS, variance=z.variance)


def by_speed(poses: Poses2D) -> Track:
    """Each keypoint's speed in the image, of the pose's size: the baseline.

    Gaps are bridged and positions smoothed, as a detector's jitter is faster than most movements.
    """
    xy = normalise_rms(poses.keypoints, poses.mask)
    xy = np.where(poses.mask[..., None], xy, np.nan)
    frames = np.arange(len(xy))
    for column in xy.reshape(len(xy), -1).T:
        known = np.isfinite(column)
        column[:] = np.interp(frames, frames[known], column[known]) if known.any() else 0
    smooth = gaussian_filter1d(xy, SMOOTH_S * FPS, axis=0)
    return track_of(np.linalg.norm(np.gradient(smooth, axis=0), axis=-1), frames / FPS)


def share(
    how: str, kind: str, cases: Sequence[Case], track: Callable[[Poses2D], Track],
    measure: Callable[[Track, Track], Offset | None],
) -> dict[str, Any]:  # fmt: skip
    """Shares of pairs whose offset is within a frame, in the middle of what both saw."""
    good: list[bool] = []
    reliable: list[bool] = []
    for offset, drift, a, b in cases:
        found = measure(track(a), track(b))
        middle = len(a) / 2
        true = offset + drift * middle
        told = np.inf if found is None else found.offset_s * FPS + found.drift * middle
        good.append(abs(told - true) <= 1)
        reliable.append(found is not None and found.reliable)
    sure = np.array(good)[reliable]
    return {
        "how": how, "keypoints": kind, "pairs": len(cases), "within a frame": 100 * np.mean(good),
        "reliable": 100 * np.mean(reliable),
        "of these within a frame": 100 * sure.mean() if len(sure) else 0.0,
    }  # fmt: skip


if __name__ == "__main__":
    main()
