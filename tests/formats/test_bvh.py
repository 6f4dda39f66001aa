"""Forward kinematics against a naive twin, the collections' peculiarities, and round trips."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.spatial.transform import Rotation

from vvipe import Poses3D
from vvipe.formats import WriteOptions, read, write
from vvipe.formats.bvh import CMU_LOST_BONE
from vvipe.formats.bvh_file import parse_bvh

MOVING = WriteOptions(bones="moving")
ARM = """HIERARCHY
ROOT left_shoulder
{
  OFFSET 1 2 3
  CHANNELS 6 Xposition Yposition Zposition Zrotation Yrotation Xrotation
  JOINT left_elbow
  {
    OFFSET 0 -0.3 0
    CHANNELS 3 Xrotation Zrotation Yrotation
    JOINT left_wrist
    {
      OFFSET 0 -0.25 0.01
      CHANNELS 4 Zposition Xposition Yrotation Zrotation
      End Site
      {
        OFFSET 0 -0.1 0
      }
    }
  }
  JOINT nose { OFFSET 0.2 0.9 0.1 CHANNELS_HERE
  }
}
""".replace(" OFFSET 0.2 0.9 0.1 CHANNELS_HERE", "\n OFFSET 0.2 0.9 0.1\n CHANNELS 0")


def motion(values, frame_time=1 / 30):
    rows = "\n".join(" ".join(f"{v:.9g}" for v in row) for row in values)
    return f"MOTION\nFrames: {len(values)}\nFrame Time: {frame_time}\n{rows}\n"


def place(joint, file, row):
    """Naive twin: a joint's position and rotation in one frame, by recursion."""
    if joint.parent < 0:
        origin, turn = np.zeros(3), np.eye(3)
    else:
        origin, turn = place(file.joints[joint.parent], file, row)
    shift, local = joint.offset.copy(), np.eye(3)
    for i, (axis, kind) in enumerate(joint.channels):
        value = row[joint.first + i]
        if kind == "position":
            shift["XYZ".index(axis)] = value
        else:
            local = local @ Rotation.from_euler(axis, value, degrees=True).as_matrix()
    if joint.parent < 0:
        return shift, local
    return origin + turn @ shift, turn @ local


@settings(max_examples=25)
@given(st.integers(0, 2**32 - 1))
def test_forward_kinematics_agrees_with_naive_twin(seed):
    values = np.random.default_rng(seed).uniform(-180, 180, (3, 13))
    file = parse_bvh(ARM + motion(values), Path("arm.bvh"))
    positions, rotations = file.forward_kinematics()
    for f, row in enumerate(file.values):
        for j, joint in enumerate(file.joints):
            position, rotation = place(joint, file, row)
            np.testing.assert_allclose(positions[f, j], position, atol=1e-8)
            np.testing.assert_allclose(rotations[f, j], rotation, atol=1e-12)


def test_order_of_channels_is_the_order_of_rotations():
    # A quarter about z, then one about the turned x: the arm that hung down points to +z.
    row = [0, 0, 0, 90, 0, 90, *[0] * 7]
    file = parse_bvh(ARM + motion([row]), Path("arm.bvh"))
    elbow = file.forward_kinematics()[0][0, 1]
    turn = Rotation.from_euler("ZYX", [90, 0, 90], degrees=True).as_matrix()
    np.testing.assert_allclose(elbow, turn @ [0, -0.3, 0], atol=1e-12)
    np.testing.assert_allclose(elbow, [0, 0, -0.3], atol=1e-12)


def test_unknown_rig_keeps_names_and_end_sites(tmp_path):
    path = tmp_path / "arm.bvh"
    path.write_text(ARM + motion(np.zeros((4, 13)), frame_time=0.0333333))
    poses = read(path)
    assert poses.skeleton.joints == (
        "left_shoulder", "left_elbow", "left_wrist", "left_wrist_end", "nose"
    )  # fmt: skip
    assert poses.skeleton.parent_of["left_wrist_end"] == "left_wrist"
    assert poses.fps == 30
    assert poses.source == str(path)
    # y up in the file, z up here; 1.3 units tall, so metres. The wrist's z and x are channels.
    np.testing.assert_allclose(poses.joint("left_wrist")[0], [0, 0, -0.55], atol=1e-6)
    np.testing.assert_allclose(poses.joint("nose")[0], [0.2, -0.1, 0.9], atol=1e-6)


@pytest.mark.parametrize("unit, scale", [("cm", 100), ("mm", 1000), ("m", 1), (0.056444, 17.71667)])
def test_unit_is_guessed_from_height_or_given(tmp_path, unit, scale):
    scaled = ARM
    for length in ("0.3", "0.25", "0.01", "-0.1", "0.2", "0.9", "0.1"):
        scaled = scaled.replace(f" {length}", f" {float(length) * scale}")
        scaled = scaled.replace(f" -{length}", f" {-float(length) * scale}")
    path = tmp_path / "arm.bvh"
    path.write_text(scaled + motion(np.zeros((2, 13))))
    for poses in (read(path), read(path, unit=unit)):
        nose = poses.joint("nose") - poses.joint("left_shoulder")
        np.testing.assert_allclose(np.linalg.norm(nose, axis=-1), 0.927362, rtol=1e-4)


