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


def test_mistakes(belief):
    with pytest.raises(VvipeError, match=r"no such belief.*0\.0"):
        Belief(PrescribedPoints((PrescribedPoint("a", "body:b", (0.0, 0, 0), (0.0, 0, 1)),)), 0.0)
