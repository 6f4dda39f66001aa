"""Poses lifted from each of four calibrated cameras, against those triangulated from all four.

The person is filmed by Pose2Sim's demo (100 frames each); keypoints are those of `vvipe detect`.
Errors are of the twelve limb joints, which detector and model both have, after Procrustes alignment
(PA-MPJPE) and after the best rotation and shift alone; the triangulated joints themselves are off.
"""

from __future__ import annotations

from typing import Any

import numpy as np
from common import DATA, options, report

import vvipe
from vvipe.detectors.residuals import AGREE, rms_size
from vvipe.detectors.view_residuals import sides_right
from vvipe.formats.qualisys import read_qualisys
from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.geometry.procrustes import mean_distance, procrustes_align
from vvipe.geometry.smoothing import smooth_poses
from vvipe.geometry.triangulation import reprojection_errors, triangulate_robust
from vvipe.models.sides import sides_put_right

SHOT = DATA / "pose2sim_single"
SMOOTH_S = 0.12
LIMBS = [j for j in KEYPOINTS.joints if j != "nose"]


def main() -> None:
    chosen = options(__doc__)
    videos = sorted((SHOT / "videos").glob("*.mp4"))
    seen = [vvipe.read(video).to_skeleton(KEYPOINTS) for video in videos]
    cameras = [
        camera.resized(view.image_size or camera.size_px)
        for camera, view in zip(read_qualisys(SHOT / "Calib.qca.txt"), seen, strict=True)
    ]
    keypoints = np.stack([view.keypoints for view in seen]).astype(float)
    size = rms_size(keypoints)[..., None]
    right, _ = sides_right(cameras, keypoints, size)
    points, used = triangulate_robust(cameras, right, AGREE * size)
    off_px = np.where(used, reprojection_errors(cameras, points, right), np.nan)
    limbs = KEYPOINTS.indices(*LIMBS)
    model = vvipe.load()
    rows = [
        {"camera": video.stem, **errors(model, view, points[:, limbs]),
         "reprojection px": float(np.nanmedian(off_px[i]))}
        for i, (video, view) in enumerate(zip(videos, seen, strict=True))
    ]  # fmt: skip
    report("real_cameras", rows, chosen)


def errors(model: Any, view: Any, true: np.ndarray) -> dict[str, Any]:
    """One camera's row; `true` (N, 12, 3) metres in the world."""
    right, swapped = sides_put_right(model, view)
    lifted = model.lift(right, frame="camera")
    found, raw, smooth = (
        poses.positions[:, poses.skeleton.indices(*LIMBS)].astype(float)
        for poses in (lifted, model.lift(view, frame="camera"), smooth_poses(lifted, SMOOTH_S))
    )
    flat = view.keypoints[:, KEYPOINTS.indices(*LIMBS)].astype(float)
    flat = np.concatenate([flat, np.zeros_like(flat[..., :1])], -1)
    whole = np.isfinite(true).all((1, 2)) & np.isfinite(found + raw + smooth).all((1, 2))
    whole &= np.isfinite(flat).all((1, 2))

    def off_mm(poses: np.ndarray) -> float:
        return 1000 * float(mean_distance(procrustes_align(poses, true[whole]), true[whole]).mean())

    mean = np.broadcast_to(procrustes_align(true[whole], true[whole][:1]).mean(0), true.shape)
    return {
        "frames": len(true), "measured": int(whole.sum()), "swapped": int(swapped.sum()),
        "PA-MPJPE mm": off_mm(found[whole]), "as detected": off_mm(raw[whole]),
        "smoothed": off_mm(smooth[whole]),
        "flat": off_mm(flat[whole]), "the shot's mean pose": off_mm(mean[whole]),
    }  # fmt: skip


if __name__ == "__main__":
    main()
