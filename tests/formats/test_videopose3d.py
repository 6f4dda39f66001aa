import os

import numpy as np
import pytest
from licensed_files import in_32, motion, write_videopose

from vvipe import VvipeError, get_skeleton
from vvipe.formats import read
from vvipe.formats.videopose3d import read_videopose_2d, read_videopose_3d

CPN = "data_2d_h36m_cpn_ft_h36m_dbb.npz"


def test_positions(tmp_path):
    solid = write_videopose(tmp_path, ("S9", "S11"))
    motions = read_videopose_3d(tmp_path / "data_3d_h36m.npz")
    assert list(motions) == [(s, a) for s in ("S9", "S11") for a in ("Walking 1", "Photo")]
    for (subject, action), poses in motions.items():
        np.testing.assert_array_equal(poses.positions, solid[subject][action])
        assert poses.skeleton.name == "h36m17" and poses.fps == 50
        assert poses.frame_of_reference == "world"
    assert "S9 Photo" in motions["S9", "Photo"].source


def test_seventeen_joints_are_taken_as_they_are(tmp_path):
    positions = motion("S9", "Photo")
    np.savez(tmp_path / "in.npz", positions_3d={"S9": {"Photo": positions}})
    got = read_videopose_3d(tmp_path / "in.npz")["S9", "Photo"].positions
    np.testing.assert_array_equal(got, positions)


def test_keypoints(tmp_path):
    write_videopose(tmp_path, ("S9",), extra=2)
    views = read_videopose_2d(tmp_path / CPN)["S9", "Walking 1"]
    assert len(views) == 4 and {len(v) for v in views} == {14}
    assert all(v.skeleton.name == "h36m17" and v.mask.all() for v in views)
    assert views[1].source.endswith("S9 Walking 1 camera 1")


def test_stacked_hourglass_has_the_joints_of_mpii(tmp_path, rng):
    pixels = rng.uniform(0, 1000, (3, 16, 2))
    np.savez(tmp_path / "sh.npz", positions_2d={"S9": {"Photo": [pixels] * 4}})
    poses = read_videopose_2d(tmp_path / "sh.npz")["S9", "Photo"][0]
    assert poses.skeleton.name == "mpii16"
    ankle = get_skeleton("mpii16").index("right_ankle")
    np.testing.assert_allclose(poses.joint("right_ankle"), pixels[:, ankle], rtol=1e-6)
    assert ankle == 0 and get_skeleton("mpii16").index("left_wrist") == 15


@pytest.mark.parametrize(("content", "message"), [
    ({"S9": 3}, "not of VideoPose3D's form; expected a dict subject"),
    ([1, 2], "array 'positions_3d': holds no objects"),
    ({"S9": {"Photo": "text"}}, "S9 Photo: not an array of numbers; got str"),
    ({"S9": {"Photo": np.ones((3, 20, 3))}}, "S9 Photo: wrong shape; expected .*32 or 17 joints"),
    ({"S9": {"Photo": np.ones((3, 32, 2))}}, r"S9 Photo: wrong shape; .*\(frames, joints, 3"),
    ({"S9": {"Photo": np.ones((3, 96))}}, "S9 Photo: wrong shape"),
])  # fmt: skip
def test_other_forms(tmp_path, content, message):
    np.savez(tmp_path / "in.npz", positions_3d=content)
    with pytest.raises(VvipeError, match=rf"in\.npz.*{message}"):
        read_videopose_3d(tmp_path / "in.npz")


def test_a_hostile_file(tmp_path):
    class Hostile:
        def __reduce__(self):
            return os.system, (f"touch {tmp_path / 'was_here'}",)

    positions = {"S9": {"Photo": in_32(motion("S9", "Photo")), "Walking": Hostile()}}
    np.savez(tmp_path / "data_3d_h36m.npz", positions_3d=positions)
    with pytest.raises(VvipeError, match=r"nothing in it was run.*system"):
        read_videopose_3d(tmp_path / "data_3d_h36m.npz")
    assert not (tmp_path / "was_here").exists()


def test_read_says_what_such_a_file_holds(tmp_path):
    write_videopose(tmp_path, ("S9",))
    with pytest.raises(VvipeError, match=r"what kind of poses is this.*got positions_3d"):
        read(tmp_path / "data_3d_h36m.npz")
