"""How far lifted poses are from the true ones, in millimetres and percent.

Every function takes (..., 17, 3) h36m17 positions in metres, lifted first, and gives (...) values,
one a pose. All 17 joints count, the root among them.
"""

from __future__ import annotations

import numpy as np

from vvipe.geometry.procrustes import mean_distance, procrustes_align
from vvipe.skeletons import get_skeleton

MM = 1000.0
PCK_THRESHOLD_MM = 150.0
AUC_THRESHOLDS_MM = np.arange(0.0, 151.0, 5.0)
FLAT = 1e-7  # of a pose's size, cubed, is what rounding to float32 makes of no depth at all
_ROOT = get_skeleton("h36m17").index("hip")


def mpjpe_mm(lifted: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Mean per-joint position error, roots laid on each other (Protocol 1)."""
    return mean_distance(_from_root(lifted), _from_root(true)) * MM


def n_mpjpe_mm(lifted: np.ndarray, true: np.ndarray) -> np.ndarray:
    """MPJPE after the least-squares scale about the root (Protocol 3; Rhodin et al. 2018)."""
    lifted, true = _from_root(lifted), _from_root(true)
    scale = (lifted * true).sum((-2, -1)) / np.maximum((lifted * lifted).sum((-2, -1)), 1e-12)
    return mean_distance(scale[..., None, None] * lifted, true) * MM


def pa_mpjpe_mm(lifted: np.ndarray, true: np.ndarray) -> np.ndarray:
    """MPJPE after Procrustes alignment: shift, rotation, scale, no reflection (Protocol 2).

    The error is measured in the size of `true`: for a lifted pose on the universal skeleton, give
    the true pose in its own bone lengths and the difference of build counts as error.
    """
    out = np.full(np.broadcast_shapes(lifted.shape, true.shape)[:-2], np.nan)
    whole = np.isfinite(lifted + true).all((-2, -1))  # decompositions fail on NaN
    lifted, true = np.broadcast_arrays(lifted, true)
    lifted, true = (x[whole].astype(np.float64) for x in (lifted, true))
    out[whole] = mean_distance(procrustes_align(lifted, true), true) * MM
    return out


def pck_percent(
    lifted: np.ndarray, true: np.ndarray, threshold_mm: float = PCK_THRESHOLD_MM
) -> np.ndarray:
    """Joints nearer than the threshold, roots laid on each other; a NaN joint is a wrong one."""
    return (_joint_errors_mm(lifted, true) < threshold_mm).mean(-1) * 100


def auc_percent(lifted: np.ndarray, true: np.ndarray) -> np.ndarray:
    """Mean PCK over thresholds of 0 to 150 mm in steps of 5 mm (Mehta et al. 2017)."""
    errors = _joint_errors_mm(lifted, true)[..., None]
    return (errors < AUC_THRESHOLDS_MM).mean((-2, -1)) * 100


def flipped_percent(lifted: np.ndarray, true: np.ndarray) -> np.ndarray:
    """100 where the pose, mirrored in depth about its root, were nearer to the true one; else 0.

    Nearer after Procrustes alignment without reflection, in the sum of squares: so it is where the
    covariance of the two has a negative determinant (Umeyama 1991), which costs no second
    alignment. A flat pose is its own mirror image, and not flipped; NaN where a joint is NaN.
    """
    lifted, true = (x - x.mean(-2, keepdims=True) for x in (lifted.astype(np.float64), true))
    covariance = true.mT @ lifted
    size = np.linalg.norm(lifted, axis=(-2, -1)) * np.linalg.norm(true, axis=(-2, -1))
    first, second, third = np.moveaxis(covariance, -2, 0)
    determinant = (np.cross(first, second) * third).sum(-1)  # linalg.det warns of NaN
    return np.where(np.isnan(determinant), np.nan, 100.0 * (determinant < -FLAT * size**3))


def lifting_metrics(
    lifted_camera: np.ndarray,
    true_camera: np.ndarray,
    lifted_canonical: np.ndarray,
    true_canonical: np.ndarray,
) -> dict[str, float | None]:
    """Means over poses of every metric, each array (N, 17, 3) metres.

    Args:
        lifted_camera: Lifted poses in the camera's frame, on the universal skeleton.
        true_camera: True poses there, in their own bone lengths.
        lifted_canonical: Lifted canonical poses.
        true_canonical: True canonical poses, on the universal skeleton.

    Returns:
        `mpjpe_mm`, `pa_mpjpe_mm`, `n_mpjpe_mm`, `pck_150mm`, `auc` in the camera's frame;
        `mpjpe_canonical_mm` and `pa_mpjpe_canonical_mm` in the canonical one; `lifted`, the
        percentage of poses that were lifted; and `flipped`, of these, as `flipped_percent` in the
        camera's frame. Errors in mm are means over those, None if there are none; PCK and AUC count
        the others as wrong.
    """
    camera, canonical = (lifted_camera, true_camera), (lifted_canonical, true_canonical)
    whole = np.isfinite(lifted_camera).all((-2, -1)) & np.isfinite(lifted_canonical).all((-2, -1))
    return {
        "mpjpe_mm": _mean(mpjpe_mm(*camera)[whole]),
        "pa_mpjpe_mm": _mean(pa_mpjpe_mm(*camera)[whole]),
        "n_mpjpe_mm": _mean(n_mpjpe_mm(*camera)[whole]),
        "mpjpe_canonical_mm": _mean(mpjpe_mm(*canonical)[whole]),
        "pa_mpjpe_canonical_mm": _mean(pa_mpjpe_mm(*canonical)[whole]),
        "pck_150mm": _mean(pck_percent(*camera)),
        "auc": _mean(auc_percent(*camera)),
        "lifted": _mean(np.where(whole, 100.0, 0.0)),
        "flipped": _mean(flipped_percent(*camera)[whole]),
    }


def _joint_errors_mm(lifted: np.ndarray, true: np.ndarray) -> np.ndarray:
    return np.linalg.norm(_from_root(lifted) - _from_root(true), axis=-1) * MM


def _from_root(positions: np.ndarray) -> np.ndarray:
    return positions - positions[..., _ROOT, None, :]


def _mean(values: np.ndarray) -> float | None:
    return float(values.mean()) if values.size else None
