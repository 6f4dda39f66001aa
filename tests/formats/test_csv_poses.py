"""CSV there and back, and files of other hands."""

import numpy as np
import pytest
from bodies import filmed, moving

from vvipe import Poses2D, Poses3D, VvipeError
from vvipe.formats import read, write


def same(a, b):
    assert type(a) is type(b) and a.skeleton == b.skeleton
    np.testing.assert_allclose(a.coords, b.coords, rtol=1e-6, atol=1e-6, equal_nan=True)
    assert (a.frame.tolist(), a.fps) == (b.frame.tolist(), b.fps)
    assert a.frame_of_reference == b.frame_of_reference


@pytest.mark.parametrize("frame", ["world", "camera", "canonical"])
def test_3d_there_and_back(tmp_path, frame):
    positions = moving("h36m17", frames=4).positions.copy()
    positions[1, 3] = np.nan
    poses = Poses3D(positions, "h36m17", frame=[2, 3, 5, 6], fps=25, frame_of_reference=frame)
    assert write(poses, tmp_path / "a.csv") == {}
    same(read(tmp_path / "a.csv"), poses)
    head, first, *_ = (tmp_path / "a.csv").read_text().split("\n")
    assert head.startswith("frame,time_s,hip_x,hip_y,hip_z,right_hip_x")
    assert head.endswith("fps,unit,up,frame_of_reference,skeleton")
    assert first.startswith("2,0.080000,")
    assert read(tmp_path / "a.csv").stamp_s is None


def test_2d_there_and_back(tmp_path, rng):
    film = filmed("coco17", frames=4)
    confidence = rng.uniform(0.1, 1, (4, 17))
    stamps = [0, 0.03, 0.07, 0.2]
    poses = Poses2D(
        film.keypoints, "coco17", confidence=confidence, image_size=(640, 480), stamp_s=stamps
    )
    write(poses, tmp_path / "a.csv")
    got = read(tmp_path / "a.csv")
    same(got, poses)
    np.testing.assert_allclose(got.confidence, poses.confidence, atol=1e-6)
    np.testing.assert_allclose(got.stamp_s, stamps)
    assert got.image_size == (640, 480)
    write(Poses2D(film.keypoints, "coco17"), tmp_path / "b.csv")
    assert read(tmp_path / "b.csv").confidence is None


def test_another_hands_file(tmp_path):
    (tmp_path / "a.csv").write_text(
        "trial,LHip_x,LHip_y,RHip_x,RHip_y,note\n1,10,20,30,40,good\n1,11,21,,,bad\n"
    )
    poses = read(tmp_path / "a.csv")
    assert poses.skeleton.joints == ("LHip", "RHip")
    np.testing.assert_array_equal(poses.keypoints[1], [[11, 21], [np.nan, np.nan]])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("nose_x,nose_y\n1,2\n3\n", "line 3: row of the wrong length; expected 2; got 1"),
        ("nose_x,nose_y\n1,2\n3,x\n", "line 3: nose_y: not a number; got 'x'"),
        ("nose_x,nose_y\n", "no rows"),
        ("a_x,a_y\n1,2\n", "no joint name is known"),
        ("nose_x,nose_y,fps\n1,2,30\n1,2,25\n", "fps: more than one value"),
        ("frame,nose_x,nose_y\n0.5,1,2\n", "frame holds something else than whole numbers"),
        ("nose_x,nose_y\n,\n", "no joint is seen anywhere"),
        ("a,b\n1,2\n", "not recognised"),
    ],
)
def test_damage_is_named(tmp_path, text, said):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(VvipeError, match=r"a\.csv") as error:
        read(tmp_path / "a.csv")
    assert said in str(error.value)
