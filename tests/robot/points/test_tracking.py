import numpy as np
import pytest

from vvipe.errors import VvipeError
from vvipe.robot.points.camera import Camera
from vvipe.robot.points.tracking import Disturbed, ExactProjection

CAMERA = Camera.orbiting(np.zeros(3), 30, 40, 2.0, 45, (160, 120))
PLACES = np.array([[0.1, 0, 0], [-0.2, 0.1, 0.1], [0, 5.0, 0], [4.0, 3.0, 4.0]])


class Still:
    """Points that never move."""

    def __init__(self, points):
        self.points = points

    def reset(self, frame, points):
        pass

    def update(self, frame):
        return self.points, np.ones(len(self.points), bool)


def followed(tracker, points, count):
    tracker.reset(None, points)
    told = [tracker.update(None) for _ in range(count)]
    return np.array([p for p, _ in told]), np.array([v for _, v in told])


def test_exact_is_the_projection_and_sees_what_is_in_the_image():
    points, visible = ExactProjection(lambda: (CAMERA, PLACES)).update(None)
    np.testing.assert_array_equal(points, CAMERA.project(PLACES)[:, :2])
    assert visible.tolist() == [True, True, False, False]


def test_undisturbed_is_the_tracker_itself():
    points = np.array([[3.0, 4], [50, 60]])
    told, visible = followed(Disturbed(Still(points)), points, 3)
    assert (told == points).all() and visible.all()


@pytest.mark.parametrize("memory", [0.0, 0.9])
def test_noise_has_the_spread_and_the_memory_it_is_given(memory):
    points = np.full((300, 2), 50.0)
    told, _ = followed(Disturbed(Still(points), 2.0, memory=memory), points, 200)
    error = told - points
    assert error.mean() == pytest.approx(0, abs=0.1)
    assert error.std() == pytest.approx(2, rel=0.03)
    assert error[0].std() == pytest.approx(2, rel=0.1)  # from the first frame on
    after = np.corrcoef(error[:-1].ravel(), error[1:].ravel())[0, 1]
    assert after == pytest.approx(memory, abs=0.02)


def test_lost_points_stay_where_they_were_seen():
    points = np.zeros((400, 2))
    tracker = Disturbed(Still(points), dropout=0.3, noise_px=1.0)
    told, visible = followed(tracker, points, 50)
    assert (~visible).mean() == pytest.approx(0.3, abs=0.02)
    stays = (told[1:] == told[:-1]).all(-1)
    np.testing.assert_array_equal(stays, ~visible[1:])


def test_same_seed_same_noise_and_episodes_differ():
    points = np.zeros((5, 2))
    one, two, other = (Disturbed(Still(points), 1.0, 0.2, 0.5, seed) for seed in (3, 3, 4))
    first, _ = followed(one, points, 4)
    np.testing.assert_array_equal(first, followed(two, points, 4)[0])
    assert not np.array_equal(first, followed(other, points, 4)[0])
    assert not np.array_equal(first, followed(one, points, 4)[0])


@pytest.mark.parametrize("wrong", [(-1, 0, 0), (0, 1.1, 0), (0, 0, 1.0), (0, 0, -0.1)])
def test_impossible_disturbances(wrong):
    with pytest.raises(VvipeError, match="no such disturbance"):
        Disturbed(Still(np.zeros((1, 2))), *wrong)
