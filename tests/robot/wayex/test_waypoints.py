import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from vvipe import VvipeError
from vvipe.robot import Demonstration, WaypointValue


def brute(value, state):
    """Eq. 3 by plain loops."""
    demo, gamma = value.demo, value.gamma
    far = [
        sum(((state[k] - p[k]) / demo.scale[k]) ** 2 for k in range(len(state)))
        for p in demo.states
    ]
    t = far.index(min(far))
    near = all(
        abs(state[k] - demo.states[t, k]) <= value.thresholds[t, k] for k in range(len(state))
    )
    if near:
        return -sum(gamma**i for i in range(len(demo) - 1 - t + 1))
    return -sum(gamma**i for i in range(1, value.l_max + 1))


@pytest.fixture
def crooked(rng):
    return Demonstration(rng.normal(size=(12, 3)), ("a", "b", "c"), scale=np.array([1, 2, 0.5]))


@pytest.mark.parametrize("gamma", [0.9, 0.99, 1.0])
def test_it_is_the_sum_of_the_paper(crooked, rng, gamma):
    value = WaypointValue(crooked, gamma, 20, d0=0.8)
    states = np.concatenate([crooked.states, rng.normal(size=(200, 3))])
    told = value(states)
    np.testing.assert_allclose(told, [brute(value, s) for s in states], rtol=1e-12)
    assert len(set(np.round(told, 9))) > 5


def test_the_last_waypoint_costs_one_and_the_first_all(line_demo):
    value = WaypointValue(line_demo, 0.5, 10, d0=0.01)
    np.testing.assert_allclose(value(line_demo.states[[10, 9, 0]]), [-1, -1.5, -2 + 0.5**10])
    assert value(np.array([0.95])) == -(1 - 0.5**10)  # between two: half of all that never arrive


def test_leading_dimensions_are_free(crooked, rng):
    value = WaypointValue(crooked, d0=0.8)
    states = rng.normal(size=(4, 5, 3))
    each = np.array([[float(value(s)) for s in row] for row in states])
    np.testing.assert_array_equal(value(states), each)
    assert np.ndim(value(states[0, 0])) == 0


def test_a_threshold_is_one_for_all_or_one_a_column(crooked):
    np.testing.assert_allclose(WaypointValue(crooked, d0=0.1).thresholds[4], [0.1, 0.2, 0.05])
    each = WaypointValue(crooked, d0=np.array([0.1, 0.5, 9.0])).thresholds
    np.testing.assert_allclose(each, np.tile([0.1, 0.5, 9.0], (12, 1)))


def test_all_columns_have_to_be_within(line_demo):
    demo = Demonstration(np.zeros((2, 2)), ("x", "y"))
    value = WaypointValue(demo, 0.9, 10, d0=np.array([1.0, 0.1]))
    near, far = value(np.array([[0.9, 0.1], [0.9, 0.11]]))
    assert near > far


def test_thresholds_grow_after_ten_misses_until_one_is_within(line_demo):
    value = WaypointValue(line_demo, d0=0.01, growth=0.01, patience=10)
    miss = np.array([0.325])  # of way-point 3, by 0.025
    for _ in range(9):
        value.observe(miss)
    assert value.thresholds[3] == 0.01
    value.observe(miss)
    assert value.thresholds[3] == pytest.approx(0.02)
    for _ in range(10):
        value.observe(miss)
    assert value.thresholds[3] == pytest.approx(0.03)
    for _ in range(50):  # it is within now
        value.observe(miss)
        value.observe(np.array([0.34]))
    assert value.thresholds[3] == pytest.approx(0.03)
    np.testing.assert_array_equal(np.delete(value.thresholds, 3, 0), 0.01)


def test_misses_count_in_a_row(line_demo):
    value = WaypointValue(line_demo, d0=0.03, growth=0.01, patience=3)
    for _ in range(2):
        value.observe(np.array([0.34]))
    value.observe(np.array([0.3]))
    for _ in range(10):
        value.observe(np.array([0.34]))
    np.testing.assert_array_equal(value.thresholds, 0.03)


def test_growth_is_in_units_of_the_scale(crooked):
    value = WaypointValue(crooked, d0=1e-6, growth=0.1, patience=1)
    value.observe(crooked.states[2] + 1e-4)
    np.testing.assert_allclose(value.thresholds[2] - 1e-6 * crooked.scale, [0.1, 0.2, 0.05])


def test_angles_meet_behind(line_demo):
    demo = Demonstration(np.array([[3.1], [0.0]]), ("yaw",), angles=("yaw",))
    value = WaypointValue(demo, d0=0.2)
    assert value.nearest(np.array([-3.1])) == 0
    assert value(np.array([-3.1])) == value(np.array([3.1]))


@given(st.floats(-5, 5), st.floats(0.5, 1.0))
def test_values_are_between_one_step_and_all_of_them(place, gamma):
    demo = Demonstration(np.linspace(0, 1, 11)[:, None], ("place",))
    told = WaypointValue(demo, gamma, 30)(np.array([place]))
    assert -30 <= told <= -gamma * (1 - 1e-12)


@pytest.mark.parametrize(
    ("options", "said"),
    [({"gamma": 0.0}, "discount"), ({"gamma": 1.1}, "discount"), ({"l_max": 9}, "at least 10"),
     ({"d0": 0.0}, "d0"), ({"d0": np.ones(2)}, "d0")],
)  # fmt: skip
def test_what_makes_no_value_is_refused(line_demo, options, said):
    with pytest.raises(VvipeError, match=said):
        WaypointValue(line_demo, **options)
