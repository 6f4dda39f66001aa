"""Keypoints painted as a picture."""

import numpy as np
import torch

from vvipe.geometry.skeleton_images import Appearance, clothes, plain, skeleton_images
from vvipe.geometry.skeleton_maps import LIMBS, skeleton_maps

RNG = np.random.default_rng(2)
POINTS = RNG.uniform(-1.2, 1.2, (3, 13, 2)).astype(np.float32)
SEEN = np.ones((3, 13), np.float32)


def test_limbs_are_painted_over_each_other():
    """As one paints: each limb covers what lies below by as much as it is drawn."""
    how = Appearance(
        RNG.random((3, 15, 3)).astype(np.float32),
        RNG.random((3, 3, 64, 64)).astype(np.float32), 7.0,
    )  # fmt: skip
    found = skeleton_images(POINTS, SEEN, how)
    maps = skeleton_maps(POINTS, SEEN, width_px=7.0)
    for body in range(3):
        image = how.background[body].copy()
        for limb in range(len(LIMBS)):
            for channel in range(3):
                share = maps[body, limb]
                image[channel] += share * (how.limbs[body, limb, channel] - image[channel])
        np.testing.assert_allclose(found[body], image, atol=1e-5)
    assert found.min() >= 0 and found.max() <= 1


def test_numpy_and_torch_paint_the_same():
    told = skeleton_images(torch.from_numpy(POINTS), torch.from_numpy(SEEN), plain(3))
    np.testing.assert_allclose(told.numpy(), skeleton_images(POINTS, SEEN, plain(3)), atol=1e-5)


def test_nobody_is_seen():
    image = skeleton_images(POINTS, 0 * SEEN, plain(3))
    np.testing.assert_array_equal(image, plain(3).background)


def test_left_limbs_are_redder_than_right_ones_whatever_is_worn():
    worn = [clothes(RNG.random((50, 15, 3), np.float32)), plain(1).limbs]
    for colours in worn:
        redder = colours[..., 0] - colours[..., 2]
        for channel, limb in enumerate(LIMBS):
            side = limb[1][0].split("_")[0] if len(limb[1]) == 1 else ""
            assert (redder[:, channel] > 0).all() or side != "left"
            assert (redder[:, channel] < 0).all() or side != "right"
        assert colours.min() >= 0 and colours.max() <= 1
    trunk = worn[0][:, :3]
    assert (trunk[..., 0] > trunk[..., 2]).any() and (trunk[..., 0] < trunk[..., 2]).any()


def test_clothes_are_the_same_in_torch():
    paint = RNG.random((2, 15, 3), np.float32)
    np.testing.assert_array_equal(clothes(torch.from_numpy(paint)).numpy(), clothes(paint))


def test_no_two_limbs_are_painted_alike():
    colours = plain(1).limbs[0]
    apart = np.abs(colours[:, None] - colours).max(-1) + np.eye(len(LIMBS))
    assert apart.min() > 0.05
