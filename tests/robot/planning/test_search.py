import numpy as np
import pytest

from vvipe.robot.planning.search import at_time, corner_search, full_search

SPEED = 0.05


def straight_eta(gripper, goal):
    return np.linalg.norm(goal - gripper, axis=-1) / SPEED


def bent_eta(gripper, goal):
    """Quicker in some directions than in others."""
    return np.abs(goal - gripper) @ [20.0, 35.0, 0.0] + 2


def paths(rng, count=50, steps=40):
    start = rng.uniform(-1, 1, (count, 1, 3)) * [1, 1, 0]
    velocity = rng.uniform(-0.03, 0.03, (count, 1, 3)) * [1, 1, 0]
    wobble = 0.05 * np.sin(np.arange(steps + 1) / 5)[None, :, None] * [1, 0, 0]
    return rng.uniform(-1, 1, (count, 3)), start + velocity * np.arange(steps + 1)[:, None] + wobble


def naive_at(path, time):
    if time >= len(path) - 1:
        return path[-1]
    whole = int(time)
    return path[whole] + (time - whole) * (path[whole + 1] - path[whole])


def naive_corners(gripper, path, eta):
    """Section by section as it is told on the project's page."""
    ball = path[0]
    e0 = eta(gripper, ball)
    d = np.linalg.norm(naive_at(path, e0) - ball)
    best = None
    for sx in (-1, 1):
        for sy in (-1, 1):
            corner = ball + np.array([sx * d, sy * d, 0])
            e = eta(gripper, corner)
            score = np.linalg.norm(corner - naive_at(path, e))
            if best is None or score < best[0]:
                best = score, naive_at(path, e), e
    return best[1:]


def test_places_between_steps():
    path = np.array([[[0.0, 0, 0], [1, 0, 0], [1, 2, 0]]])
    got = at_time(path, np.array([[0, 0.5, 1.25, 2, 99, -1]]))[0]
    np.testing.assert_allclose(got[:, :2], [[0, 0], [0.5, 0], [1, 0.5], [1, 2], [1, 2], [0, 0]])


@pytest.mark.parametrize("eta", [straight_eta, bent_eta])
def test_corners_agree_with_loops(eta, rng):
    gripper, path = paths(rng)
    goals, times = corner_search(gripper, path, eta)
    for i in range(len(path)):
        goal, time = naive_corners(gripper[i], path[i], eta)
        np.testing.assert_allclose(goals[i], goal, atol=1e-12)
        assert times[i] == pytest.approx(time)


def test_the_intermediate_goal_is_on_the_path_not_at_the_corner():
    path = np.array([0.03, 0, 0]) * np.arange(41)[None, :, None]
    goal, time = corner_search(np.array([[0.0, -0.5, 0]]), path, straight_eta)
    assert goal[0, 1] == 0 and goal[0, 0] == pytest.approx(0.03 * time[0])


@pytest.mark.parametrize("eta", [straight_eta, bent_eta])
def test_full_search_finds_the_first_meeting(eta, rng):
    gripper, path = paths(rng)
    goals, times = full_search(gripper, path, eta)
    fine = np.linspace(0, 40, 4001)
    for i in range(len(path)):
        on_path = np.stack([naive_at(path[i], t) for t in fine])
        in_time = eta(gripper[i], on_path) <= fine
        if in_time.any():
            assert times[i] == pytest.approx(fine[in_time.argmax()], abs=0.2)
            assert eta(gripper[i], goals[i]) == pytest.approx(times[i], abs=0.2)
            np.testing.assert_allclose(goals[i], naive_at(path[i], times[i]), atol=1e-9)
        else:
            late = eta(gripper[i], path[i]) - np.arange(41)
            np.testing.assert_array_equal(goals[i], path[i][late.argmin()])


def test_a_ball_too_fast_to_be_met_is_followed_where_least_late():
    path = np.array([0.2, 0, 0]) * np.arange(11)[None, :, None]  # four times as fast, away
    goal, time = full_search(np.array([[-0.5, 0.0, 0]]), path, straight_eta)
    np.testing.assert_allclose(goal[0], [0, 0, 0])
    assert time[0] == pytest.approx(10)


def test_a_ball_that_comes_closer_is_awaited():
    path = np.array([1.0, 0, 0]) - np.array([0.05, 0, 0]) * np.arange(31)[None, :, None]
    goal, time = full_search(np.array([[0.0, 0.0, 0]]), path, straight_eta)
    np.testing.assert_allclose(goal[0], [0.5, 0, 0], atol=1e-9)
    assert time[0] == pytest.approx(10)


@pytest.mark.parametrize("search", [corner_search, full_search])
def test_episodes_do_not_mix(search, rng):
    gripper, path = paths(rng, count=6)
    goals, times = search(gripper, path, bent_eta)
    for i in range(6):
        goal, time = search(gripper[i : i + 1], path[i : i + 1], bent_eta)
        np.testing.assert_allclose(goal[0], goals[i], atol=1e-12)
        assert time[0] == pytest.approx(times[i])


@pytest.mark.parametrize("search", [corner_search, full_search])
def test_a_still_ball_is_its_own_goal(search):
    path = np.repeat(np.array([[[0.3, 0.4, 0]]]), 20, axis=1)
    goal, time = search(np.zeros((1, 3)), path, straight_eta)
    np.testing.assert_allclose(goal[0], [0.3, 0.4, 0])
    assert time[0] == pytest.approx(10)
