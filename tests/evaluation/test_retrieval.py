import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvipe.evaluation.retrieval import euclidean, hit_at_k, match_ranks


def naive_hit_at_k(query, found, matches, k, distance=math.dist):
    hits = 0
    for i, q in enumerate(query):
        reachable = [
            (distance(q, f), j)
            for j, f in enumerate(found)
            if not any(math.isnan(x) for x in (*q, *f))
        ]
        hits += any(matches[i][j] for _, j in sorted(reachable)[:k])
    return hits / len(query)


@given(
    seed=st.integers(0, 2**32 - 1), count=st.integers(1, 30), searched=st.integers(1, 30),
    grid=st.booleans(), share=st.sampled_from([0.02, 0.2]), holes=st.sampled_from([0.0, 0.3]),
)  # fmt: skip
def test_agrees_with_loops(seed, count, searched, grid, share, holes):
    """Whole numbers make many ties; holes are rows of NaN on either side."""
    rng = np.random.default_rng(seed)
    query, found = rng.normal(size=(count, 4)), rng.normal(size=(searched, 4))
    if grid:
        query, found = query.round(), found.round()
    query[rng.uniform(size=count) < holes] = np.nan
    found[rng.uniform(size=searched) < holes] = np.nan
    matches = rng.uniform(size=(count, searched)) < share
    ks = (1, 2, 5, 10, 100)
    naive = {k: naive_hit_at_k(query.tolist(), found.tolist(), matches, k) for k in ks}
    assert hit_at_k(query, found, matches, ks) == naive


def test_the_same_pose_in_the_other_camera_counts():
    vectors = np.arange(5.0)[:, None]
    assert hit_at_k(vectors, vectors, np.eye(5, dtype=bool)) == {1: 1, 10: 1, 20: 1}
    assert hit_at_k(vectors, vectors[::-1], np.eye(5, dtype=bool), (1,)) == {1: 0.2}


def test_of_candidates_equally_far_the_first_comes_first():
    query, found = np.zeros((2, 3)), np.ones((4, 3))
    only_third = np.zeros((2, 4), bool)
    only_third[:, 2] = True
    assert match_ranks(query, found, only_third).tolist() == [2, 2]
    assert hit_at_k(query, found, only_third, (1, 2, 3)) == {1: 0, 2: 0, 3: 1}


def test_a_query_without_embedding_is_a_miss_and_is_counted():
    vectors = np.arange(4.0)[:, None]
    query = vectors.copy()
    query[1] = np.nan
    everything = np.ones((4, 4), bool)
    assert hit_at_k(query, vectors, everything, (1, 100)) == {1: 0.75, 100: 0.75}


def test_a_candidate_without_embedding_is_never_retrieved():
    found = np.array([[0.0], [np.nan]])
    assert hit_at_k(np.zeros((2, 1)), found, np.eye(2, dtype=bool), (1, 100)) == {1: 0.5, 100: 0.5}


def test_more_neighbours_than_candidates(rng):
    query, found = rng.normal(size=(2, 3, 4))
    assert hit_at_k(query, found, np.ones((3, 3), bool), (50,)) == {50: 1}
    assert hit_at_k(query, found, np.zeros((3, 3), bool), (50,)) == {50: 0}


def test_any_distance_will_do(rng):
    """As PR-VIPE needs it: the vectors hold more than a point."""
    query, found = rng.normal(size=(2, 12, 4))
    matches = rng.uniform(size=(12, 12)) < 0.2

    def minus_dot(a, b):
        return -sum(x * y for x, y in zip(a, b, strict=True))

    got = hit_at_k(query, found, matches, (1, 3), distance=lambda a, b: -(a @ b.T))
    assert got == {k: naive_hit_at_k(query, found, matches, k, minus_dot) for k in (1, 3)}


def test_chunks_change_nothing(rng, monkeypatch):
    query, found = rng.normal(size=(2, 50, 4)).round(1)
    matches = rng.uniform(size=(50, 50)) < 0.05
    whole = match_ranks(query, found, matches)
    monkeypatch.setattr("vvipe.evaluation.retrieval._CHUNK", 120)
    sizes = []

    def spy(a, b):
        sizes.append(len(a))
        return euclidean(a, b)

    np.testing.assert_array_equal(match_ranks(query, found, matches, spy), whole)
    assert sizes == [2] * 25


def test_euclidean_agrees_with_loops(rng):
    a, b = rng.normal(size=(5, 7)), rng.normal(size=(6, 7)).astype(np.float32)
    naive = [[math.dist(p, q) for q in b] for p in a]
    np.testing.assert_allclose(euclidean(a, b), naive, rtol=1e-6)
    a[0, 0] = np.nan
    assert np.isnan(euclidean(a, b)[0]).all() and np.isfinite(euclidean(a, b)[1:]).all()


def test_no_candidates():
    assert hit_at_k(np.ones((2, 3)), np.ones((0, 3)), np.zeros((2, 0), bool), (1,)) == {1: 0}


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_near_points_far_from_the_origin_are_told_apart(dtype):
    found = (1000 + np.arange(8.0) / 64)[:, None].astype(dtype)
    assert hit_at_k(found, found, np.eye(8, dtype=bool), (1,)) == {1: 1}
