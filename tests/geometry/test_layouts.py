import numpy as np
import pytest

from vvipe.geometry.layouts import HUMAN36M, MPI_INF_3DHP, random_layout

RANDOM = random_layout(200, np.random.default_rng(0))


def test_number_of_cameras_and_heights():
    assert (len(HUMAN36M), len(MPI_INF_3DHP)) == (4, 11)
    assert HUMAN36M.chest.all()
    assert MPI_INF_3DHP.chest.tolist() == [True] * 5 + [False] * 6
    heights = MPI_INF_3DHP.centres_m[:, 2]
    assert ((heights > 0.7) & (heights < 1.7))[MPI_INF_3DHP.chest].all()
    assert ((heights < 0.7) | (heights > 1.7))[~MPI_INF_3DHP.chest].all()


@pytest.mark.parametrize("layout", [HUMAN36M, MPI_INF_3DHP, RANDOM], ids=lambda layout: layout.name)
def test_every_camera_sees_the_whole_person_upright(layout):
    pelvis = np.array([[0, 0, 0.95], [0, 0, 0.6]])
    person = np.array([[0, 0, 0.0], [0, 0, 1.8], [0.6, 0, 1.4], [0, 0.6, 1.4]])
    for i in range(len(layout)):
        camera = layout.camera(i, pelvis)
        np.testing.assert_allclose(
            camera.project(pelvis[:, None])[:, 0], np.tile(layout.size_px, (2, 1)) / 2, rtol=1e-5
        )
        pixels = camera.project(np.broadcast_to(person, (2, 4, 3)))
        assert (pixels[:, 1, 1] < pixels[:, 0, 1]).all()
        assert np.isfinite(pixels).all()


def test_focal_length_follows_the_width():
    for layout, focal in ((HUMAN36M, 1145), (MPI_INF_3DHP, 1.145 * 2048)):
        assert layout.camera(0, np.zeros(3)).focal_px == pytest.approx(focal)


def test_random_cameras_stay_in_their_range_and_follow_the_seed():
    centres = RANDOM.centres_m - [0, 0, 0.95]
    distance = np.linalg.norm(centres, axis=1)
    elevation = np.degrees(np.arcsin(centres[:, 2] / distance))
    assert distance.min() >= 2.5 and distance.max() <= 6
    assert elevation.min() >= -15 and elevation.max() <= 35
    azimuth = np.degrees(np.arctan2(centres[:, 1], centres[:, 0]))
    assert azimuth.min() < -150 and azimuth.max() > 150
    again = random_layout(200, np.random.default_rng(0))
    np.testing.assert_array_equal(again.centres_m, RANDOM.centres_m)
    other = random_layout(200, np.random.default_rng(1))
    assert np.abs(other.centres_m - RANDOM.centres_m).min() > 0
    np.testing.assert_array_equal(RANDOM.chest, np.abs(elevation) < 12)
