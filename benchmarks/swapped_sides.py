"""Lifting motions in which the detector took left for right here and there: as given, put right.

CMU's validation clips of three seconds and more, each before one standing camera, with exact
keypoints, with the errors of real detectors, and with these and one run of swapped frames besides.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from common import options, report
from films import cmu_motions, filmed

import vvipe
from vvipe.evaluation.lifting import pa_mpjpe_mm
from vvipe.models.sides import sides_put_right, with_swapped_sides
from vvipe.poses import Poses2D

LEAST_S, MOST_FRAMES, RUN = 3.0, 300, (5, 25)
KINDS = ("exact", "detections", "detections, a run of swaps")


def main() -> None:
    chosen = options(__doc__)
    model, rng = vvipe.load(), np.random.default_rng(0)
    clips = [x[:MOST_FRAMES] for split, _, x in cmu_motions(LEAST_S) if split == "validation"]
    rows = [measured(model, clips[:2] if chosen.quick else clips, kind, rng) for kind in KINDS]
    report("swapped_sides", rows, chosen)


def measured(
    model: Any, clips: list[np.ndarray], kind: str, rng: np.random.Generator
) -> dict[str, Any]:
    """PA-MPJPE over all frames of all clips, and of how many frames the sides were changed."""
    given_mm, right_mm, called = [], [], []
    for clip in clips:
        view = filmed(clip, rng.uniform(-np.pi, np.pi), rng, detector=kind != "exact")
        view = with_a_run(view, rng) if kind == KINDS[2] else view
        put_right, swapped = sides_put_right(model, view)
        for errors, poses in ((given_mm, view), (right_mm, put_right)):
            errors.append(pa_mpjpe_mm(model.lift(poses, frame="camera").positions, clip))
        called.append(swapped)
    given, right = np.concatenate(given_mm), np.concatenate(right_mm)
    return {
        "keypoints": kind, "frames": len(given), "changed %": 100 * np.concatenate(called).mean(),
        "PA-MPJPE as given": float(np.nanmean(given)), "put right": float(np.nanmean(right)),
    }  # fmt: skip


def with_a_run(view: Poses2D, rng: np.random.Generator) -> Poses2D:
    """The sides of 5 to 24 frames in a row swapped."""
    start, count = rng.integers(max(1, len(view) - RUN[1])), rng.integers(*RUN)
    rows = np.zeros(len(view), bool)
    rows[start : start + count] = True
    other = with_swapped_sides(view)
    assert view.confidence is not None and other.confidence is not None
    return replace(
        view, coords=np.where(rows[:, None, None], other.coords, view.coords),
        confidence=np.where(rows[:, None], other.confidence, view.confidence),
    )  # fmt: skip


if __name__ == "__main__":
    main()
