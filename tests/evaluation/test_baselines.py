import math

import numpy as np
import pytest
from bodies import moving

from vvipe import Poses2D, get_skeleton
from vvipe.evaluation import (
    BASELINE_NAMES,
    Keypoints2D,
    MeanPose,
    Oracle,
    Protocol,
    Random,
    baselines,
    project,
)
from vvipe.evaluation.lifting import mpjpe_mm, pa_mpjpe_mm
from vvipe.geometry.bones import bone_lengths, universal_lengths
from vvipe.geometry.cameras import stand_on_floor
from vvipe.geometry.canonical import to_canonical
from vvipe.geometry.layouts import HUMAN36M
from vvipe.geometry.matching import match_distance
from vvipe.models.placing import intrinsics

H36M17 = get_skeleton("h36m17")
COLUMNS = H36M17.indices(*get_skeleton("coco13").joints)


@pytest.fixture
def poses(rng):
    return Poses2D(rng.uniform(0, 1000, (6, 17, 2)), "coco17")


def test_keypoints_are_the_13_joints_normalised(poses):
    vectors = Keypoints2D().embed(poses).vectors.reshape(6, 13, 2)
    skeleton = poses.to_skeleton("coco13").skeleton
    hips = vectors[:, skeleton.indices("left_hip", "right_hip")]
    np.testing.assert_allclose(hips.mean(1), 0, atol=1e-6)
    corners = skeleton.indices("left_shoulder", "right_shoulder", "left_hip", "right_hip")
    for pose in vectors:
        assert max(math.dist(pose[a], pose[b]) for a in corners for b in corners) == pytest.approx(
            0.5
        )


def test_too_few_keypoints_have_no_embedding(poses):
    keypoints = poses.keypoints.copy()
    joints = poses.skeleton.indices("nose", "left_hip", "right_hip", "left_knee")
    hidden = np.setdiff1d(np.arange(17), joints)
    keypoints[0][hidden] = np.nan
    keypoints[1][np.append(hidden, joints[0])] = np.nan
    vectors = Keypoints2D().embed(Poses2D(keypoints, "coco17")).vectors
    assert np.isfinite(vectors[0]).all() and np.isnan(vectors[1]).all()
    assert np.isfinite(vectors[2:]).all()


def test_random_follows_seed_and_view(poses):
    first = Random(3).embed(poses).vectors
    np.testing.assert_array_equal(first, Random(3).embed(poses).vectors)
    other_view = Poses2D(poses.keypoints + 1, "coco17")
    for other in (Random(4).embed(poses), Random(3).embed(other_view)):
        assert np.abs(first - other.vectors).min() > 0


def test_oracle_looks_up_the_matching_distance(rng):
    bodies = rng.normal(size=(5, 17, 3))
    oracle = Oracle(Protocol("p", bodies, HUMAN36M, {}))
    numbered = oracle.embed(Poses2D(np.zeros((5, 13, 2)), "coco13"))
    got = oracle.distance(numbered[1:3], numbered)
    naive = [[match_distance(bodies[i], bodies[j]) for j in range(5)] for i in (1, 2)]
    np.testing.assert_allclose(got, naive, atol=1e-5)


@pytest.fixture
def protocol():
    """A body that moves, before the cameras of Human3.6M."""
    bodies = stand_on_floor(np.nan_to_num(moving(frames=30, seed=3).positions), 0)
    return Protocol("moving", bodies, HUMAN36M, {"some": ((0, 1),)})


def test_names_are_known_without_data(protocol):
    assert tuple(b.name for b in baselines(protocol)) == BASELINE_NAMES


def test_the_flat_body_lies_in_the_image(protocol):
    seen = project(protocol, 2)
    lifted = Keypoints2D().lift(seen, frame="camera")
    assert lifted.frame_of_reference == "camera" and lifted.skeleton == H36M17
    body = lifted.positions
    assert np.ptp(body[..., 2], axis=1).max() == 0 < body[..., 2].min()
    focal, centre = intrinsics(seen)
    image = body[:, COLUMNS, :2] / body[:, COLUMNS, 2:] * focal[:, None, None] + centre[:, None]
    np.testing.assert_allclose(image, seen.keypoints, atol=0.01)
    total = bone_lengths(body, H36M17).sum(-1)
    np.testing.assert_allclose(total, universal_lengths().sum(), rtol=1e-4)
    hips = H36M17.indices("left_hip", "right_hip")
    np.testing.assert_allclose(body[:, 0], body[:, hips].mean(1), atol=1e-5)


def test_the_head_of_the_flat_body_is_beyond_the_nose(protocol):
    body = Keypoints2D().lift(project(protocol, 0), frame="camera").positions
    thorax, nose, head = (body[:, H36M17.index(joint)] for joint in ("thorax", "nose", "head"))
    np.testing.assert_allclose(head - thorax, (nose - thorax) * (0.281 / 0.220), atol=1e-4)


def test_the_flat_body_has_a_canonical_pose(protocol):
    seen = project(protocol, 1)
    camera, canonical = (Keypoints2D().lift(seen, f).positions for f in ("camera", "canonical"))
    expected, _ = to_canonical(camera, universal_lengths(), H36M17)
    np.testing.assert_allclose(canonical, expected, atol=1e-5)


def test_without_a_hip_there_is_no_flat_body(poses):
    keypoints = poses.keypoints.copy()
    keypoints[0, poses.skeleton.index("left_hip")] = np.nan
    keypoints[1, poses.skeleton.index("left_ankle")] = np.nan
    body = Keypoints2D().lift(Poses2D(keypoints, "coco17"), frame="camera").positions
    assert np.isnan(body[0]).all() and np.isfinite(body[1:]).all()
    knee, ankle = (body[1, H36M17.index(f"left_{joint}")] for joint in ("knee", "ankle"))
    np.testing.assert_array_equal(knee, ankle)


def test_no_constant_is_better_than_the_mean_pose(protocol, rng):
    mean = MeanPose.of(protocol)
    lifted = mean.lift(project(protocol, 0)).positions
    true, _ = to_canonical(protocol.poses, universal_lengths(), H36M17)
    assert (lifted == lifted[0]).all()

    def square(constant):
        return ((constant - true) ** 2).sum()

    for _ in range(20):
        assert square(lifted[0]) < square(lifted[0] + 0.02 * rng.normal(size=(17, 3)))


def test_the_mean_pose_is_turned_as_the_keypoints_are(protocol):
    still = np.repeat(protocol.poses[7:8], 5, 0)
    one = Protocol("still", still, HUMAN36M, {})
    seen = project(one, 3)
    placed = MeanPose.of(one).lift(seen, frame="camera").positions
    true = one.camera(3).to_camera(one.poses)
    assert pa_mpjpe_mm(placed, MeanPose.of(one).pose).max() < 0.01  # a rigid motion and no more
    # Of the person's own bones, the mean differs by the universal lengths alone.
    assert mpjpe_mm(placed, true).max() < 60
    keypoints = seen.keypoints.copy()
    keypoints[2, :10] = np.nan
    few = MeanPose.of(one).lift(Poses2D(keypoints, "coco13"), frame="camera").positions
    assert np.isnan(few[2]).all() and np.isfinite(np.delete(few, 2, 0)).all()
