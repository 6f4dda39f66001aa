"""Bodies before a camera: how far it looks down, and what it sees when it looks at them."""

from dataclasses import replace

import numpy as np
import pytest
from bodies import moving, standing

from vvipe.geometry.cameras import Camera, look_at, orbit
from vvipe.poses import Poses3D
from vvipe.view.level import before_camera, elevation_rad, levelled


def before(poses: Poses3D, elevation_deg: float, azimuth_deg: float = 20.0, aside_m: float = 0.0):
    """Poses in the frame of a camera four metres away; one that looks past them by `aside_m`."""
    hip = poses.joint("hip").astype(float)
    angles = np.radians(azimuth_deg), np.radians(elevation_deg)
    centre = hip + orbit(*(np.full(hip.shape[:-1], a) for a in angles), 4.0)
    aside = np.array([0.0, 0.0, aside_m])
    camera = Camera(look_at(centre, hip + aside), centre, 1000.0)
    coords = camera.to_camera(poses.positions.astype(float))
    return replace(poses, coords=coords, frame_of_reference="camera")


@pytest.mark.parametrize("elevation_deg", [-15, 0, 30])
def test_people_who_stand_tell_how_far_the_camera_looks_down(elevation_deg):
    seen = before(replace(standing(), coords=standing().coords[None], frame=None), elevation_deg)
    told = elevation_rad(seen)
    assert np.degrees(told) == pytest.approx(elevation_deg, abs=2.5)  # they lean a little
    level = levelled(seen, told)
    assert elevation_rad(level) == pytest.approx(0, abs=1e-5)
    heights = -(level.joint("thorax") - level.joint("left_ankle"))[0, 1]
    assert heights == pytest.approx(1.31, abs=0.02)


def test_where_they_lie_nothing_is_told():
    body = standing().coords[None][..., [2, 1, 0]]
    assert elevation_rad(before(Poses3D(body, "h36m17"), 20.0, azimuth_deg=0)) == 0
    assert elevation_rad(Poses3D(np.full((2, 17, 3), np.nan), "h36m17")) == 0


def test_a_camera_that_looks_at_the_hips():
    poses = moving(frames=4)
    aside, straight = before(poses, 10.0, aside_m=0.9), before(poses, 10.0)
    aside.coords[3] = np.nan
    turned, distance = before_camera(aside)
    hips = straight.joint("hip")[:, None]
    np.testing.assert_allclose(turned.coords[:3], (straight.coords - hips)[:3], atol=1e-3)
    np.testing.assert_allclose(distance, [4, 4, 4, np.nan], atol=1e-5)
    assert np.isnan(turned.coords[3]).all()
