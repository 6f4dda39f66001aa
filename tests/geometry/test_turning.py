"""Turning lifted bodies, against rotations of scipy and real cameras that look at a person."""

import math

import numpy as np
import pytest
import torch
from bodies import moving
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from vvipe.geometry.cameras import Camera, look_at, orbit
from vvipe.geometry.turning import NEAREST, around, on_rays, pitched, to_image, yawed

seeds = st.integers(0, 2**32 - 1)
angles = st.floats(-4, 4)


def bodies(seed, count=5):
    return np.random.default_rng(seed).normal(0, 0.6, (count, 17, 3))


@given(seeds)
def test_turns_agree_with_scipy(seed):
    body, angle = bodies(seed), np.random.default_rng(seed).uniform(-4, 4, 5)
    for turn, axis in ((yawed, [0, 1, 0]), (pitched, [1, 0, 0])):
        rotvecs = angle[:, None] * np.array(axis)
        naive = [Rotation.from_rotvec(r).apply(b) for r, b in zip(rotvecs, body, strict=True)]
        np.testing.assert_allclose(turn(body, angle), naive, atol=1e-12)


def test_a_quarter_turn_takes_what_is_right_towards_the_camera():
    right = np.array([[[1.0, 0.5, 0.0]]])
    np.testing.assert_allclose(yawed(right, np.array([math.pi / 2])), [[[0, 0.5, -1]]], atol=1e-12)


def test_seen_from_above_a_head_comes_nearer():
    head = np.array([[[0.0, -1.0, 0.0]]])
    x, y, z = pitched(head, np.array([0.5]))[0, 0]
    assert x == 0 and -1 < y < 0 and z < 0


@given(seeds, angles)
def test_a_turn_about_the_vertical_leaves_heights_alone(seed, angle):
    body = bodies(seed)
    turned = yawed(body, np.full(5, angle))
    assert (turned[..., 1] == body[..., 1]).all()
    again = yawed(turned, np.full(5, -angle))
    np.testing.assert_allclose(again, body, atol=1e-12)


@given(seeds, angles, angles, angles)
def test_around_and_back(seed, elevation, azimuth, elevation_to):
    body = bodies(seed)
    first, by, to = (np.full(5, a) for a in (elevation, azimuth, elevation_to))
    turned = around(body, first, by, to)
    np.testing.assert_allclose(around(turned, to, -by, first), body, atol=1e-12)
    np.testing.assert_allclose(around(body, first, 0 * by, first), body, atol=1e-12)
    size = np.linalg.norm(turned[:, :, None] - turned[:, None], axis=-1)
    own = np.linalg.norm(body[:, :, None] - body[:, None], axis=-1)
    np.testing.assert_allclose(size, own, atol=1e-12)


def seen_by(world, azimuth, elevation, distance):
    """The body about its root in the axes of a camera on a sphere around it; and the camera."""
    centre = orbit(np.array(azimuth), np.array(elevation), distance)
    camera = Camera(look_at(centre, np.zeros(3)), centre, 1145.0)
    return camera.to_camera(world) - [0, 0, distance], camera


@pytest.mark.parametrize(
    ("first", "second"),
    [((0.0, 0.0), (0.0, 0.6)), ((0.3, 0.4), (1.9, 0.4)), ((2.0, -0.3), (-1.0, 0.7))],
)
def test_around_is_what_another_camera_sees(first, second):
    """Two look-at cameras, (azimuth, elevation) each, four metres away."""
    world = moving(frames=6).positions.astype(float)
    world -= world[:, :1]
    body, _ = seen_by(world, *first, 4.0)
    expected, camera = seen_by(world, *second, 4.0)
    by = np.full(6, second[0] - first[0])
    turned = around(body, np.full(6, first[1]), by, np.full(6, second[1]))
    np.testing.assert_allclose(turned, expected, atol=1e-6)
    pixels = to_image(turned, 4.0) * (1145 / 4.0) + 500
    np.testing.assert_allclose(pixels, camera.project(world), atol=1e-3)


@given(seeds, st.floats(2, 20))
def test_projection_agrees_with_loops(seed, distance):
    body = bodies(seed, 2) * min(1, distance / 4)
    naive = [
        [[c * distance / max(distance + z, 1) for c in (x, y)] for x, y, z in pose]
        for pose in body.tolist()
    ]
    np.testing.assert_allclose(to_image(body, distance), naive, rtol=1e-12)


@given(seeds, st.floats(2, 20))
def test_rays_lead_back_to_the_image_however_near_a_joint_is(seed, distance):
    rng = np.random.default_rng(seed)
    points, depth = rng.normal(size=(3, 17, 2)), rng.uniform(-2 * distance, 3, (3, 17))
    body = on_rays(points, depth, distance)
    np.testing.assert_allclose(to_image(body, distance), points, atol=1e-9)
    np.testing.assert_allclose(body[..., 2], np.maximum(depth, NEAREST - distance))


def test_a_flat_body_projects_onto_itself():
    body = bodies(0)
    body[..., 2] = 0
    np.testing.assert_array_equal(to_image(body, 8.0), body[..., :2])


def test_what_is_behind_the_camera_stays_bounded():
    body = np.array([[[0.5, 0.2, -100.0], [0.5, 0.2, -8.0]]])
    np.testing.assert_allclose(to_image(body, 8.0), [[[4.0, 1.6]] * 2])


def test_torch_agrees_with_numpy():
    body, rng = bodies(3), np.random.default_rng(3)
    turns = rng.uniform(-2, 2, (3, 5))
    solid, turned = torch.tensor(body), [torch.tensor(t) for t in turns]
    np.testing.assert_allclose(around(solid, *turned), around(body, *turns), atol=1e-12)
    np.testing.assert_allclose(to_image(solid, 5.0), to_image(body, 5.0), atol=1e-12)
    np.testing.assert_allclose(
        on_rays(solid[..., :2], solid[..., 2], 5.0), on_rays(body[..., :2], body[..., 2], 5.0)
    )


def test_gradients_agree_with_differences():
    body = torch.tensor(bodies(4, 2)[:, :3]).requires_grad_()
    turns = torch.tensor([[0.3, -0.2], [1.0, 2.0], [0.1, 0.5]]).double().requires_grad_()

    def seen(body, turns):
        return to_image(around(body, *turns), 6.0)

    assert torch.autograd.gradcheck(seen, (body, turns))
    assert torch.autograd.gradcheck(lambda b: on_rays(b[..., :2], b[..., 2], 6.0), body)
