import numpy as np
import pytest

from vvipe.errors import VvipeError
from vvipe.robot.points.believing import Belief
from vvipe.robot.points.prescribed import PrescribedPoint, PrescribedPoints

# A square of 10 cm, a metre away, and a point by itself.
PLACES = np.array(
    [[0.0, 0, 1], [0.1, 0, 1], [0, 0.1, 1], [0.1, 0.1, 1], [0.5, 0.5, 1.2]]
)  # fmt: skip
CARRIERS = ["body:box"] * 4 + ["body:ball"]
ALL = np.ones(5, bool)


@pytest.fixture
def belief():
    points = [
        PrescribedPoint(str(i), carrier, (0.0, 0, 0), tuple(map(float, place)))
        for i, (carrier, place) in enumerate(zip(CARRIERS, PLACES, strict=True))
    ]
    return Belief(PrescribedPoints(tuple(points)))


def nearer(places, i, share=0.8):
    """What is told of a point behind something that is nearer to the camera."""
    hidden = places.copy()
    hidden[i] *= share
    return hidden


def test_what_is_seen_is_believed_as_it_is(belief):
    for step in range(4):
        told = PLACES + 0.02 * step
        places, believed = belief(told, ALL)
        assert believed.all()
        np.testing.assert_array_equal(places, told)


def test_a_hidden_point_is_carried_on_by_the_others_of_its_body(belief):
    belief(PLACES, ALL)
    angle = 0.3
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0],
                     [0, 0, 1]])  # fmt: skip
    now = PLACES @ turn.T + 0.01
    now[4] = PLACES[4]
    places, believed = belief(nearer(now, 2), ALL)
    assert believed.tolist() == [True, True, False, True, True]
    np.testing.assert_allclose(places, now, atol=1e-9)


def test_on_the_first_frame_too(belief):
    places, believed = belief(nearer(PLACES + 0.3, 0), ALL)
    assert not believed[0] and believed[1:].all()
    np.testing.assert_allclose(places, PLACES + 0.3, atol=1e-9)


def test_of_two_pairs_that_agree_the_farther_one_is_the_body(belief):
    told = PLACES.copy()
    told[[0, 1]] -= (0, 0, 0.4)  # on the arm, at their distance from each other
    _, believed = belief(told, ALL)
    assert believed.tolist() == [False, False, True, True, True]


def test_a_point_by_itself_does_not_leap_and_comes_back(belief):
    belief(PLACES, ALL)
    hidden = PLACES.copy()
    hidden[4, 2] -= 0.3
    places, believed = belief(hidden, ALL)
    assert not believed[4]
    np.testing.assert_array_equal(places[4], PLACES[4])
    back = PLACES + 0.02
    assert belief(back, ALL)[1][4]


def test_after_long_it_may_have_gone_further(belief):
    belief(PLACES, ALL)
    far = PLACES.copy()
    far[4, 0] += 0.2  # more than three steps of 6 cm
    told = [belief(far, ALL)[1][4] for _ in range(5)]
    assert told == [False, False, False, True, True]


def test_what_was_never_seen_is_where_it_is_told_until_its_body_is_known(belief):
    seen = np.array([False, False, False, False, True])
    places, believed = belief(PLACES + 1, seen)
    assert believed.tolist() == seen.tolist()
    np.testing.assert_array_equal(places, PLACES + 1)
    _, believed = belief(PLACES, np.arange(5) < 4)
    assert believed.tolist() == [True] * 4 + [False]


def test_an_episode_begins_anew(belief):
    belief(PLACES, ALL)
    belief.reset()
    assert belief(PLACES + 2, ALL)[1].all()


# A table's marks, a box that slides on it, and a spot on it; the camera looks along z, down.
TABLE = np.array(
    [[-0.3, -0.2, 1.5], [0.3, -0.2, 1.5], [-0.3, 0.2, 1.5], [0.3, 0.2, 1.5],
     [0.0, 0, 1.45], [0.04, 0, 1.45], [0.0, 0.04, 1.45], [0.2, 0.1, 1.48]]
)  # fmt: skip
ON_TABLE = np.ones(8, bool)


@pytest.fixture
def sliding():
    carriers = ["body:world"] * 4 + ["body:box"] * 3 + ["site:spot"]
    points = [
        PrescribedPoint(str(i), carrier, (0.0, 0, 0), tuple(map(float, place)), i < 4, False, i > 3)
        for i, (carrier, place) in enumerate(zip(carriers, TABLE, strict=True))
    ]
    return Belief(PrescribedPoints(tuple(points)))


def moved_on(box=(0.0, 0, 0), angle=0.0, spot=(0.0, 0, 0)):
    now = TABLE.copy()
    turn = np.array([[np.cos(angle), -np.sin(angle), 0], [np.sin(angle), np.cos(angle), 0],
                     [0, 0, 1]])  # fmt: skip
    now[4:7] = (now[4:7] - now[4]) @ turn.T + now[4] + box
    now[7] += spot
    return now


def test_what_is_hidden_from_the_first_frame_on_is_behind_it_as_high_as_it_has_to_be(sliding):
    now = moved_on((0.1, 0.05, 0), 0.5, (-0.3, 0, 0))
    hidden = now.copy()
    hidden[4:] *= np.array([[0.8], [0.7], [0.6], [0.8]])  # not even the box's distances fit
    places, believed = sliding(hidden, ON_TABLE)
    assert believed.tolist() == [True] * 4 + [False] * 4
    np.testing.assert_allclose(places, now, atol=1e-9)
    lost = np.arange(8) < 4  # it waits, and no tracker sees it
    assert sliding(hidden, lost)[1].tolist() == lost.tolist()
    places, believed = sliding(now, lost)
    assert believed.all()
    np.testing.assert_allclose(places, now, atol=1e-9)


def test_what_slides_does_not_rise(sliding):
    sliding(TABLE, ON_TABLE)
    lying = moved_on()
    lying[7] += (0.01, 0, -0.03)  # what was pushed over the spot
    places, believed = sliding(lying, ON_TABLE)
    assert believed.tolist() == [True] * 7 + [False]
    np.testing.assert_array_equal(places, TABLE)


def test_two_points_tell_how_what_slides_has_turned(sliding):
    sliding(TABLE, ON_TABLE)
    now = moved_on((0.01, 0, 0), 0.2)
    places, believed = sliding(nearer(now, 6), ON_TABLE)
    assert believed.tolist() == [True] * 6 + [False, True]
    np.testing.assert_allclose(places[6], now[6], atol=0.002)


def test_before_all_marks_are_known_nothing_is_told_by_them(sliding):
    hidden = TABLE.copy()
    hidden[7] *= 0.8
    places, believed = sliding(hidden, np.arange(8) > 3)
    assert believed.tolist() == [False] * 4 + [True] * 4
    np.testing.assert_array_equal(places, hidden)


def test_mistakes(belief):
    with pytest.raises(VvipeError, match=r"no such belief.*0\.0"):
        Belief(PrescribedPoints((PrescribedPoint("a", "body:b", (0.0, 0, 0), (0.0, 0, 1)),)), 0.0)
