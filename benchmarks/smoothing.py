"""Smoothing of lifted motion: jitter against lag and error, by filter and width.

Validation clips of CMU (no test subject) at 15, 30 and 60 frames/s, two cameras of Human3.6M's
layout, keypoints with the noise fitted on real detectors, lifted by the shipped model in the
camera's frame. `errors_last_s` 0 draws the noise anew in each frame; 0.1 lets it go over into the
next, as real errors do in part. With `--test` the chosen width alone, on the test subjects.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import numpy as np
from common import DATA, options, report

VALIDATION = (
    "05_07", "05_18", "35_01", "35_20", "01_08", "03_03", "held_basketball_1", "held_running_1",
    "held_soccer_1", "held_washwindow_1", "basketball_3", "jumping_4", "soccer_3",
    "held_walking_9", "basketball_signal_4",
)  # fmt: skip
CAMERAS, LONGEST_S = (0, 3), 20
RATES = (15, 30, 60)
LASTING_S = (0.0, 0.1)
Filter = Callable[[np.ndarray, np.ndarray], np.ndarray]  # positions, seconds


def main() -> None:
    test = "--test" in sys.argv and not sys.argv.remove("--test")
    chosen = options(__doc__)
    rates, lasting = ((30,), (0.0,)) if chosen.quick else (RATES, LASTING_S)
    rows: list[dict[str, Any]] = []
    for fps in rates:
        for lasts_s in lasting:
            clips = list(_lifted(fps, lasts_s, test, chosen.quick))
            for name, width, smooth in _filters(test):
                found = [_measures(smooth, lifted, true, fps) for lifted, true in clips]
                head = {"fps": fps, "errors_last_s": lasts_s, "filter": name, "width": width}
                rows.append(head | {k: float(np.mean([f[k] for f in found])) for k in found[0]})
    report("smoothing_test" if test else "smoothing", rows, chosen)


def _lifted(fps: int, lasts_s: float, test: bool, quick: bool) -> Any:
    """Lifted and true positions of each clip and camera, (N, 17, 3) about the hip, metres."""
    import vvipe
    from vvipe.datasets.cmu import cmu_catalogue
    from vvipe.geometry.cameras import stand_on_floor
    from vvipe.geometry.layouts import HUMAN36M

    model = vvipe.load()
    clips = cmu_catalogue(DATA / "cmu")
    named = [c for c in clips if (c.split == "test" if test else c.name in VALIDATION)]
    for clip in named[:2] if quick else named:
        if fps > clip.fps:
            continue
        world = clip.poses(fps)[: LONGEST_S * fps]
        body = world.to_skeleton("h36m17").positions
        body = stand_on_floor(body[np.isfinite(body).all((1, 2))], 0)
        for index in CAMERAS:
            camera = HUMAN36M.camera(index, body[:, 0])
            keypoints = _detected(body, camera, fps, lasts_s, index)
            lifted = model.lift(keypoints, frame="camera").positions
            yield _from_hip(_filled(lifted)), _from_hip(camera.to_camera(body))


def _detected(body: np.ndarray, camera: Any, fps: int, lasts_s: float, index: int) -> Any:
    from vvipe import Poses2D, Poses3D
    from vvipe.detectors.detections import detected, draw
    from vvipe.detectors.noise import fitted_noise

    joints = Poses3D(body, "h36m17").to_skeleton("coco13").positions
    pixels = camera.project(joints).astype(np.float64)
    rng = np.random.default_rng([len(body), index])
    keep = np.exp(-1 / (fps * lasts_s)) if lasts_s else 0.0

    def lasting(shape: tuple[int, ...]) -> np.ndarray:
        normal = rng.standard_normal(shape)
        for i in range(1, len(normal)):
            normal[i] = keep * normal[i - 1] + np.sqrt(1 - keep**2) * normal[i]
        return normal

    seen = np.isfinite(pixels).all(-1)
    xy, _, confidence = detected(pixels, seen, draw(lasting, (len(pixels),)), fitted_noise())
    return Poses2D(xy, "coco13", confidence=confidence, image_size=(1000, 1000), fps=fps)


def _filters(test: bool) -> list[tuple[str, float, Filter]]:
    from vvipe.geometry.smoothing import LIVE_WIDTH_S, WIDTH_S, smooth

    def ours(width: float) -> Filter:
        return lambda p, t: smooth(p, t, width)

    found: list[tuple[str, float, Filter]] = [("none", 0.0, lambda p, t: p)]
    found += [("local parabola, robust", w, ours(w)) for w in (
        (WIDTH_S,) if test else (0.04, 0.06, 0.08, 0.1, WIDTH_S, 0.15, 0.2)
    )]  # fmt: skip
    found += [("live line, robust", LIVE_WIDTH_S, lambda p, t: _live(p, t, LIVE_WIDTH_S))]
    if test:
        return found
    for w in (0.06, 0.1, 0.15, 0.2):
        found.append(("local parabola", w, lambda p, t, w=w: _plain(p, t, w)))
    for w in (0.03, 0.05, 0.07, 0.1):
        found.append(("Gaussian mean", w, lambda p, t, w=w: _gaussian(p, t, w)))
    for hz in (2, 3, 4, 6):
        found.append(("Butterworth, Hz", hz, lambda p, t, hz=hz: _butterworth(p, t, hz)))
    for hz, beta in ((1, 1), (2, 1), (4, 0), (4, 3)):
        name = f"One-Euro, Hz, beta {beta}"
        found.append((name, hz, lambda p, t, hz=hz, b=beta: _one_euro(p, t, hz, b)))
    return found


def _plain(positions: np.ndarray, time_s: np.ndarray, width_s: float) -> np.ndarray:
    from vvipe.geometry.smoothing import _local_parabolas

    return _local_parabolas(positions, np.ones(positions.shape[:2]), time_s, width_s)


def _gaussian(positions: np.ndarray, time_s: np.ndarray, width_s: float) -> np.ndarray:
    bell = np.exp(-0.5 * ((time_s[:, None] - time_s) / width_s) ** 2)
    return np.einsum("ab,bjd->ajd", bell / bell.sum(1, keepdims=True), positions)


def _butterworth(positions: np.ndarray, time_s: np.ndarray, hz: float) -> np.ndarray:
    from scipy.signal import butter, sosfiltfilt

    sections = butter(2, hz, fs=1 / (time_s[1] - time_s[0]), output="sos")
    return sosfiltfilt(sections, positions, axis=0, padlen=min(len(positions) - 1, 9))


def _one_euro(positions: np.ndarray, time_s: np.ndarray, hz: float, beta: float) -> np.ndarray:
    """Casiez et al. 2012, the speed being that of the joint."""
    step, out, speed = time_s[1] - time_s[0], positions.copy(), np.zeros_like(positions[0])
    for i in range(1, len(out)):
        speed += _share(1.0, step) * ((positions[i] - out[i - 1]) / step - speed)
        cutoff = hz + beta * np.linalg.norm(speed, axis=-1, keepdims=True)
        out[i] = out[i - 1] + _share(cutoff, step) * (positions[i] - out[i - 1])
    return out


def _share(cutoff_hz: Any, step_s: float) -> Any:
    return 1 / (1 + 1 / (2 * np.pi * cutoff_hz * step_s))


def _live(positions: np.ndarray, time_s: np.ndarray, width_s: float) -> np.ndarray:
    from vvipe.geometry.smoothing import LiveSmoother

    smoother = LiveSmoother(width_s)
    return np.stack([smoother(p, t) for p, t in zip(positions, time_s.tolist(), strict=True)])


def _measures(smooth: Filter, lifted: np.ndarray, true: np.ndarray, fps: int) -> dict[str, float]:
    from vvipe.evaluation.lifting import mpjpe_mm, pa_mpjpe_mm

    found = smooth(lifted, np.arange(len(lifted)) / fps)
    jitter = np.diff(found, 2, axis=0) - np.diff(true, 2, axis=0)
    size_mm = 1000 * float(np.linalg.norm(jitter, axis=-1).mean())
    return {
        "mpjpe_mm": float(mpjpe_mm(found, true).mean()),
        "pa_mpjpe_mm": float(pa_mpjpe_mm(found, true).mean()),
        "jitter_mm_per_frame2": size_mm,
        "jitter_m_per_s2": size_mm * fps**2 / 1000,
        "lag_ms": _lag_ms(found, true, fps),
    }


def _lag_ms(found: np.ndarray, true: np.ndarray, fps: int) -> float:
    """The shift at which the velocities agree best, between frames by a parabola."""
    a, b = (np.diff(p, axis=0).reshape(len(p) - 1, -1) for p in (found, true))
    most = int(0.3 * fps) + 1
    middle = b[most:-most]
    scores = np.array([(a[k : k + len(middle)] * middle).sum() for k in range(2 * most + 1)])
    best = int(np.clip(scores.argmax(), 1, 2 * most - 1))
    left, top, right = scores[best - 1 : best + 2]
    return 1000 * (best + 0.5 * (left - right) / (left - 2 * top + right) - most) / fps


def _filled(positions: np.ndarray) -> np.ndarray:
    rows, out = np.arange(len(positions)), positions.astype(np.float64)
    seen = np.isfinite(out).all((1, 2))
    for joint, axis in np.ndindex(out.shape[1:]):
        out[:, joint, axis] = np.interp(rows, rows[seen], out[seen, joint, axis])
    return out


def _from_hip(positions: np.ndarray) -> np.ndarray:
    return positions.astype(np.float64) - positions[:, :1]


if __name__ == "__main__":
    main()
