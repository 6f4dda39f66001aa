import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvipe.geometry.warping import FAR, shared_path, subsequence_warping, warping_path


def naive(d):
    """Every path, by recursion: (cost, start) of the best one that ends in each column."""
    frames, columns = d.shape

    def best(i, j):
        if i < 0 or j < 0:
            return np.inf, -1
        if i == 0:
            return d[0, j], j
        ways = [(best(i - 1, j - 1), d[i, j])]
        if j >= 1:
            ways.append((best(i - 1, j - 2), (d[i, j - 1] + d[i, j]) / 2))
        if i >= 2:
            ways.append((best(i - 2, j - 1), d[i - 1, j] + d[i, j]))
        return min((cost + more, start) for (cost, start), more in ways)

    return [best(frames - 1, j) for j in range(columns)]


@given(st.integers(1, 6), st.integers(1, 9), st.integers(0, 999))
def test_all_columns_at_once_are_as_one_by_one(frames, columns, seed):
    d = np.random.default_rng(seed).uniform(0, 5, (frames, columns))
    found = subsequence_warping(d)
    for j, (cost, start) in enumerate(naive(d)):
        if cost == np.inf:
            assert found.cost[j] == np.inf
        else:
            assert found.cost[j] == pytest.approx(cost / frames, rel=1e-5)
            assert found.start[j] == start


def test_a_query_is_found_where_it_was_cut_out(rng):
    sequence = rng.normal(0, 1, (200, 4)).cumsum(0)
    d = np.linalg.norm(sequence[60:90, None] - sequence[None], axis=-1)
    found = subsequence_warping(d)
    assert (found.cost.argmin(), found.start[found.cost.argmin()]) == (89, 60)
    assert found.cost.min() == 0


@pytest.mark.parametrize("tempo", [0.7, 0.85, 1.15, 1.3])
def test_another_tempo_is_followed(tempo):
    t = np.arange(300) / 10
    curve = lambda t: np.stack([np.sin(t), np.cos(0.7 * t), np.sin(1.3 * t + 1)], -1)  # noqa: E731
    query = curve(10 + np.arange(40) / 10 * tempo)
    d = np.linalg.norm(query[:, None] - curve(t)[None], axis=-1)
    found = subsequence_warping(d)
    end = found.cost.argmin()
    assert abs(found.start[end] - 100) <= 1
    assert abs(end - (100 + 39 * tempo)) <= 2
    assert found.cost[end] < 0.1


def test_no_path_crosses_a_gap(rng):
    d = rng.uniform(0, 1, (5, 40))
    d[:, 18:20] = FAR
    found = subsequence_warping(d)
    ends = np.flatnonzero(np.isfinite(found.cost))
    assert {e < 18 for e in ends} == {True, False}
    assert all((found.start[e] < 18) == (e < 18) for e in ends)


def cheapest(d):
    """Cost of the best path by recursion over every one."""

    def best(i, j):
        if i < 0 or j < 0:
            return np.inf
        if i == j == 0:
            return d[0, 0]
        apart = min(best(i - 1, j), best(i, j - 1)) + d[i, j]
        return min(apart, best(i - 1, j - 1) + 2 * d[i, j])

    return best(d.shape[0] - 1, d.shape[1] - 1)


@given(st.integers(1, 6), st.integers(1, 6), st.integers(0, 999))
def test_no_path_is_cheaper(n, m, seed):
    d = np.random.default_rng(seed).uniform(0, 5, (n, m))
    path = warping_path(d)
    steps = np.diff(path, axis=0)
    assert path[0].tolist() == [0, 0] and path[-1].tolist() == [n - 1, m - 1]
    assert {tuple(s) for s in steps} <= {(1, 0), (0, 1), (1, 1)}
    cost = d[0, 0] + sum(
        d[i, j] * (2 if s.sum() == 2 else 1) for (i, j), s in zip(path[1:], steps, strict=True)
    )
    assert cost == pytest.approx(cheapest(d))


def test_a_motion_with_a_pause_is_followed():
    curve = np.sin(np.arange(40) / 6)
    paused = np.r_[curve[:20], np.full(15, curve[19]), curve[20:]]
    path = warping_path(np.abs(curve[:, None] - paused[None]))
    np.testing.assert_allclose(curve[path[:, 0]], paused[path[:, 1]], atol=1e-9)


def test_what_is_not_known_favours_nothing(rng):
    curve = rng.normal(0, 1, (30, 3)).cumsum(0)
    d = np.linalg.norm(curve[:, None] - curve[None], axis=-1)
    d[12:15] = np.nan
    np.testing.assert_array_equal(warping_path(d), np.stack([np.arange(30)] * 2, 1))


def best_shared(scores):
    """Of every path, the sum of what is nearest to the best: steps in both count twice."""

    def ending(i, j):
        if i < 0 or j < 0:
            return 0.0
        here = scores[i, j]
        ways = (ending(i - 1, j - 1) + 2 * here, ending(i - 1, j) + here, ending(i, j - 1) + here)
        return max(0.0, *ways)

    n, m = scores.shape
    return max(ending(i, j) for i in range(n) for j in range(m))


def gain(scores, path):
    steps = np.diff(path, axis=0, prepend=path[:1] - 1).sum(1)
    return (steps * scores[path[:, 0], path[:, 1]]).sum()


@given(st.integers(1, 5), st.integers(1, 6), st.integers(0, 999))
def test_the_shared_path_is_the_best_of_all(n, m, seed):
    scores = np.random.default_rng(seed).uniform(-1, 1, (n, m)).astype(np.float32)
    path = shared_path(scores)
    best = best_shared(scores)
    if best == 0:
        assert len(path) == 0
        return
    steps = np.diff(path, axis=0)
    assert ((steps >= 0) & (steps <= 1)).all() and (steps.sum(1) > 0).all()

    assert gain(scores, path) == pytest.approx(best, rel=1e-5)
