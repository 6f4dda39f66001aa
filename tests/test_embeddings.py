import numpy as np
import pytest
import torch

from vvipe.embeddings import Embeddings, euclidean, matching_distance, matching_square


@pytest.fixture
def gaussians(rng):
    """Means and variances of five and of seven embeddings."""
    sizes = (5, 7)
    return [(rng.normal(size=(n, 3)), rng.uniform(0, 4, (n, 3))) for n in sizes]


def naive(a, variance_a, b, variance_b):
    return np.array([
        [
            sum((p - q) ** 2 / ((1 + u) * (1 + v)) for p, u, q, v in zip(x, s, y, t, strict=True))
            for y, t in zip(b, variance_b, strict=True)
        ]
        for x, s in zip(a, variance_a, strict=True)
    ])  # fmt: skip


def test_agrees_with_loops_in_numpy_and_torch(gaussians):
    arrays = [x for pair in gaussians for x in pair]
    expected = naive(*arrays)
    np.testing.assert_allclose(matching_square(*arrays), expected)
    tensors = [torch.from_numpy(x) for x in arrays]
    np.testing.assert_allclose(matching_square(*tensors).numpy(), expected)


def test_who_is_sure_of_everything_measures_euclidean_distance(gaussians):
    (a, _), (b, _) = gaussians
    sure = [Embeddings(x, np.zeros_like(x)) for x in (a, b)]
    np.testing.assert_allclose(matching_distance(*sure), euclidean(a, b), atol=1e-7)


def test_a_dimension_that_nobody_knows_does_not_count(rng):
    a, b = rng.normal(size=(2, 4, 3))
    doubt = np.zeros((4, 3))
    doubt[:, 2] = 1e12
    blind = matching_distance(Embeddings(a, doubt), Embeddings(b, np.zeros((4, 3))))
    np.testing.assert_allclose(blind, euclidean(a[:, :2], b[:, :2]), atol=1e-5)


def test_from_itself_nothing_is_apart_and_both_ways_are_as_long(gaussians):
    a, b = (Embeddings(*pair) for pair in gaussians)
    np.testing.assert_allclose(np.diag(matching_distance(a, a)), 0, atol=1e-6)
    np.testing.assert_allclose(matching_distance(a, b), matching_distance(b, a).T)


def test_rows_without_an_embedding_are_nan_from_all(gaussians):
    (a, spread), other = gaussians
    a[1] = np.nan
    apart = matching_distance(Embeddings(a, spread), Embeddings(*other))
    assert np.isnan(apart[1]).all() and np.isfinite(np.delete(apart, 1, 0)).all()
