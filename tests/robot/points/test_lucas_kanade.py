import numpy as np
import pytest

from vvipe.errors import VvipeError

cv2 = pytest.importorskip("cv2")

from vvipe.robot.points.lucas_kanade import LucasKanade  # noqa: E402
from vvipe.robot.points.patches import cut, search  # noqa: E402

POINTS = np.array([[40.5, 50.5], [90.25, 60.0], [70.0, 95.75]])


@pytest.fixture
def texture(rng):
    """A smooth random picture, larger than a frame."""
    noise = rng.uniform(0, 255, (240, 240, 3)).astype(np.float32)
    blurred = cv2.GaussianBlur(noise, (0, 0), 3)
    return np.clip((blurred - 127) * 6 + 127, 0, 255).astype(np.uint8)


def view(texture, shift):
    """(140, 160, 3) of the texture; its content moved by (u, v) pixels."""
    move = np.array([[1, 0, shift[0] - 30], [0, 1, shift[1] - 30]], np.float64)
    return cv2.warpAffine(texture, move, (160, 140))


def test_points_follow_a_picture_that_moves_by_parts_of_pixels(texture):
    tracker = LucasKanade()
    tracker.reset(view(texture, (0, 0)), POINTS)
    for step in range(1, 51):
        shift = np.array([8 * np.sin(step / 9), 0.21 * step])
        points, visible = tracker.update(view(texture, shift))
        assert visible.all()
        assert np.abs(points - POINTS - shift).max() < 0.3


def test_a_still_picture_leaves_points_where_they_are(texture):
    frame = view(texture, (0, 0))
    tracker = LucasKanade()
    tracker.reset(frame, POINTS)
    points, visible = tracker.update(frame)
    np.testing.assert_allclose(points, POINTS, atol=1e-3)
    assert visible.all()


def test_a_covered_point_is_lost_and_taken_up_again(texture, rng):
    tracker = LucasKanade()
    tracker.reset(view(texture, (0, 0)), POINTS)
    seen = []
    for step in range(1, 13):
        shift = np.array([0.8 * step, 0])
        frame = view(texture, shift)
        if 4 <= step < 8:
            frame[70:110, 40:110] = rng.integers(0, 255, (40, 70, 3))
        points, visible = tracker.update(frame)
        seen.append(visible.copy())
        if step == 3:
            before = points.copy()
        if step == 7:
            np.testing.assert_array_equal(points[2], before[2])
    assert not np.array(seen)[3:7, 2].any()
    assert np.array(seen)[:, 0].all() and np.array(seen)[9:, 2].all()
    assert np.abs(points - POINTS - shift).max() < 1.0


def test_without_a_way_back_within_reach_it_stays_lost(texture, rng):
    tracker = LucasKanade(reach_px=0)
    tracker.reset(view(texture, (0, 0)), POINTS)
    hidden = view(texture, (0, 0))
    hidden[70:120, 40:110] = rng.integers(0, 255, (50, 70, 3))
    tracker.update(hidden)
    _, visible = tracker.update(view(texture, (12, 0)))
    assert not visible[2]


def test_the_flow_of_what_hides_a_point_is_not_its_own(texture, rng):
    tracker = LucasKanade()
    tracker.reset(view(texture, (0, 0)), POINTS)
    cover = cv2.GaussianBlur(rng.uniform(0, 255, (50, 70, 3)).astype(np.float32), (0, 0), 2)
    cover = np.clip((cover - 127) * 5 + 127, 0, 255).astype(np.uint8)
    for step in range(6):  # it slides along, from its second frame as easy to follow as the picture
        frame = view(texture, (0, 0))
        hiding = cover if step else rng.integers(0, 255, cover.shape)
        frame[70:120, 40 + 2 * step : 110 + 2 * step] = hiding
        points, visible = tracker.update(frame)
        assert not visible[2]
        np.testing.assert_array_equal(points[2], POINTS[2])
    points, visible = tracker.update(view(texture, (0, 0)))
    assert visible.all() and np.abs(points - POINTS).max() < 0.6


def test_a_point_that_is_not_believed_is_looked_for_where_it_is_told_to_be(texture):
    tracker = LucasKanade(reach_px=6)
    tracker.reset(view(texture, (0, 0)), POINTS + np.array([0, 25]))  # not at all what is meant
    tracker.correct(POINTS, np.array([True, True, False]))
    points, visible = tracker.update(view(texture, (1, 0)))
    np.testing.assert_allclose(points[:2], POINTS[:2] + np.array([1, 25]), atol=0.3)
    assert not visible[2]  # what lay there looked otherwise
    tracker.reset(view(texture, (0, 0)), POINTS)
    tracker.correct(POINTS + 4, np.array([False, True, True]))
    points, visible = tracker.update(view(texture, (0, 0)))
    assert visible.all() and np.abs(points - POINTS).max() < 0.6


def test_no_points_are_no_trouble(texture):
    tracker = LucasKanade()
    tracker.reset(view(texture, (0, 0)), np.zeros((0, 2)))
    points, visible = tracker.update(view(texture, (1, 0)))
    assert points.shape == (0, 2) and visible.shape == (0,)


def test_mistakes(texture):
    tracker = LucasKanade()
    with pytest.raises(VvipeError, match="no frame; expected"):
        tracker.reset(None, POINTS)
    with pytest.raises(VvipeError, match=r"no frame.*float64"):
        tracker.reset(np.zeros((4, 4, 3)), POINTS)
    with pytest.raises(VvipeError, match=r"uint8 .4, 4, 4."):
        tracker.reset(np.zeros((4, 4, 4), np.uint8), POINTS)
    tracker.reset(view(texture, (0, 0)), POINTS)
    with pytest.raises(VvipeError, match="not a frame of this episode"):
        tracker.update(np.zeros((10, 10, 3), np.uint8))
    with pytest.raises(VvipeError, match="no such window"):
        LucasKanade(window_px=1)


def test_a_patch_is_found_where_it_was_cut(texture):
    picture = view(texture, (0, 0))[..., 0]
    patch = cut(picture, np.array([60.5, 70.5]), 13)
    found = search(picture, patch, np.array([66.0, 64.0]), 12, 0.9)
    np.testing.assert_array_equal(found, [60.5, 70.5])
    assert search(picture, patch, np.array([120.0, 20.0]), 12, 0.9) is None
    assert search(picture, None, np.array([60.0, 70.0]), 12, 0.9) is None
    assert search(picture, patch, np.array([-90.0, 70.0]), 12, 0.9) is None


def test_no_patch_at_the_edge_or_of_one_colour():
    assert cut(np.zeros((40, 40), np.uint8), np.array([20.0, 20.0]), 13) is None
    noisy = np.arange(1600).reshape(40, 40).astype(np.uint8)
    assert cut(noisy, np.array([3.0, 20.0]), 13) is None
    assert cut(noisy, np.array([20.0, 20.0]), 13) is not None
