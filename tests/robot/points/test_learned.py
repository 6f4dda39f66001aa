import numpy as np
import pytest

from vvipe.errors import VvipeError
from vvipe.robot.points.learned import (
    Correspondence,
    FoundAgain,
    LearnedTracker,
    patch_features,
)

POINTS = np.array([[20.5, 15.5], [40.5, 30.5]])


@pytest.fixture
def picture(rng):
    return rng.integers(0, 255, (48, 64, 3), dtype=np.uint8)


def moved(picture, right, down):
    return np.roll(picture, (down, right), (0, 1))


def naive_find(features, annotated, point, frame):
    """The same by loops over cells, without a matrix."""
    wanted = features(annotated)[:, int(point[1]), int(point[0])]
    grid, best, where = features(frame), -2.0, None
    for row in range(grid.shape[1]):
        for column in range(grid.shape[2]):
            other = grid[:, row, column]
            norms = np.linalg.norm(wanted) * np.linalg.norm(other)
            if norms > 0 and wanted @ other / norms > best:
                best, where = wanted @ other / norms, (column + 0.5, row + 0.5)
    return np.array(where), best


def test_points_are_found_where_the_picture_moved(picture):
    correspondence = Correspondence(patch_features(), picture, POINTS)
    found, cosine = correspondence.find(moved(picture, 5, -3))
    np.testing.assert_array_equal(found, POINTS + np.array([5, -3]))
    np.testing.assert_allclose(cosine, 1, atol=1e-5)


def test_brightness_and_contrast_do_not_matter(picture):
    correspondence = Correspondence(patch_features(), picture, POINTS)
    duller = (moved(picture, 2, 2) * 0.5 + 60).astype(np.uint8)
    np.testing.assert_array_equal(correspondence.find(duller)[0], POINTS + 2)


def test_equals_the_naive_twin(picture, rng):
    features = patch_features(3)
    frame = rng.integers(0, 255, (20, 24, 3), dtype=np.uint8)
    found, cosine = Correspondence(features, picture, POINTS).find(frame)
    for i, point in enumerate(POINTS):
        expected, best = naive_find(features, picture, point, frame)
        np.testing.assert_array_equal(found[i], expected)
        assert cosine[i] == pytest.approx(best, abs=1e-5)


def test_a_coarse_grid_answers_with_the_middle_of_its_cell(picture):
    correspondence = Correspondence(patch_features(5, stride=4), picture, POINTS)
    found, _ = correspondence.find(picture)
    assert np.abs(found - POINTS).max() <= 2
    np.testing.assert_array_equal(found % 4, 2)


def test_found_again_keeps_what_is_not_alike(picture, rng):
    tracker = FoundAgain(Correspondence(patch_features(), picture, POINTS), alike=0.9)
    tracker.reset(picture, POINTS)
    points, visible = tracker.update(moved(picture, 1, 0))
    assert visible.all() and (points == POINTS + np.array([1, 0])).all()
    points, visible = tracker.update(rng.integers(0, 255, picture.shape, dtype=np.uint8))
    assert not visible.any() and (points == POINTS + np.array([1, 0])).all()


def test_found_again_keeps_the_places_that_it_is_told_instead(picture, rng):
    tracker = FoundAgain(Correspondence(patch_features(), picture, POINTS), alike=0.9)
    tracker.reset(picture, POINTS)
    tracker.correct(POINTS + 7, np.array([True, False]))
    points, visible = tracker.update(rng.integers(0, 255, picture.shape, dtype=np.uint8))
    assert not visible.any()
    np.testing.assert_array_equal(points, [POINTS[0], POINTS[1] + 7])


def test_a_tracking_model_goes_on_from_the_places_told(picture):
    asked = []

    def still(frames, points):
        asked.append(points.copy())
        shape = (len(frames), len(points))
        return np.broadcast_to(points, (*shape, 2)), np.ones(shape, bool)

    tracker = LearnedTracker(still, window=2)
    tracker.reset(picture, POINTS)
    tracker.update(picture)
    tracker.correct(POINTS + 7, np.array([True, False]))
    tracker.update(picture)
    np.testing.assert_array_equal(asked[0], POINTS)
    np.testing.assert_array_equal(asked[1], [POINTS[0], POINTS[1] + 7])


def by_mean_brightness(frames, points):
    """A tracking model: everything moves as the brightest pixel does."""
    peaks = [np.unravel_index(f.sum(-1).argmax(), f.shape[:2])[::-1] for f in frames]
    steps = np.array(peaks) - peaks[0]
    return points[None] + steps[:, None], np.ones((len(frames), len(points)), bool)


@pytest.mark.parametrize("window", [2, 3, 16])
def test_a_tracking_model_is_asked_with_a_sliding_window(window):
    asked = []

    def model(frames, points):
        asked.append(len(frames))
        return by_mean_brightness(frames, points)

    tracker = LearnedTracker(model, window)
    spots = [(10, 12), (11, 14), (15, 13), (20, 20), (19, 25)]
    frames = np.zeros((5, 40, 40, 3), np.uint8)
    for frame, (u, v) in zip(frames, spots, strict=True):
        frame[v, u] = 255
    tracker.reset(frames[0], POINTS)
    for frame, spot in zip(frames[1:], spots[1:], strict=True):
        points, visible = tracker.update(frame)
        np.testing.assert_allclose(points, POINTS + np.array(spot) - spots[0])
        assert visible.all()
    assert asked == [min(i, window) for i in range(2, 6)]


def test_mistakes(picture):
    with pytest.raises(VvipeError, match="not a grid"):
        Correspondence(lambda f: f.mean(-1), picture, POINTS)
    with pytest.raises(VvipeError, match="outside of the annotated frame"):
        Correspondence(patch_features(), picture, POINTS + 100)
    with pytest.raises(VvipeError, match="no patch"):
        patch_features(4)
    with pytest.raises(VvipeError, match="2 frames or more"):
        LearnedTracker(by_mean_brightness, 1)
    with pytest.raises(VvipeError, match="reset before"):
        LearnedTracker(by_mean_brightness).update(picture)
    with pytest.raises(VvipeError, match="no frame"):
        LearnedTracker(by_mean_brightness).reset(None, POINTS)
    tracker = LearnedTracker(lambda f, p: (p, p))
    tracker.reset(picture, POINTS)
    with pytest.raises(VvipeError, match="answer does not fit"):
        tracker.update(picture)
