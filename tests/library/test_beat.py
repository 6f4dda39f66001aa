from itertools import pairwise

import numpy as np
import pytest

from vvipe.library.beat import NOBODY, clips_at_beats, clips_of, rows_at_beats, seconds


@pytest.mark.parametrize("fps", [10, 15, 24, 30, 59.94, 120])
def test_beats_are_the_nearest_rows(fps):
    times = np.arange(90) / fps
    rows = rows_at_beats(times)
    beats = np.arange(len(rows)) / 15
    assert beats[-1] <= times[-1] + 1e-6 < beats[-1] + 1 / 15 + 1e-5
    expected = [np.abs(times - beat).min() for beat in beats]
    np.testing.assert_allclose(np.abs(times[rows] - beats), expected, atol=1e-9)


def test_gaps_hold_nobody():
    times = np.r_[np.arange(0, 1, 0.05), np.arange(3, 4, 0.05)]
    rows = rows_at_beats(times)
    beats = np.arange(len(rows)) / 15
    np.testing.assert_array_equal(rows == NOBODY, (beats > 0.95 + 0.25) & (beats < 3 - 0.25))


def test_rows_in_any_order(rng):
    times = np.arange(60) / 30
    order = rng.permutation(60)
    np.testing.assert_array_equal(
        times[order][rows_at_beats(times[order])], np.arange(0, 60, 2) / 30
    )


def test_one_row_is_one_beat():
    assert rows_at_beats(np.array([7.3])).tolist() == [0]


def test_clips_are_apart_and_filters_leave_gaps():
    content = np.repeat([5, 3, 5], [30, 15, 30])
    times = np.r_[np.arange(30), np.arange(15), np.arange(30)] / 15
    edges = clips_of(content)
    assert edges.tolist() == [0, 30, 45, 75]
    clips = [np.arange(first, last) for first, last in pairwise(edges)]
    assert [c.tolist() for c in clips_at_beats(clips, times)] == [
        list(range(30)), list(range(30, 45)), list(range(45, 75)),
    ]  # fmt: skip
    allowed = (content == 3) | (np.arange(75) < 3)
    assert [c.tolist() for c in clips_at_beats(clips, times, allowed)] == [
        [0, 1, 2], list(range(30, 45)),
    ]  # fmt: skip
    assert clips_of(content[:0]).tolist() == [0]


def test_unknown_times_are_counted():
    frame = np.array([0, 30, 60])
    assert seconds(frame, None).tolist() == [0, 1, 2]
    assert seconds(frame, None, 60.0).tolist() == [0, 0.5, 1]
    assert seconds(frame, np.array([0.5, np.nan, 3])).tolist() == [0.5, 1, 3]
