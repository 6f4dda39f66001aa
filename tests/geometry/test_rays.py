"""A placed body drawn to the rays of its keypoints."""

import numpy as np
import pytest

from vvipe import get_skeleton
from vvipe.geometry.keypoints import KEYPOINTS
from vvipe.geometry.rays import REACH_M, TRUST, draw_to_rays

H36M17 = get_skeleton("h36m17")
COLUMNS = H36M17.indices(*KEYPOINTS.joints)
SEEN = np.ones((1, 13))


@pytest.fixture
def body(rng):
    """One body of any shape, four metres from the camera."""
    return rng.normal((0.3, -0.2, 4.0), 0.4, (1, 17, 3))


def rays_to(body):
    joints = body[:, COLUMNS]
    return joints[..., :2] / joints[..., 2:]


def off_ray(point, ray):
    """Distance of a point from the line through the origin, by a cross product."""
    line = np.array([*ray, 1.0])
    return np.linalg.norm(np.cross(point, line)) / np.linalg.norm(line)


def test_a_body_on_its_rays_stays(body):
    np.testing.assert_allclose(draw_to_rays(body, rays_to(body), SEEN), body, atol=1e-12)


def test_a_joint_goes_most_of_the_way_at_right_angles_to_its_ray(body, rng):
    rays = rays_to(body) + rng.normal(0, 0.001, (1, 13, 2))
    drawn = draw_to_rays(body, rays, SEEN)
    for keypoint, joint in enumerate(COLUMNS):
        ray = rays[0, keypoint]
        before, after = off_ray(body[0, joint], ray), off_ray(drawn[0, joint], ray)
        assert after == pytest.approx((1 - TRUST) * before, rel=0.01)
        assert np.dot(drawn[0, joint] - body[0, joint], [*ray, 1.0]) == pytest.approx(0, abs=1e-12)


def test_a_mistaken_keypoint_draws_little(body):
    rays = rays_to(body)
    wrist = KEYPOINTS.index("left_wrist")
    moved = []
    for offset_m in (REACH_M, 10 * REACH_M):
        wrong = rays.copy()
        wrong[0, wrist, 0] += offset_m / body[0, H36M17.index("left_wrist"), 2]
        drawn = draw_to_rays(body, wrong, SEEN) - body
        moved.append(np.linalg.norm(drawn[0, H36M17.index("left_wrist")]))
    assert moved[0] == pytest.approx(TRUST * REACH_M / 2, rel=0.05)
    assert moved[1] < moved[0] / 2


def test_joints_without_a_keypoint_move_with_their_neighbours(body):
    rays = rays_to(body)
    hips = KEYPOINTS.indices("left_hip", "right_hip")
    rays[0, hips] += 0.01
    moved = (draw_to_rays(body, rays, SEEN) - body)[0]
    left, right = moved[H36M17.indices("left_hip", "right_hip")]
    np.testing.assert_allclose(moved[H36M17.index("hip")], (left + right) / 2, atol=1e-12)
    np.testing.assert_allclose(moved[H36M17.index("spine")], (left + right) / 4, atol=1e-12)
    still = H36M17.indices("thorax", "head", "left_knee")
    np.testing.assert_allclose(moved[still], 0, atol=1e-12)


def test_unseen_joints_move_with_their_parents(body):
    rays = rays_to(body) + 0.01
    mask = SEEN.copy()
    hidden = KEYPOINTS.indices("left_wrist", "left_elbow")
    mask[0, hidden] = 0
    rays[0, hidden] = np.nan
    moved = (draw_to_rays(body, rays, mask) - body)[0]
    for joint in ("left_elbow", "left_wrist"):
        np.testing.assert_allclose(
            moved[H36M17.index(joint)], moved[H36M17.index("left_shoulder")], atol=1e-12
        )
    assert np.abs(moved[H36M17.index("left_shoulder")]).max() > 0.01


def test_where_nothing_is_seen_nothing_moves(body):
    nowhere = np.full((1, 13, 2), np.nan)
    np.testing.assert_array_equal(draw_to_rays(body, nowhere, 0 * SEEN), body)