def test_root_left_behind_does_not_count_as_height(tmp_path):
    far_off = "ROOT nowhere\n{\nOFFSET 0 0 0\nCHANNELS 0\n" + ARM.partition("ROOT")[2]
    body = far_off.replace(" left_shoulder\n", "JOINT left_shoulder\n", 1) + "}\n"
    path = tmp_path / "far.bvh"
    path.write_text("HIERARCHY\n" + body + motion([[50, 0, 0, *[0] * 10]]))
    nose, shoulder = read(path).joint("nose"), read(path).joint("left_shoulder")
    np.testing.assert_allclose(np.linalg.norm(nose - shoulder), 0.927362, rtol=1e-4)


def chain(side, x, *bones):
    """Joints one below the other, each with three rotations."""
    if not bones:
        return ""
    (name, y), *rest = bones
    head = f"JOINT mixamorig:{side}{name}\n{{\nOFFSET {x} {y} 0\n"
    channels = "CHANNELS 3 Zrotation Xrotation Yrotation\n"
    return head + channels + chain(side, 0, *rest) + "}\n"


def test_mixamo_names_play_roles(tmp_path):
    root = "HIERARCHY\nROOT mixamorig:Hips\n{\nOFFSET 0 0 0\nCHANNELS 1 Yposition\n"
    sides = [("Left", 0.1), ("Right", -0.1)]
    legs = [chain(s, x, ("UpLeg", 0), ("Leg", -0.45), ("Foot", -0.45)) for s, x in sides]
    arms = [chain(s, x, ("Arm", 0.5), ("ForeArm", -0.3)) for s, x in sides]
    path = tmp_path / "mixamo.bvh"
    path.write_text(root + "".join([*legs, *arms]) + "}\n" + motion(np.zeros((1, 31))))
    poses = read(path).to_skeleton("h36m17")
    np.testing.assert_allclose(poses.joint("left_knee")[0], [0.1, 0, -0.45], atol=1e-6)
    np.testing.assert_allclose(poses.joint("right_elbow")[0], [-0.1, 0, 0.2], atol=1e-6)
    np.testing.assert_allclose(poses.joint("hip")[0], 0, atol=1e-6)
    assert np.isnan(poses.joint("left_wrist")).all()


def random_walk(skeleton, seed=0, **more):
    rng = np.random.default_rng(seed)
    joints = len(Poses3D(np.zeros((0, *SHAPE[skeleton])), skeleton).skeleton)
    body = rng.uniform(-0.8, 0.8, (6, joints, 3))
    return Poses3D(body + rng.uniform(-9, 9, (6, 1, 3)), skeleton, **more)


SHAPE = {"h36m17": (17, 3), "cmu_bvh": (28, 3), "bandai_namco": (22, 3), "smpl24": (24, 3)}


@pytest.mark.parametrize("skeleton", SHAPE)
def test_moving_bones_read_back_within_a_hundredth_of_a_millimetre(tmp_path, skeleton):
    poses = random_walk(skeleton, fps=25.0)
    write(poses, tmp_path / "walk.bvh", options=MOVING)
    again = read(tmp_path / "walk.bvh")
    assert again.skeleton == poses.skeleton
    assert again.fps == 25
    assert np.abs(again.positions - poses.positions).max() < 1e-5


def test_camera_frame_is_written_upright(tmp_path):
    camera = Poses3D(random_walk("h36m17").positions, "h36m17", frame_of_reference="camera")
    write(camera, tmp_path / "walk.bvh", options=MOVING)
    x, y, z = np.moveaxis(camera.positions, -1, 0)
    expected = np.stack([x, z, -y], -1)
    np.testing.assert_allclose(read(tmp_path / "walk.bvh").positions, expected, atol=1e-5)


def test_cmu_file_is_a_person_without_the_rest_pose(data_root):
    poses = read(data_root / "cmu/bvh/02/02_01.bvh")
    assert poses.skeleton.name == "cmu_bvh"
    assert (len(poses), poses.fps, poses.frame[0]) == (343, 120, 1)
    height = np.ptp(poses.positions[..., 2], axis=1)
    assert 1.5 < np.median(height) < 1.8
    bone = np.linalg.norm(poses.joint("Neck") - poses.joint("Spine1"), axis=-1)
    np.testing.assert_allclose(bone, np.linalg.norm(CMU_LOST_BONE) * 0.056444, rtol=1e-4)


def test_bandai_namco_file_with_positions_on_every_joint(data_root):
    poses = read(data_root / "bandai_namco_2/dataset-2_walk_normal_001.bvh")
    assert poses.skeleton.name == "bandai_namco"
    assert poses.fps == 30
    assert 1.3 < np.median(np.ptp(poses.positions[..., 2], axis=1)) < 1.5
    shank = np.linalg.norm(poses.joint("Foot_L") - poses.joint("LowerLeg_L"), axis=-1)
    np.testing.assert_allclose(shank, 0.409854, atol=1e-4)
