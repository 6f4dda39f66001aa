import numpy as np
import pytest
from licensed_files import mpi_extrinsics, mpi_intrinsics, mpi_motion, mpi_views, write_calibration

from vvipe import VvipeError
from vvipe.formats.camera_calibration import read_camera_calibration


@pytest.fixture
def path(tmp_path):
    write_calibration(tmp_path / "camera.calibration")
    return tmp_path / "camera.calibration"


def test_cameras(path):
    cameras = read_camera_calibration(path)
    assert list(cameras) == list(range(14))
    world = mpi_motion("S1/Seq1")
    for (seen_mm, pixels), camera in zip(mpi_views(world), cameras.values(), strict=True):
        np.testing.assert_allclose(camera.to_camera(world), seen_mm / 1000, atol=1e-4)
        np.testing.assert_allclose(camera.project(world), pixels, atol=0.1)
        assert camera.size_px == (2048, 2048)
    np.testing.assert_allclose(cameras[3].focal_px, np.diag(mpi_intrinsics(3))[:2])


def test_the_world_is_turned_upright_and_not_mirrored(path):
    for camera, matrix in zip(
        read_camera_calibration(path).values(), mpi_extrinsics(), strict=True
    ):
        assert np.linalg.det(camera.rotation) == pytest.approx(1, abs=1e-6)
        height_mm = (-matrix[:3, :3].T @ matrix[:3, 3])[1]
        assert camera.centre[2] == pytest.approx(height_mm / 1000, abs=1e-5)


@pytest.mark.parametrize(("old", "new", "message"), [
    ("Skeletool", "Toolskel", "camera.calibration: not a camera calibration"),
    ("  size        2048 2048\n", "", "camera 0: no line 'size'"),
    ("1497.5 0", "1497.5 zero", "line 6: damaged; expected 16 numbers"),
    ("1497.5 0", "1497.5 nan", "line 6: damaged"),
    ("name          0", "name          nought", "line 2: damaged; expected 1 numbers"),
    ("extrinsic   ", "extrinsic   3", "line 7: damaged|camera 0: the extrinsic matrix"),
])  # fmt: skip
def test_damaged(path, old, new, message):
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    with pytest.raises(VvipeError, match=message):
        read_camera_calibration(path)


def test_mirrored_or_empty(path):
    head, *lines = path.read_text().splitlines()
    at = next(i for i, line in enumerate(lines) if "extrinsic" in line)
    values = np.array(lines[at].split()[1:], float)
    values[:3] *= -1
    lines[at] = "extrinsic " + " ".join(map(str, values))
    path.write_text("\n".join([head, *lines]))
    with pytest.raises(VvipeError, match="camera 0: the extrinsic matrix is not a rotation"):
        read_camera_calibration(path)
    path.write_text(head + "\n")
    with pytest.raises(VvipeError, match="no camera"):
        read_camera_calibration(path)
    path.write_text(head + "\n  size 1 2\n")
    with pytest.raises(VvipeError, match="line 2: stands before the first camera"):
        read_camera_calibration(path)
