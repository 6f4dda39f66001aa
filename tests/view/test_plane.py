import sys
from types import SimpleNamespace

import numpy as np
import pytest

from vvipe.errors import VvipeError
from vvipe.view import plane as plane_module
from vvipe.view.plane import key_poses, nearest, to_plane


def distances(points: np.ndarray) -> np.ndarray:
    return np.linalg.norm(points[:, None] - points[None], axis=-1)


def test_pca_lays_a_tilted_plane_flat(rng):
    flat = rng.normal(size=(50, 2)) * (3, 1)
    tilt, _ = np.linalg.qr(rng.normal(size=(7, 7)))
    laid_out, name = to_plane(flat @ tilt[:2] + 4, "pca")
    assert name == "PCA"
    np.testing.assert_allclose(distances(laid_out), distances(flat), atol=1e-9)
    assert laid_out[:, 0].var() > laid_out[:, 1].var()


def test_pca_keeps_the_largest_variances(rng):
    points = rng.normal(size=(200, 5)) * (1, 5, 2, 3, 1)
    laid_out, _ = to_plane(points, "pca")
    want = np.sort(np.linalg.eigvalsh(np.cov(points.T)))[::-1][:2]
    np.testing.assert_allclose(laid_out.var(axis=0, ddof=1), want)


def test_one_dimension_is_a_line(rng):
    laid_out, _ = to_plane(rng.normal(size=(9, 1)), "pca")
    assert laid_out.shape == (9, 2) and not laid_out[:, 1].any()


def test_rows_with_nan_stay_where_they_are(rng):
    points = rng.normal(size=(20, 4)).astype(np.float32)
    points[[2, 11], [0, 3]] = np.nan
    laid_out, _ = to_plane(points, "pca")
    assert np.flatnonzero(np.isnan(laid_out).any(axis=1)).tolist() == [2, 11]
    whole = np.delete(points, [2, 11], axis=0)
    np.testing.assert_allclose(np.delete(laid_out, [2, 11], axis=0), to_plane(whole, "pca")[0])


def test_auto_is_pca_where_nothing_else_is_installed(rng, monkeypatch):
    monkeypatch.setattr(plane_module, "find_spec", lambda name: None)
    assert to_plane(rng.normal(size=(9, 4)))[1] == "PCA"
    with pytest.raises(VvipeError, match="pip install openTSNE"):
        to_plane(rng.normal(size=(9, 4)), "tsne")


@pytest.mark.parametrize(
    ("module", "name", "method"), [("openTSNE", "t-SNE", "tsne"), ("umap", "UMAP", "umap")]
)
def test_auto_takes_what_is_installed(module, name, method, rng, monkeypatch):
    class Layout:
        def __init__(self, random_state: int, **_):
            self.seed = random_state

        def fit(self, points):
            return points[:, :2] + self.seed

        fit_transform = fit

    monkeypatch.setattr(plane_module, "find_spec", lambda asked: asked == module or None)
    monkeypatch.setitem(sys.modules, module, SimpleNamespace(TSNE=Layout, UMAP=Layout))
    points = rng.normal(size=(9, 4))
    for asked in ("auto", method):
        laid_out, how = to_plane(points, asked, seed=5)
        assert how == name
        np.testing.assert_allclose(laid_out, points[:, :2] + 5)


def test_bad_input_is_refused(rng):
    with pytest.raises(VvipeError, match="unknown map 'pac'"):
        to_plane(rng.normal(size=(9, 4)), "pac")
    with pytest.raises(VvipeError, match="too few points"):
        to_plane(np.full((9, 4), np.nan), "pca")


def test_one_key_pose_in_each_cluster(rng):
    centres = 50 * np.eye(10)
    member = np.repeat(np.arange(10), 20)
    points = centres[member] + rng.normal(size=(200, 10))
    points[7] = np.nan
    keys = key_poses(points, 10)
    assert sorted(member[keys]) == list(range(10))
    for key in keys:  # and it is the one nearest to the middle of its cluster
        own = np.flatnonzero((member == member[key]) & np.isfinite(points[:, 0]))
        middle = points[own].mean(axis=0)
        assert key == own[np.linalg.norm(points[own] - middle, axis=1).argmin()]


def test_fewer_distinct_points_than_key_poses():
    points = np.repeat(np.eye(3), 5, axis=0)
    assert len(key_poses(points, 10)) == 3
    assert len(key_poses(np.full((4, 3), np.nan), 10)) == 0


def test_nearest_against_a_loop(rng):
    points, centres = rng.normal(size=(40, 6)) + 1000, rng.normal(size=(7, 6)) + 1000
    want = [min(range(7), key=lambda c, p=p: np.linalg.norm(p - centres[c])) for p in points]
    assert nearest(points, centres).tolist() == want
