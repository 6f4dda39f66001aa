"""What pictures of training poses show beside the pose."""

import torch

from vvipe.training.appearances import random_appearance, random_clothes


def test_every_picture_has_a_place_of_its_own():
    torch.manual_seed(0)
    how = random_appearance(random_clothes(4))
    assert how.limbs.shape == (4, 15, 3) and how.background.shape == (4, 3, 64, 64)
    assert 4 <= how.width_px <= 8
    for x in (how.limbs, how.background):
        assert x.min() >= 0 and x.max() <= 1
        assert all(not torch.allclose(x[0], other) for other in x[1:])


def test_the_same_clothes_in_another_light():
    torch.manual_seed(0)
    clothes = random_clothes(2)
    one, other = (random_appearance(clothes).limbs for _ in range(2))
    ratio = one / other
    torch.testing.assert_close(ratio, ratio[:, :1, :1].expand_as(ratio))
    assert not torch.allclose(one, other)
