"""A two-bone body worked out by hand, and CMU's subject 02 read from both of its formats."""

import numpy as np
import pytest
from scipy.spatial.transform import Rotation

from vvipe import VvipeError
from vvipe.formats import read

ROLES = [
    "spine", "thorax", "neck", "head",
    *(f"{s}_{j}" for s in ("left", "right")
      for j in ("hip", "knee", "ankle", "shoulder", "elbow", "wrist")),
]  # fmt: skip

ASF = """:version 1.10
:units
  length 0.45
  angle deg
:root
  order TX TY TZ RX RY RZ
  axis XYZ
  position 0 0 0
  orientation 0 0 0
:bonedata
  begin
    id 1
    name left_hip
    direction 1 0 0
    length 2
    axis 10 20 30 XYZ
    dof rx rz
  end
  begin
    id 2
    name left_knee
    direction 0 -1 0
    length 7
    axis 0 0 20 XYZ
  end
:hierarchy
  begin
    root left_hip
    left_hip left_knee
  end
"""
AMC = ":FULLY-SPECIFIED\n:DEGREES\n" + "".join(
    f"{f}\nroot 1 2 3 {f} 40 -20\nleft_hip {15 * f} -3e1\n" for f in (4, 5)
)


def write_body(folder, asf=ASF, amc=AMC):
    (folder / "77.asf").write_text(asf)
    (folder / "77_01.amc").write_text(amc)
    return folder / "77_01.amc"


def xyz(x, y, z):
    return (
        Rotation.from_euler("z", z, degrees=True)
        * Rotation.from_euler("y", y, degrees=True)
        * Rotation.from_euler("x", x, degrees=True)
    )


def test_body_worked_out_by_hand(tmp_path):
    poses = read(write_body(tmp_path))
    assert list(poses.frame) == [4, 5]
    assert poses.fps == 120
    axes = xyz(10, 20, 30)
    for row, f in enumerate((4, 5)):
        root = xyz(f, 40, -20)
        turned = root * axes * xyz(15 * f, 0, -30) * axes.inv()
        hip = np.array([1, 2, 3]) + turned.apply([2, 0, 0])
        for joint, (x, y, z) in {
            "root": (1, 2, 3), "left_hip": hip, "left_knee": hip + turned.apply([0, -7, 0]),
        }.items():  # fmt: skip
            expected = np.array([x, -z, y]) * 0.0254 / 0.45
            np.testing.assert_allclose(poses.joint(joint)[row], expected, atol=1e-6)


@pytest.mark.parametrize("clip", ["02_01", "02_05", "02_10"])
def test_both_readings_of_subject_02_agree_within_a_tenth_of_a_millimetre(data_root, clip):
    amc = read(data_root / f"cmu/asf_amc/02/{clip}.amc")
    bvh = read(data_root / f"cmu/bvh/02/{clip}.bvh")
    assert len(amc) == len(bvh)
    np.testing.assert_array_equal(amc.frame, bvh.frame)
    for role in ROLES:
        a, b = (p.joint(p.skeleton.joint_for(role)) for p in (amc, bvh))
        assert np.linalg.norm(a - b, axis=-1).max() < 1e-4, role


@pytest.mark.parametrize(
    "amc, message",
    [
        (AMC.replace("75 -3e1", "75"), "line 8 (frame 5): wrong channel count for left_hip"),
        (AMC.replace("75 -3e1", "75 x"), "line 8 (frame 5): not a number"),
        (AMC.replace("75 -3e1", "nan 1"), "line 8 (frame 5): not a finite number"),
        (AMC.replace("left_hip 75", "left_hat 75"), "bone 'left_hat' is not in 77.asf"),
        (AMC[: AMC.rindex("left_hip")], "frame 5 is cut short"),
        (AMC.replace("5\nroot", "root"), "bone 'root' twice"),
        (AMC[: AMC.index("4\n")], "no frames"),
    ],
)
def test_damaged_motion_is_told_by_line_and_frame(tmp_path, amc, message):
    path = write_body(tmp_path, amc=amc)
    with pytest.raises(VvipeError) as error:
        read(path)
    assert message in str(error.value)
    assert str(path) in str(error.value)


@pytest.mark.parametrize(
    "asf, message",
    [
        (ASF.replace(":hierarchy", ":hierarch"), "no :hierarchy section"),
        (ASF.replace("direction 1 0 0", "direction 1 0"), "bone left_hip: numbers missing"),
        (ASF.replace("length 7", ""), "bone left_knee: no length"),
        (ASF.replace("left_hip left_knee", ""), "bone left_knee: not in the :hierarchy"),
        (ASF.replace("left_hip left_knee", "left_foot left_knee"), "hangs on no other"),
        (ASF.replace("length 0.45", "length 0"), "must be positive"),
        (ASF.replace("20 XYZ", "20 XYY"), "wrong order of axes"),
        (ASF.replace("order TX", "order"), "order without TX TY TZ"),
    ],
)
def test_damaged_skeleton_is_told(tmp_path, asf, message):
    path = write_body(tmp_path, asf=asf)
    with pytest.raises(VvipeError, match=message) as error:
        read(path)
    assert "77.asf" in str(error.value)


def test_skeleton_beside_the_motion(tmp_path):
    path = write_body(tmp_path)
    (tmp_path / "78.asf").write_text("not this one")
    assert len(read(path)) == 2
    (tmp_path / "77.asf").rename(tmp_path / "79.asf")
    with pytest.raises(VvipeError, match=r"expected 77.asf in the same folder; got 78.asf, 79.asf"):
        read(path)
    (tmp_path / "78.asf").unlink()
    assert len(read(path)) == 2
