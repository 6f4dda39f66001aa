"""A space of many dimensions laid out on a plane, and the poses that stand for its regions."""

from __future__ import annotations

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import numpy as np

from vvipe.errors import VvipeError

METHODS = ("auto", "pca", "tsne", "umap")
NAMES = {"pca": "PCA", "tsne": "t-SNE", "umap": "UMAP"}
_MODULES = {"tsne": "openTSNE", "umap": "umap"}
_PACKAGES = {"tsne": "openTSNE", "umap": "umap-learn"}


def to_plane(points: np.ndarray, method: str = "auto", seed: int = 0) -> tuple[np.ndarray, str]:
    """Lays points out on a plane.

    Args:
        points: (N, D); rows that hold NaN stay NaN.
        method: `pca`, `tsne` (needs openTSNE), `umap` (needs umap-learn), or `auto`: t-SNE or
            UMAP where it is installed, else PCA.
        seed: For t-SNE and UMAP.

    Returns:
        (N, 2) float64, and the method's name as one prints it.

    Raises:
        VvipeError: Unknown method, one that is not installed, or fewer than three points.
    """
    if method not in METHODS:
        raise VvipeError(f"unknown map {method!r}", expected=" or ".join(METHODS))
    if method == "auto":
        method = next((m for m, module in _MODULES.items() if find_spec(module)), "pca")
    elif method != "pca" and not find_spec(_MODULES[method]):
        raise VvipeError(
            f"{NAMES[method]} needs a package that is not installed",
            hint=f"pip install {_PACKAGES[method]}, or choose pca",
        )
    whole = np.isfinite(points).all(axis=1)
    if whole.sum() < 3:
        raise VvipeError("too few points for a map", expected="at least 3", got=int(whole.sum()))
    plane = np.full((len(points), 2), np.nan)
    plane[whole] = {"pca": _pca, "tsne": _tsne, "umap": _umap}[method](points[whole], seed)
    return plane, NAMES[method]


def key_poses(points: np.ndarray, count: int = 10, seed: int = 0) -> np.ndarray:
    """Indices of points that stand for regions of the space: the nearest to each k-means centre.

    Args:
        points: (N, D); rows that hold NaN are never picked.
        count: How many; fewer come back where there are fewer distinct points.
        seed: For the first centres (k-means++).
    """
    whole = np.flatnonzero(np.isfinite(points).all(axis=1))
    data = points[whole].astype(np.float64)
    if not len(data):
        return whole
    centres = _spread_centres(data, count, np.random.default_rng(seed))
    for _ in range(20):
        group = nearest(data, centres)
        centres = np.stack(
            [data[group == g].mean(0) if (group == g).any() else c for g, c in enumerate(centres)]
        )
    return np.unique(whole[nearest(centres, data)])


def nearest(points: np.ndarray, centres: np.ndarray) -> np.ndarray:
    """(N,) index of the centre that is nearest to each of (N, D) points; 0 for rows with NaN."""
    middle = centres.mean(axis=0)  # differences of large squares lose digits
    p, c = points - middle, centres - middle
    return np.argmin(np.nan_to_num((c * c).sum(1) - 2 * p @ c.T), axis=1)


def _spread_centres(data: np.ndarray, count: int, rng: np.random.Generator) -> np.ndarray:
    picked = [int(rng.integers(len(data)))]
    squared = ((data - data[picked[0]]) ** 2).sum(1)
    while len(picked) < count and squared.sum() > 0:
        picked.append(int(rng.choice(len(data), p=squared / squared.sum())))
        squared = np.minimum(squared, ((data - data[picked[-1]]) ** 2).sum(1))
    return data[picked]


def _pca(points: np.ndarray, seed: int) -> np.ndarray:
    centred = (points - points.mean(0)).astype(np.float64)
    _, _, directions = np.linalg.svd(centred.T @ centred)
    axes = np.zeros((2, points.shape[1]))
    axes[: len(directions[:2])] = directions[:2]
    # The sign of a direction is arbitrary: let its largest entry be positive, everywhere.
    largest = np.take_along_axis(axes, np.abs(axes).argmax(1)[:, None], axis=1)
    return centred @ (axes * np.where(largest < 0, -1, 1)).T


def _tsne(points: np.ndarray, seed: int) -> np.ndarray:
    tsne: Any = import_module("openTSNE").TSNE(
        perplexity=min(30, (len(points) - 1) / 3), random_state=seed
    )
    return np.asarray(tsne.fit(np.asarray(points, np.float64)))


def _umap(points: np.ndarray, seed: int) -> np.ndarray:
    reducer: Any = import_module("umap").UMAP(
        n_neighbors=min(15, len(points) - 1), random_state=seed, n_jobs=1
    )
    return np.asarray(reducer.fit_transform(points))
