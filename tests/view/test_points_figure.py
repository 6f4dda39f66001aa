"""What the geometry-aware representation makes of a view, drawn."""

import numpy as np
import pytest
from bodies import filmed, moving

from vvipe import VvipeError
from vvipe.poses import Poses3D
from vvipe.view.figures import points, points_figure

RNG = np.random.default_rng(0)


def drawn(views):
    body = moving(frames=1).to_skeleton("h36m17").positions
    bodies = Poses3D(np.repeat(body[:, None], 3, 1), "h36m17", frame_of_reference="camera")
    return points_figure(
        filmed(frames=1), views, RNG.normal(size=(1, 3, 20, 3)), bodies, (0, 90, 180)
    )


@pytest.mark.parametrize("shape", [(15, 64, 64), (3, 64, 64), (13, 2)])
def test_every_kind_of_view_from_every_side(shape):
    figure = drawn(RNG.random((1, 3, *shape)))
    said = [text.get_text() for text in figure.texts]
    assert {"as filmed", "0°", "90°", "180°"} <= set(said)
    clouds = [c for ax in figure.axes for c in ax.collections if len(c.get_offsets()) == 20]
    assert len(clouds) == 3
    assert sum(len(ax.images) for ax in figure.axes) == (3 if len(shape) == 3 else 0)


def test_a_limb_is_painted_in_the_colour_of_its_side():
    maps = np.zeros((15, 64, 64))
    maps[5, :32] = 1  # the left forearm
    maps[11, 32:] = 1  # the right one
    image = points._painted(maps)
    assert image[2, 0, 0] > image[0, 0, 0] and image[0, -1, 0] > image[2, -1, 0]


def test_not_as_many_of_each():
    with pytest.raises(VvipeError, match="not every pose from every side"):
        drawn(RNG.random((1, 2, 13, 2)))
