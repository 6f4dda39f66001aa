import math

import numpy as np
import pytest

from vvipe.embeddings import Embeddings
from vvipe.errors import VvipeError
from vvipe.evaluation.compare import (
    ANGLES,
    canonical_poses,
    compare,
    joint_angles_deg,
    match_distances,
)
from vvipe.geometry.matching import KAPPA, match_distance
from vvipe.poses import Poses2D, Poses3D
from vvipe.skeletons import get_skeleton

H36M17 = get_skeleton("h36m17")


class Heights:
    """Embeds a pose as the height of its left wrist, or the pixel in its place."""

    def embed(self, poses):
        column = poses.skeleton.index("left_wrist")
        return Embeddings(poses.coords[:, column, -1:], poses.coords[:, column, -1:])

    def distance(self, a, b):
        return np.abs(a.vectors - b.vectors.T)

    def lift(self, poses):
        return Poses3D(np.broadcast_to(body(0.0), (len(poses), 17, 3)), H36M17)


def body(elbow_deg: float) -> np.ndarray:
    """Standing, in the canonical frame; the left forearm turned up by an angle from hanging."""
    places = {
        "hip": (0, 0, 0), "right_hip": (0, 0.092, 0), "right_knee": (0, 0.092, -0.4),
        "right_ankle": (0, 0.092, -0.8), "left_hip": (0, -0.092, 0), "left_knee": (0, -0.092, -0.4),
        "left_ankle": (0, -0.092, -0.8), "spine": (0, 0, 0.219), "thorax": (0, 0, 0.452),
        "nose": (-0.1, 0, 0.6), "head": (0, 0, 0.73), "left_shoulder": (0, -0.199, 0.452),
        "left_elbow": (0, -0.199, 0.163), "left_wrist": (0, -0.199, -0.026),
        "right_shoulder": (0, 0.199, 0.452), "right_elbow": (0, 0.199, 0.163),
        "right_wrist": (0, 0.199, -0.026),
    }  # fmt: skip
    pose = np.array([places[j] for j in H36M17.joints], np.float32)
    turn = math.radians(elbow_deg)
    forearm = np.array([-math.sin(turn), 0, -math.cos(turn)]) * 0.189
    pose[H36M17.index("left_wrist")] = pose[H36M17.index("left_elbow")] + forearm
    return pose


def poses(*elbows_deg: float) -> Poses3D:
    return Poses3D(np.stack([body(e) for e in elbows_deg]), H36M17, source="made")


def test_one_bent_elbow():
    result = compare(Heights(), poses(0), poses(90))
    assert result.distance == pytest.approx(0.189, abs=1e-6)
    assert result.per_joint_deg["left_elbow"] == pytest.approx(90, abs=1e-3)
    others = {k: v for k, v in result.per_joint_deg.items() if k != "left_elbow"}
    assert max(others.values()) < 1e-3
    assert result.per_joint_mm["left_wrist"] == pytest.approx(math.sqrt(2) * 189, rel=1e-3)
    assert result.per_joint_mm["right_wrist"] < 0.1
    assert [(p.frame_a, p.frame_b) for p in result.worst] == [(0, 0)]
    assert result.match  # one forearm alone moves the mean by less than a tenth of the torso


def test_match_follows_the_matching_metric():
    upright, folded = poses(0), poses(0).positions.copy()
    folded[:, H36M17.indices("left_knee", "right_knee"), 0] -= 0.4
    folded[:, H36M17.indices("left_ankle", "right_ankle"), 0] -= 0.7
    other = Poses3D(folded, H36M17)
    expected = match_distance(canonical_poses(None, upright)[0], canonical_poses(None, other)[0])
    assert expected > KAPPA
    assert not compare(Heights(), upright, other).match
    assert compare(Heights(), upright, upright).match


@pytest.mark.parametrize(("a", "b"), [(1, 5), (5, 1), (3, 7), (4, 4)])
def test_frames_that_are_compared(a, b):
    """The naive twin: walk along the longer motion, take the nearest frame of the other."""
    angles = np.linspace(0, 160, 7)
    left, right = poses(*angles[:a]), poses(*angles[::-1][:b])
    n = max(a, b)
    pairs = [
        (round(i * (a - 1) / max(1, n - 1)), round(i * (b - 1) / max(1, n - 1))) for i in range(n)
    ]
    height = Heights().embed
    expected = {
        (i, j): abs(float(height(left).vectors[i, 0] - height(right).vectors[j, 0]))
        for i, j in pairs
    }
    result = compare(Heights(), left, right, worst=n, timing="stretch")
    assert {(p.frame_a, p.frame_b) for p in result.worst} == set(expected)
    for pair in result.worst:
        assert pair.distance == pytest.approx(expected[pair.frame_a, pair.frame_b], abs=1e-6)
    assert result.distance == pytest.approx(np.mean([expected[p] for p in pairs]), abs=1e-6)


