"""Keypoints of a video by MediaPipe, as npz: one person, skeleton mediapipe33.

python scripts/detect_mediapipe.py VIDEO OUT.npz [--turn 90]

Needs `pip install mediapipe==0.10.14 av`: that release carries its model inside.
"""

from __future__ import annotations

import argparse
from pathlib import Path

import av
import mediapipe as mp
import numpy as np

_TURNS = {0: 0, 90: 1, 180: 2, 270: 3}  # anticlockwise quarters that bring the person upright


def turned_back(xy: np.ndarray, quarters: int, size: tuple[int, int]) -> np.ndarray:
    """Fractions (J, 2) of an image turned by so many quarters as pixels of one of this size."""
    for _ in range(quarters):
        xy = np.stack([1 - xy[:, 1], xy[:, 0]], -1)
    return xy * size


def main() -> None:
    """Detects every frame by itself, so that no smoothing over time hides errors."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("video", type=Path)
    options.add_argument("out", type=Path)
    options.add_argument("--turn", type=int, choices=_TURNS, default=0)
    options.add_argument("--follow", action="store_true", help="as a video, smoothed over time")
    given = options.parse_args()
    quarters, rows = _TURNS[given.turn], []
    with (
        av.open(str(given.video)) as container,
        mp.solutions.pose.Pose(static_image_mode=not given.follow, model_complexity=1) as pose,
    ):
        stream = container.streams.video[0]
        size = stream.width, stream.height
        known = {"fps": float(stream.average_rate)} if stream.average_rate else {}
        for frame in container.decode(stream):
            image = np.rot90(frame.to_ndarray(format="rgb24"), quarters)
            found = pose.process(np.ascontiguousarray(image)).pose_landmarks
            row = np.full((33, 3), np.nan)
            if found:
                points = np.array([(p.x, p.y, p.visibility) for p in found.landmark])
                row = np.c_[turned_back(points[:, :2], quarters, size), points[:, 2]]
            rows.append(row)
    content = {"keypoints": np.array(rows), "skeleton": "mediapipe33", "image_size": size}
    np.savez(given.out, **content, **known)


if __name__ == "__main__":
    main()
