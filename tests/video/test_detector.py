"""Cameras on their side: what a turned image shows, in pixels of the image as it is."""

import numpy as np
import pytest

from vvipe.video.detector import Turned


class Corner:
    """Finds the white pixel, and demands that the red one stands above it."""

    name, skeleton, several = "corner", "coco17", False

    def detect(self, image):
        (y,), (x,) = np.nonzero(image.all(-1))
        red_y = np.nonzero(image[..., 0])[0].min()
        assert red_y < y
        return np.array([[[x + 0.5, y + 0.5, 0.7]]])


@pytest.mark.parametrize("turn_deg", [90, 180, 270])
def test_keypoints_are_where_they_are_in_the_image(turn_deg):
    upright = np.zeros((6, 4, 3), np.uint8)
    upright[4, 1] = 255
    upright[1, 1, 0] = 255
    filmed = np.ascontiguousarray(np.rot90(upright, -turn_deg // 90))
    (y,), (x,) = np.nonzero(filmed.all(-1))
    found = Turned(Corner(), turn_deg).detect(filmed)
    np.testing.assert_allclose(found, [[[x + 0.5, y + 0.5, 0.7]]])


def test_its_name_tells_the_turn():
    turned = Turned(Corner(), 90)
    assert turned.name != Turned(Corner(), 270).name != Corner.name
    assert (turned.skeleton, turned.several) == ("coco17", False)