@pytest.mark.parametrize("swapped", [False, True])
def test_other_lengths_are_warped(swapped):
    """One pauses and the other does not: the same poses belong together all the same."""
    angles = [0, 20, 50, 90, 60, 30, 10]
    paused = [0, 20, 50, 50, 50, 50, 90, 60, 60, 30, 10]
    a, b = poses(*angles), poses(*paused)
    result = compare(Heights(), *((b, a) if swapped else (a, b)), worst=11)
    assert len(result.worst) == 11 and result.distance == pytest.approx(0, abs=1e-6)
    assert result.per_joint_mm["left_wrist"] == pytest.approx(0, abs=0.1)
    stretched = compare(Heights(), a, b, timing="stretch")
    assert stretched.per_joint_mm["left_wrist"] > 20


def test_as_many_frames_are_compared_one_by_one():
    a, b = poses(0, 40, 80, 40), poses(0, 0, 40, 80)
    assert compare(Heights(), a, b) == compare(Heights(), a, b, timing="frames")
    assert compare(Heights(), a, b, timing="warp").distance < compare(Heights(), a, b).distance
    with pytest.raises(VvipeError, match="not as many frames; expected 4; got 3"):
        compare(Heights(), a, b[:3], timing="frames")


def test_worst_come_first_by_their_frame_numbers():
    a = Poses3D(poses(0, 0, 0).positions, H36M17, frame=[10, 20, 30])
    result = compare(Heights(), a, poses(30, 120, 60), worst=2)
    assert [(p.frame_a, p.frame_b) for p in result.worst] == [(20, 1), (30, 2)]


def test_2d_is_lifted_and_nan_rows_are_passed_over():
    keypoints = np.zeros((3, 13, 2), np.float32)
    keypoints[1] = np.nan
    result = compare(Heights(), Poses2D(keypoints, "coco13"), poses(0, 90, 0))
    assert {p.frame_a for p in result.worst} == {0, 2}
    assert result.match and result.per_joint_mm["left_wrist"] is not None


def test_joint_that_is_never_seen():
    positions = poses(0, 0).positions.copy()
    positions[:, H36M17.indices("left_wrist", "head")] = np.nan

    class Constant(Heights):
        def embed(self, poses):
            return Embeddings(np.zeros((len(poses), 1)), np.zeros((len(poses), 1)))

    result = compare(Constant(), Poses3D(positions, H36M17), poses(90))
    assert result.per_joint_mm["left_wrist"] is None and result.per_joint_deg["left_elbow"] is None
    assert result.per_joint_mm["right_wrist"] == pytest.approx(0, abs=1e-3)
    assert result.match is True


def test_nothing_to_compare():
    nobody = Poses2D(np.full((2, 13, 2), np.nan), "coco13", source="nobody.npz")
    with pytest.raises(VvipeError, match=r"nobody\.npz: no frame can be compared with made"):
        compare(Heights(), nobody, poses(0))


def test_match_distances_of_whole_poses_are_the_metric(rng):
    a, b = rng.normal(size=(2, 6, 17, 3))
    np.testing.assert_allclose(match_distances(a, b), match_distance(a, b))


def test_match_distances_are_taken_over_common_joints(rng):
    """The naive twin: row by row, absent joints deleted from both."""
    from vvipe.geometry.matching import torso_normalised
    from vvipe.geometry.procrustes import mean_distance, procrustes_align

    a, b = rng.normal(size=(2, 4, 17, 3))
    a[1, 5], b[1, 6], b[2, 16], a[3] = np.nan, np.nan, np.nan, np.nan
    got = match_distances(a, b)
    assert np.isnan(got[3])
    for i in range(3):
        x, y = torso_normalised(a[i]), torso_normalised(b[i])
        both = np.isfinite(x + y).all(1)
        expected = mean_distance(x[both], procrustes_align(y[both], x[both]))
        assert got[i] == pytest.approx(expected)


def test_angles_against_plain_trigonometry(rng):
    pose = rng.normal(size=(17, 3))
    got = joint_angles_deg(pose)
    for value, (joint, (before, after)) in zip(got, ANGLES.items(), strict=True):
        at, p, q = (pose[H36M17.index(j)] for j in (joint, before, after))
        u, v = (p - at) / math.dist(p, at), (q - at) / math.dist(q, at)
        assert value == pytest.approx(math.degrees(math.acos(float(u @ v))))


def test_straight_and_folded_limbs_keep_their_accuracy():
    straight = body(0)
    column = list(ANGLES).index("left_elbow")
    assert joint_angles_deg(straight)[column] == pytest.approx(180, abs=1e-3)
    assert joint_angles_deg(body(179.99))[column] == pytest.approx(0.01, abs=2e-3)
