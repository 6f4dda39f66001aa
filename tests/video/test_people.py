"""People followed: crossings, gaps, and whatever order a detector lists them in."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

pytest.importorskip("scipy")

from vvipe.video import identities, people_of

RATE = 30
BODY = np.random.default_rng(3).normal(0, 1, (17, 2)) * (20, 50)


def walker(x, y=300.0, scale=1.0):
    """(T, J, 3): one body that moves along x, NaN = not seen."""
    x = np.asarray(x, float)
    swing = 6 * np.sin(np.arange(len(x))[:, None] / 5 + np.arange(17))
    points = np.stack(
        [x[:, None] + scale * BODY[:, 0] + swing, y + scale * BODY[:, 1] + 0 * swing], -1
    )
    return np.concatenate([points, np.full((*points.shape[:-1], 1), 0.8)], -1)


def listed(walkers, shuffle=None):
    """Detections of many walkers frame by frame: keypoints, rows, times and who it truly is."""
    keypoints, row, truth = [], [], []
    for t in range(len(walkers[0])):
        order = np.arange(len(walkers)) if shuffle is None else shuffle.permutation(len(walkers))
        for who in order:
            if np.isfinite(walkers[who][t]).any():
                keypoints.append(walkers[who][t])
                row.append(t)
                truth.append(who)
    time_s = np.arange(len(walkers[0])) / RATE
    return np.array(keypoints), np.array(row), time_s, np.array(truth)


def names(truth, found):
    """Which identities each true person was given."""
    return [sorted(set(found[truth == who])) for who in np.unique(truth)]


def test_two_who_cross_keep_their_names(rng):
    t = np.arange(90)
    people = [walker(100 + 5 * t), walker(550 - 5 * t, scale=0.9)]
    *detections, truth = listed(people, shuffle=rng)
    assert names(truth, identities(*detections)) == [[1], [2]]


@pytest.mark.parametrize("hidden", [3, 10, 20])
def test_who_is_hidden_by_another_comes_back(rng, hidden):
    t = np.arange(120)
    people = [walker(100 + 4 * t), walker(600 - 4 * t, scale=0.9)]
    people[1][62 - hidden // 2 : 62 + hidden // 2 + 1] = np.nan
    *detections, truth = listed(people, shuffle=rng)
    assert names(truth, identities(*detections)) == [[1], [2]]


def test_two_who_turn_back_where_they_meet_are_not_taken_for_each_other(rng):
    t = np.arange(100)
    apart = np.abs(t - 50) * 4 + 60
    *detections, truth = listed([walker(400 - apart), walker(400 + apart)], shuffle=rng)
    assert [len(n) for n in names(truth, identities(*detections))] == [1, 1]


def test_who_is_away_for_long_is_somebody_else():
    person = walker(np.full(120, 200.0))
    person[20:80] = np.nan
    keypoints, row, time_s, _ = listed([person])
    found = identities(keypoints, row, time_s)
    assert found.tolist() == [2] * 20 + [1] * 40
    assert [(p.id, p.frames, p.first, p.last) for p in people_of(found, row)] == [
        (1, 40, 80, 119), (2, 20, 0, 19),
    ]  # fmt: skip


def test_who_comes_back_elsewhere_is_somebody_else():
    person = walker(np.r_[np.full(30, 200.0), np.full(40, 900.0)])
    keypoints, row, time_s, _ = listed([person])
    assert identities(keypoints, row, time_s).tolist() == [2] * 30 + [1] * 40


def test_the_longest_seen_and_largest_is_the_first():
    t = np.arange(60)
    passer_by = walker(100 + 8 * t, scale=2.0)
    passer_by[25:] = np.nan
    far = walker(800 + 0 * t, y=100, scale=0.3)
    *detections, truth = listed([far, passer_by, walker(500 + 0 * t)])
    assert names(truth, identities(*detections)) == [[3], [2], [1]]


def test_joints_that_are_not_seen_do_not_count(rng):
    t = np.arange(60)
    people = [walker(100 + 5 * t), walker(450 - 5 * t)]
    for person in people:
        lost = rng.random((60, 17)) < 0.5
        person[lost] = (0, 0, 0)
    *detections, truth = listed(people, shuffle=rng)
    assert names(truth, identities(*detections)) in ([[1], [2]], [[2], [1]])


def test_of_two_alike_the_order_of_listing_does_not_decide():
    left, right = walker(np.full(9, 200.0)), walker(np.full(9, 600.0))
    left_first = identities(*listed([left, right])[:3])
    right_first = identities(*listed([right, left])[:3])
    np.testing.assert_array_equal(left_first.reshape(9, 2), right_first.reshape(9, 2)[:, ::-1])


def test_nobody():
    found = identities(np.empty((0, 17, 3)), np.empty(0, int), np.arange(5) / RATE)
    assert found.shape == (0,) and people_of(found, np.empty(0, int)) == []


@settings(max_examples=30)
@given(st.integers(0, 2**32 - 1), st.integers(1, 5))
def test_the_order_of_people_within_a_frame_is_of_no_account(seed, count):
    rng = np.random.default_rng(seed)
    t = np.arange(25)
    people = [
        walker(rng.uniform(0, 800) + rng.uniform(-9, 9) * t, y=rng.uniform(200, 400))
        for _ in range(count)
    ]
    for person in people:
        person[rng.random(len(t)) < 0.2] = np.nan
    people[0][0] = walker([0.0])[0]
    keypoints, row, time_s, _ = listed(people)
    order = np.lexsort([rng.random(len(row)), row])
    shuffled = identities(keypoints[order], row[order], time_s)
    np.testing.assert_array_equal(shuffled, identities(keypoints, row, time_s)[order])
    for t in np.unique(row):
        assert len(set(shuffled[row == t])) == (row == t).sum()
