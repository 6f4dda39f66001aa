"""Median bone lengths of the CMU training clips, where `UNIVERSAL_LENGTHS_M` comes from.

Over all training poses (at 30 Hz), left and right averaged; exits 1 where the constant is more than
a millimetre off.
"""

from __future__ import annotations

import sys

import numpy as np
from common import DATA, options, report

from vvipe import get_skeleton
from vvipe.datasets import read_clips
from vvipe.geometry.bones import UNIVERSAL_LENGTHS_M, bone_lengths

H36M17 = get_skeleton("h36m17")


def measured_m(fps: float) -> np.ndarray:
    """(17,) medians over the poses of all clips."""
    from vvipe.training.data import training_clips

    clips = read_clips(training_clips(DATA / "cmu"), fps=fps)
    poses = np.concatenate([p.to_skeleton(H36M17).positions for _, p in clips])
    medians = np.nanmedian(bone_lengths(poses, H36M17), axis=0)
    return (medians + medians[H36M17.mirror]) / 2


def main() -> None:
    chosen = options(__doc__)
    if not (DATA / "cmu").is_dir():
        print(f"no CMU data in {DATA}: `make data`")
        return
    rows = [
        {"bone to": joint, "measured mm": 1000 * float(length), "constant mm": 1000 * constant,
         "off mm": abs(1000 * (float(length) - constant))}
        for (joint, constant), length in zip(
            ((j, UNIVERSAL_LENGTHS_M[j]) for j in H36M17.joints),
            measured_m(fps=1 if chosen.quick else 30), strict=True,
        )
    ]  # fmt: skip
    report("universal_skeleton", rows, chosen)
    if max(row["off mm"] for row in rows) > 1:
        sys.exit("UNIVERSAL_LENGTHS_M is more than a millimetre off")


if __name__ == "__main__":
    main()
