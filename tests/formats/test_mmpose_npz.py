import numpy as np
import pytest
from licensed_files import (
    MPI_COLUMNS,
    motion,
    mpi_motion,
    mpi_views,
    write_annotations,
    write_mmpose,
)

from vvipe import VvipeError
from vvipe.datasets.human36m_cameras import human36m_cameras
from vvipe.formats import format_of, read
from vvipe.formats.mmpose_npz import read_mmpose_npz


def test_human36m(tmp_path):
    write_mmpose(tmp_path / "h36m_test.npz", ("S9",), ("Walking 1",))
    rows = read_mmpose_npz(tmp_path / "h36m_test.npz")
    assert len(rows.poses) == 12 and set(rows.subject) == {"S9"}
    assert set(rows.action) == {"Walking 1"}
    of = rows.camera == "55011271"
    np.testing.assert_array_equal(rows.frame[of], [0, 5, 10])
    world = motion("S9", "Walking 1")[::5]
    camera = human36m_cameras("S9")[1]
    np.testing.assert_allclose(rows.poses.positions[of], camera.to_camera(world), atol=1e-6)
    np.testing.assert_allclose(rows.keypoints.keypoints[of], camera.project(world), rtol=1e-6)
    assert rows.poses.frame_of_reference == "camera" and rows.poses.skeleton.name == "h36m17"


def test_mpi_inf_3dhp(tmp_path):
    world = mpi_motion("S1/Seq1", 3)
    views = [(s[:, MPI_COLUMNS] / 1000, p[:, MPI_COLUMNS]) for s, p in mpi_views(world)]
    names = [f"S1_Seq2_Cam{c}_{i + 1:06d}.jpg" for c in (0, 4) for i in range(3)]
    solid, flat = (np.concatenate([views[c][k] for c in (0, 4)]) for k in (0, 1))
    write_annotations(tmp_path / "train.npz", names, solid, flat)
    rows = read_mmpose_npz(tmp_path / "train.npz")
    assert rows.camera.tolist() == ["0"] * 3 + ["4"] * 3 and set(rows.action) == {"Seq2"}
    assert rows.poses.skeleton.joints[14] == "pelvis"
    np.testing.assert_allclose(rows.poses.joint("pelvis"), solid[:, 14], rtol=1e-6)
    assert rows.poses.to_skeleton("h36m17").mask.all()
    write_annotations(tmp_path / "test.npz", ["TS3_000007.jpg"], solid[:1], flat[:1])
    rows = read_mmpose_npz(tmp_path / "test.npz")
    assert (rows.subject[0], rows.camera[0], rows.frame[0]) == ("TS3", "", 6)


def test_read_recognises_it(tmp_path):
    write_mmpose(tmp_path / "h36m_test.npz", ("S9",), ("Photo",))
    assert format_of(tmp_path / "h36m_test.npz").name == "MMPose npz"
    poses = read(tmp_path / "h36m_test.npz")
    assert poses.positions.shape == (12, 17, 3) and poses.frame_of_reference == "camera"


def test_a_joint_marked_as_unseen_is_not_seen(tmp_path):
    write_mmpose(tmp_path / "in.npz", ("S9",), ("Photo",))
    arrays = dict(np.load(tmp_path / "in.npz"))
    arrays["part"][0, 3, 2] = 0
    np.savez(tmp_path / "in.npz", **arrays)
    mask = read_mmpose_npz(tmp_path / "in.npz").keypoints.mask
    assert not mask[0, 3] and mask.sum() == mask.size - 1


def test_damaged(tmp_path):
    path = tmp_path / "in.npz"
    one = {"imgname": ["S9_Photo.54138969_000001.jpg"], "part": np.ones((1, 17, 3))}
    for arrays, message in (
        ({**one, "S": np.ones((1, 17, 3))}, r"wrong shape of S; expected \(1, 17, 4\)"),
        ({**one, "S": np.ones((2, 17, 4))}, "wrong shape of S"),
        ({**one, "S": np.ones((1, 17, 4)), "part": np.ones((1, 16, 3))}, "wrong shape of part"),
        ({**one, "S": np.ones((1, 17, 4)), "imgname": ["cat.jpg"]}, "tells no camera; got cat.jpg"),
        ({**one, "S": np.array({}, object)}, "'S': holds objects"),
        (one, "no array 'S'; expected S, imgname, part"),
    ):
        np.savez(path, **arrays)
        with pytest.raises(VvipeError, match=rf"in\.npz.*{message}"):
            read_mmpose_npz(path)
