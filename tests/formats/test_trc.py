"""TRC there and back, as Pose2Sim writes it, whichever axis is up, and damaged."""

import numpy as np
import pytest
from bodies import moving

from vvipe import Poses3D, VvipeError
from vvipe.formats import read, write
from vvipe.formats.axes import z_up_to_y_up

# Pose2Sim's names and order for HALPE_26.
NAMES = {
    "Hip": "hip", "RHip": "right_hip", "RKnee": "right_knee", "RAnkle": "right_ankle",
    "RBigToe": "right_big_toe", "RSmallToe": "right_small_toe", "RHeel": "right_heel",
    "LHip": "left_hip", "LKnee": "left_knee", "LAnkle": "left_ankle", "LBigToe": "left_big_toe",
    "LSmallToe": "left_small_toe", "LHeel": "left_heel", "Neck": "neck", "Head": "head",
    "Nose": "nose", "RShoulder": "right_shoulder", "RElbow": "right_elbow",
    "RWrist": "right_wrist", "LShoulder": "left_shoulder", "LElbow": "left_elbow",
    "LWrist": "left_wrist",
}  # fmt: skip


def pose2sim(path, positions, names=tuple(NAMES), unit="m", fps=60, start=0):
    """A file as Pose2Sim writes it: tabs at the end of two lines, NaN empty."""
    count, markers = positions.shape[:2]
    head = [
        f"PathFileType\t4\t(X/Y/Z)\t{path.name}",
        "DataRate\tCameraRate\tNumFrames\tNumMarkers\tUnits\tOrigDataRate\tOrigDataStartFrame"
        "\tOrigNumFrames",
        f"{fps}\t{fps}\t{count}\t{markers}\t{unit}\t{fps}\t{start}\t{start + count}",
        "Frame#\tTime\t" + "\t\t\t".join(names) + "\t\t\t",
        "\t\t" + "\t".join(f"X{i + 1}\tY{i + 1}\tZ{i + 1}" for i in range(markers)) + "\t",
    ]
    rows = [
        "\t".join(
            [str(start + i), str((start + i) / fps)]
            + ["" if np.isnan(v) else repr(float(v)) for v in row.ravel()]
        )
        for i, row in enumerate(positions)
    ]
    path.write_text("\n".join([*head, *rows, ""]))
    return path


def halpe(axes=z_up_to_y_up):
    poses = moving("halpe26", frames=8)
    return axes(poses.positions[:, poses.skeleton.indices(*NAMES.values())]), poses


def test_a_file_of_pose2sim(tmp_path):
    positions, poses = halpe()
    positions[3, 5] = np.nan
    got = read(pose2sim(tmp_path / "a.trc", positions, start=7))
    assert (got.fps, got.frame.tolist(), got.stamp_s) == (60, list(range(7, 15)), None)
    mapped = got.to_skeleton("halpe26")
    columns = poses.skeleton.indices(*NAMES.values())
    want = poses.positions.copy()
    want[3, poses.skeleton.index("right_small_toe")] = np.nan
    np.testing.assert_allclose(
        mapped.positions[:, columns], want[:, columns], atol=1e-6, equal_nan=True
    )


@pytest.mark.parametrize(
    "axes", [z_up_to_y_up, lambda p: p.copy(), lambda p: z_up_to_y_up(p) * [1, -1, -1]]
)
def test_the_axis_along_which_people_stand_is_up(tmp_path, axes):
    positions, poses = halpe(axes)
    got = read(pose2sim(tmp_path / "a.trc", positions * 1000, unit="mm"))
    np.testing.assert_allclose(got.joint("Head"), poses.joint("head"), atol=1e-5)


def test_whoever_lies_is_taken_as_y_up(tmp_path):
    positions, _ = halpe(lambda p: p[..., [2, 0, 1]])
    got = read(pose2sim(tmp_path / "a.trc", positions))
    np.testing.assert_allclose(got.joint("Head")[:, 2], positions[:, 14, 1], atol=1e-6)


def test_own_file_there_and_back(tmp_path):
    poses = moving("h36m17", frames=5)
    positions = poses.positions.copy()
    positions[2, 4] = np.nan
    poses = Poses3D(positions, "h36m17", frame=[3, 4, 5, 9, 10], fps=25)
    assert write(poses, tmp_path / "a.trc") == {}
    got = read(tmp_path / "a.trc")
    assert (got.skeleton.name, got.fps, got.frame.tolist()) == ("h36m17", 25, [3, 4, 5, 9, 10])
    np.testing.assert_allclose(got.positions, positions, atol=1e-6, equal_nan=True)
    stamped = Poses3D(positions, "h36m17", stamp_s=[0, 0.04, 0.1, 0.11, 0.2])
    write(stamped, tmp_path / "a.trc")
    np.testing.assert_allclose(read(tmp_path / "a.trc").time_s, stamped.stamp_s, atol=1e-6)
    assert write(Poses3D(positions, "h36m17"), tmp_path / "a.trc") == {"assumed_fps": 30.0}


def test_a_camera_frame_stands_upright(tmp_path):
    x, y, z = np.moveaxis(moving("h36m17").positions, -1, 0)
    camera = Poses3D(np.stack([x, -z, y], -1), "h36m17", fps=30, frame_of_reference="camera")
    write(camera, tmp_path / "a.trc")
    np.testing.assert_allclose(
        read(tmp_path / "a.trc").positions, np.stack([x, y, z], -1), atol=1e-6
    )


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda t: t[:300], "cut short; expected a header of five lines"),
        (lambda t: "\n".join(t.split("\n")[:-4]), "cut short; expected 8 frames; got 5"),
        (lambda t: t.replace("\t0.0\t", "\tabc\t", 1), "line 6: not a number; got 'abc'"),
        (lambda t: t[:-40], "line 13: row of the wrong length; expected 68"),
        (lambda t: t.replace("\tm\t", "\tfurlong\t"), "unknown unit"),
        (lambda t: t.replace("NumMarkers", "Number"), "line 3: no NumMarkers"),
        (lambda t: t.replace("60\t60", "-1\t60"), "must be positive"),
        (lambda t: t.replace("\tNeck", ""), "names and number of markers differ"),
    ],
)  # fmt: skip
def test_damage_is_named(tmp_path, change, said):
    path = pose2sim(tmp_path / "a.trc", halpe()[0])
    path.write_text(change(path.read_text()))
    with pytest.raises(VvipeError, match=r"a\.trc") as error:
        read(path)
    assert said in str(error.value)


def test_markers_on_the_skin_are_no_joints(tmp_path):
    path = pose2sim(tmp_path / "a.trc", np.ones((2, 2, 3)), names=("RASI", "C7"))
    with pytest.raises(VvipeError, match="no joint name is known; got RASI, C7"):
        read(path)
