import math

import numpy as np
import pytest

from vvipe import Poses2D
from vvipe.evaluation import Keypoints2D, Oracle, Protocol, Random
from vvipe.geometry.layouts import HUMAN36M
from vvipe.geometry.matching import match_distance


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
