"""Fits the noise of 2D detectors on real detections and writes its parameters.

python scripts/fit_detector_noise.py OUT.json --sequence FOLDER... --calibration FILE --view NPZ...

Sequences are files or folders of detections (OpenPose), measured against their own course in time;
views are files that `vvipe detect` wrote, one for each camera of a Qualisys calibration, in its
order, of one person, measured against each other. Prints tables for docs/detector_noise.md.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np

import vvipe
from vvipe.detectors.detections import draw, errors_of
from vvipe.detectors.fit import fit_confidence, fit_noise, source_weights
from vvipe.detectors.noise import KINDS, DetectorNoise
from vvipe.detectors.residuals import centred, temporal_errors, temporal_swaps
from vvipe.detectors.view_residuals import view_errors
from vvipe.formats.qualisys import read_qualisys
from vvipe.geometry.keypoints import KEYPOINTS

QUANTILES = (50, 90, 95, 99)


def main() -> None:
    """Measures, fits, writes, prints."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--sequence", type=Path, nargs="+", required=True)
    parser.add_argument("--calibration", type=Path, required=True)
    parser.add_argument("--view", type=Path, nargs="+", required=True)
    given = parser.parse_args()
    sequences = [vvipe.read(p).to_skeleton(KEYPOINTS) for p in given.sequence]
    views = [vvipe.read(p).to_skeleton(KEYPOINTS) for p in given.view]
    cameras = [
        camera.resized(v.image_size or camera.size_px)
        for camera, v in zip(read_qualisys(given.calibration), views, strict=True)
    ]
    in_time = [temporal_errors(s.keypoints.astype(float)) for s in sequences]
    swaps_in_time = [temporal_swaps(s.keypoints.astype(float)) for s in sequences]
    across, swaps_across = view_errors(
        cameras, np.stack([v.keypoints for v in views]).astype(float)
    )
    errors = [known(np.concatenate(in_time)), known(across.reshape(-1, 13, 2))]
    noise = fit_noise(
        errors,
        [~np.concatenate([p.mask for p in source]) for source in (sequences, views)],
        [
            {k: np.concatenate([s[k] for s in swaps_in_time]) for k in ("arms", "legs")},
            {k: s.ravel() for k, s in swaps_across.items()},
        ],
        fit_confidence(np.concatenate(in_time), np.concatenate([s.confidence for s in sequences])),
    )
    write(given.out, noise, errors)
    report(noise, errors)


def known(errors: np.ndarray) -> np.ndarray:
    """Those poses of which any error is known."""
    return errors[np.isfinite(errors).any((1, 2))]


def write(path: Path, noise: DetectorNoise, errors: list[np.ndarray]) -> None:
    """The parameters, on what and how they were fitted."""
    given = " ".join(a if a.startswith("-") else Path(a).name for a in sys.argv[1:])
    content = {
        "noise": rounded(noise.to_json()),
        "unit": "RMS distance of a pose's joints from their centroid; confidence in 0..1",
        "fitted_on": [
            f"{len(errors[0])} poses of OpenPose BODY_25, errors against a parabola in time",
            f"{len(errors[1])} poses of MediaPipe 0.10.14 (full), errors against the other cameras",
        ],
        "method": "mixture of two normals by expectation maximisation, sources weigh alike",
        "command": f"python scripts/fit_detector_noise.py {given}",
    }
    path.write_text(json.dumps(content, indent=2) + "\n")


def rounded(value: object) -> object:
    """Numbers to four digits."""
    if isinstance(value, dict):
        return {k: rounded(v) for k, v in value.items()}
    return float(f"{value:.4g}") if isinstance(value, float) else value


def report(noise: DetectorNoise, errors: list[np.ndarray]) -> None:
    """Parameters, and quantiles of the errors' sizes: each source, both, and sampled ones."""
    print("| joint | spread | wide | chance of wide | shared | missed |\n|---|---|---|---|---|---|")
    for kind in KINDS:
        j = noise.joints[kind]
        print(
            f"| {kind} | {j.spread:.4f} | {j.wide:.4f} | {j.wide_chance:.3f} | {j.shared:.2f} "
            f"| {j.miss:.4f} |"
        )
    rng = np.random.default_rng(0)
    sampled = centred(errors_of(draw(rng.standard_normal, (100_000,)), noise))
    print(f"\nlevel {noise.level:.3f}, limbs {noise.limb_level:.3f}, swaps {dict(noise.swaps)}, ")
    print(
        f"{noise.confidence}\n\n| joint | OpenPose | MediaPipe | both | sampled |\n"
        + "|---" * 5
        + "|"
    )
    for kind in KINDS:
        columns = [i for i, j in enumerate(KEYPOINTS.joints) if j.rpartition("_")[2] == kind]
        both = np.concatenate(errors), source_weights(errors)
        rows = [(e, np.ones(len(e))) for e in errors] + [both, (sampled, np.ones(len(sampled)))]
        cells = [quantiles(np.linalg.norm(e[:, columns], axis=-1), w) for e, w in rows]
        print(f"| {kind} | {' | '.join(cells)} |")


def quantiles(sizes: np.ndarray, weights: np.ndarray) -> str:
    """Weighted, NaN left out."""
    weights = np.broadcast_to(weights[:, None], sizes.shape)[np.isfinite(sizes)]
    sizes = sizes[np.isfinite(sizes)]
    order = np.argsort(sizes)
    below = np.cumsum(weights[order]) / weights.sum()
    found = sizes[order][[np.searchsorted(below, q / 100) for q in QUANTILES]]
    return " / ".join(f"{f:.3f}" for f in found)


if __name__ == "__main__":
    main()
