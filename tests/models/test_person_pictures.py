"""People cut out of photographs."""

import numpy as np
import pytest

from vvipe import VvipeError
from vvipe.geometry.keypoints import normalise_rms
from vvipe.geometry.skeleton_maps import REACH, SIZE
from vvipe.models.pictures import person_pictures
from vvipe.poses import Poses2D

RNG = np.random.default_rng(4)


@pytest.fixture
def poses():
    return Poses2D((RNG.uniform(200, 400, (2, 13, 2))).astype(np.float32), "coco13")


def test_a_keypoint_is_where_the_painted_one_is(poses):
    """A bright spot in the photograph comes to lie where its keypoint is drawn."""
    images = np.zeros((2, 600, 600, 3), np.uint8)
    for image, keypoints in zip(images, poses.keypoints, strict=True):
        x, y = keypoints[9].round().astype(int)
        image[y - 6 : y + 7, x - 6 : x + 7] = 255
    found = person_pictures(list(images), poses)
    assert found.shape == (2, 3, SIZE, SIZE) and found.dtype == np.float32
    places = normalise_rms(poses.keypoints, poses.mask)[:, 9] * (SIZE / 2 / REACH) + SIZE / 2
    for picture, (x, y) in zip(found, places, strict=True):
        weight = picture[1] / picture[1].sum()
        middle = np.arange(SIZE) + 0.5
        assert (weight.sum(0) * middle).sum() == pytest.approx(x, abs=0.6)
        assert (weight.sum(1) * middle).sum() == pytest.approx(y, abs=0.6)


def test_channels_stay_in_order_and_beyond_the_image_is_black(poses):
    image = np.full((600, 320, 3), (255, 128, 0), np.uint8)
    (picture, _) = person_pictures([image, image], poses)
    inside = picture[:, SIZE // 2, 2]
    np.testing.assert_allclose(inside, [1, 128 / 255, 0], atol=0.01)
    assert picture[:, SIZE // 2, -1].max() == 0


def test_nobody_seen_is_nan(poses):
    gone = poses.keypoints.copy()
    gone[1] = np.nan
    image = np.zeros((600, 600, 3), np.uint8)
    found = person_pictures([image, image], Poses2D(gone, "coco13"))
    assert np.isfinite(found[0]).all() and np.isnan(found[1]).all()


def test_what_is_no_picture(poses):
    with pytest.raises(VvipeError, match="not an image for each pose; expected 2; got 1"):
        person_pictures([np.zeros((4, 4, 3), np.uint8)], poses)
    grey = np.zeros((9, 9), np.uint8)
    with pytest.raises(VvipeError, match=r"image 0: not a picture in colours; expected .* uint8"):
        person_pictures([grey, grey], poses)
