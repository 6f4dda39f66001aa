import numpy as np
import pytest
from flat_model import DIM, FlatModel, keypoints
from hypothesis import given
from hypothesis import strategies as st

from vvipe.library import Library
from vvipe.library.folding import folded, span


def naive_span(row, content, near):
    """One step at a time."""
    ends = []
    for step in (-1, 1):
        end = row
        while 0 <= end + step < len(content) and content[end + step] == content[row]:
            if not near[end + step]:
                break
            end += step
        ends.append(end)
    return tuple(ends)


@given(st.data())
def test_a_span_reaches_as_far_as_neighbours_are_near(data):
    count = data.draw(st.integers(1, 300))
    content = np.sort(data.draw(st.lists(st.integers(0, 2), min_size=count, max_size=count)))
    share = data.draw(st.floats(0.8, 1))
    near = np.random.default_rng(count).random(count) < share
    row = data.draw(st.integers(0, count - 1))
    assert span(row, content, lambda rows: near[rows]) == naive_span(row, content, near)


def test_rows_on_the_way_to_a_moment_are_not_hits_of_their_own():
    content = np.repeat([1, 2], 100)
    distance = np.abs(np.arange(200) % 50 - 20)  # four moments, two a clip
    order = np.argsort(distance, kind="stable")
    found = list(folded(order, content, lambda row: (row - 2, row + 2)))
    assert [row for row, _ in found] == [20, 70, 120, 170]
    assert found[0][1] == (18, 22)


@pytest.fixture
def still(tmp_path):
    """A library of one clip that holds a pose, moves, and comes back to it."""
    model = FlatModel("euclidean")
    numbers = np.zeros((60, DIM))
    numbers[:, 0] = np.concatenate(
        [np.zeros(20), np.linspace(0, 9, 15), np.linspace(9, 0, 15), np.zeros(10)]
    )
    library = Library.create(tmp_path / "still", model)
    library.add(model.embed(keypoints(numbers)))
    return library


def test_a_held_pose_is_one_hit_with_its_span(still):
    hits = still.search(np.zeros(DIM), k=5, fold=0.5)
    assert [hit.span for hit in hits] == [(0, 20), (49, 59)]
    assert [hit.distance for hit in hits] == [0, 0]


def test_without_folding_every_frame_is_a_hit(still):
    hits = still.search(np.zeros(DIM), k=40, fold=0)
    assert len(hits) == 40 and all(hit.span == (hit.frame, hit.frame) for hit in hits)
