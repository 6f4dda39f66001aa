import numpy as np
import pytest

from vvipe.skeletons import get_skeleton, skeleton_names
from vvipe.view.body import LIMBS, body_joints, side_of, torso_length

MAIN = [limb for limb in LIMBS if limb.end.endswith(("knee", "ankle", "elbow", "wrist"))]


@pytest.mark.parametrize("name", skeleton_names())
def test_every_skeleton_has_a_body(name, person):
    pose = person(name)
    joints = body_joints(pose.coords, pose.skeleton)
    assert len(MAIN) == 8
    for limb in MAIN:
        assert limb.start in joints and limb.end in joints
    assert "skull" in joints
    np.testing.assert_allclose(joints["skull"][2], 0.66, atol=0.05)  # between chin and crown
    np.testing.assert_allclose(torso_length(joints), 0.5, atol=0.06)


def test_torso_length_hardly_depends_on_the_camera(person):
    pose = person("h36m17")
    lengths = []
    for degrees in (0, 30, 60, 90):
        c, s = np.cos(np.radians(degrees)), np.sin(np.radians(degrees))
        x, y, z = pose.coords.T
        seen = np.stack([c * x + s * y, z], axis=-1)
        lengths.append(torso_length(body_joints(seen, pose.skeleton)))
    assert max(lengths) / min(lengths) < 1.15


def test_joints_that_are_not_seen_are_not_there(person):
    pose = person("coco17")
    coords = pose.coords.copy()
    coords[pose.skeleton.indices("left_knee", "left_hip")] = np.nan
    joints = body_joints(coords, pose.skeleton)
    assert not {"left_knee", "left_hip", "hip", "spine"} & set(joints)
    assert {"right_knee", "thorax"} <= set(joints)


def test_a_length_is_always_positive():
    skeleton = get_skeleton("h36m17")
    assert torso_length({}) == 1.0
    assert torso_length(body_joints(np.zeros((17, 3)), skeleton)) == 1.0


def test_sides():
    assert [side_of(r) for r in ("left_knee", "right_ear", "thorax")] == ["left", "right", "centre"]
