"""Lifted bodies from other sides, and samples beside their mean."""

from dataclasses import replace

import numpy as np
import pytest
from bodies import filmed, moving

from vvipe.errors import VvipeError
from vvipe.geometry.cameras import Camera, look_at, orbit
from vvipe.view.figures import hypotheses_figure, sides, sides_figure

ELEVATION, AZIMUTH, DISTANCE_M = 0.3, 0.7, 4.0


def camera(poses, around_rad=0.0):
    hip = poses.joint("hip").astype(float)
    angles = (np.full(len(hip), a) for a in (AZIMUTH + around_rad, ELEVATION))
    centre = hip + orbit(*angles, DISTANCE_M)
    return Camera(look_at(centre, hip), centre, DISTANCE_M, size_px=(0, 0))


@pytest.fixture
def world():
    return moving(frames=2)


@pytest.fixture
def before(world):
    """The same as a camera has them that looks down at them."""
    coords = camera(world).to_camera(world.positions.astype(float))
    return replace(world, coords=coords, frame_of_reference="camera")


def written(figure):
    return [text.get_text() for text in figure.texts]


def test_other_sides_are_what_other_cameras_would_see(world, before, monkeypatch):
    """As high and as far away as the one that filmed."""
    shown, draw = [], sides.draw_pose_2d
    monkeypatch.setattr(sides, "draw_pose_2d", lambda *a: (shown.append(a[1]), draw(*a))[1])
    keypoints, around_deg = filmed(frames=2), (0, 60, 180)
    figure = sides_figure(keypoints, before, np.full(2, ELEVATION), around_deg)
    assert {"as filmed", "60°", "180°"} <= set(written(figure)) and len(shown) == 8
    for i in range(2):
        np.testing.assert_array_equal(shown[4 * i], keypoints.coords[i])
        for j, degrees in enumerate(around_deg):
            seen = camera(world, np.radians(degrees)).project(world.positions.astype(float))
            np.testing.assert_allclose(shown[4 * i + 1 + j], seen[i], atol=1e-4)


def test_samples_tell_how_far_they_are_from_the_mean(before):
    moved = before.coords.copy()
    moved[:, 1:] += (0.017, 0, 0)  # all joints but the hip
    samples = replace(before, coords=np.stack([before.coords, moved]), frame=None, fps=None)
    figure = hypotheses_figure(filmed(frames=2), before, samples, np.zeros(2))
    said = written(figure)
    assert said.count("0 mm") == said.count("16 mm") == 2
    assert {"keypoints", "mean", "1", "2"} <= set(said) and "3" not in said


def test_what_does_not_fit_is_refused(world, before):
    keypoints, level = filmed(frames=2), np.zeros(2)
    samples = replace(before, coords=before.coords[None], frame=None)
    with pytest.raises(VvipeError, match="elevation for each pose"):
        sides_figure(keypoints, before, np.zeros(3))
    with pytest.raises(VvipeError, match="camera frame"):
        sides_figure(keypoints, world, level)
    with pytest.raises(VvipeError, match="do not fit the poses"):
        hypotheses_figure(keypoints, before, before, level)
    with pytest.raises(VvipeError, match="camera's frame"):
        hypotheses_figure(keypoints, world, samples, level)
