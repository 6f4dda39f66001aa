import numpy as np
import pytest
from licensed_files import (
    SEQUENCES,
    cell,
    mpi_motion,
    mpi_views,
    write_annot,
    write_calibration,
    write_mpi,
    write_mpi_test,
)

from vvipe import VvipeError
from vvipe.datasets import mpi_inf_3dhp_catalogue
from vvipe.datasets.mpi_inf_3dhp import (
    CAMERAS,
    CHEST,
    mpi_inf_3dhp_recordings,
    mpi_inf_3dhp_test_set,
)

scipy_io = pytest.importorskip("scipy.io")


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    root = tmp_path_factory.mktemp("mpi")
    write_mpi(root)
    return root


def test_cameras():
    assert (
        len(CAMERAS) == 11 and max(CAMERAS) == 10 and set(CHEST) < set(CAMERAS) and len(CHEST) == 5
    )


def test_catalogue(whole):
    clips = mpi_inf_3dhp_catalogue(whole)
    assert [c.name for c in clips] == SEQUENCES
    assert {c.split for c in clips} == {"test"}
    fast = {c.name for c in clips if c.fps == 50}
    assert fast == {"S1/Seq2", "S3/Seq1", "S3/Seq2", "S5/Seq1", "S5/Seq2"}
    for clip in clips[:4]:
        poses = clip.poses(25)
        world = mpi_motion(clip.name)[:: 2 if clip.name in fast else 1]
        np.testing.assert_allclose(poses.positions, world, atol=1e-4)
        assert poses.fps == 25 and poses.frame_of_reference == "world"
        assert poses.to_skeleton("h36m17").mask.all()


def test_recordings_fit_their_cameras(whole):
    recording = next(mpi_inf_3dhp_recordings(whole))
    assert recording.name == "S1/Seq1" and len(recording.cameras) == 11
    for camera, (_, pixels) in zip(recording.cameras, mpi_views(mpi_motion("S1/Seq1"))):  # noqa: B905
        np.testing.assert_allclose(camera.project(recording.poses.positions), pixels, atol=0.2)


def test_rows_after_the_video_s_end_are_left_out(tmp_path, monkeypatch):
    monkeypatch.setitem(
        __import__("vvipe.datasets.mpi_inf_3dhp", fromlist=["_FRAMES"])._FRAMES, "S1/Seq1", 7
    )
    write_mpi(tmp_path)
    assert len(mpi_inf_3dhp_catalogue(tmp_path)[0].poses(None)) == 7


@pytest.mark.parametrize("file", ["annot.mat", "camera.calibration"])
def test_a_file_that_is_missing(tmp_path, file):
    write_mpi(tmp_path, SEQUENCES[:6])
    (tmp_path / "S2" / "Seq1" / file).unlink()
    with pytest.raises(VvipeError) as error:
        mpi_inf_3dhp_catalogue(tmp_path)
    message = str(error.value)
    assert message.startswith(f"{tmp_path / 'S2' / 'Seq1' / file}: no such file")
    assert "vcai.mpi-inf.mpg.de/3dhp-dataset" in message and "\n" not in message


def test_no_folder(tmp_path):
    with pytest.raises(VvipeError, match="no folder with MPI-INF-3DHP; the Max Planck Institute"):
        mpi_inf_3dhp_catalogue(tmp_path / "nowhere")
    with pytest.raises(VvipeError, match=r"S1/Seq1/annot\.mat: no such file"):
        mpi_inf_3dhp_catalogue(tmp_path)


def test_the_calibration_of_another_sequence(tmp_path):
    write_mpi(tmp_path)
    path = tmp_path / "S1" / "Seq1" / "camera.calibration"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0], *lines[8:15], *lines[1:8], *lines[15:]]).replace(
        "name          1\n", "name          x\n").replace(
        "name          0\n", "name          1\n").replace("name          x\n", "name          0\n")
    )  # fmt: skip
    with pytest.raises(VvipeError, match=r"S1/Seq1: the cameras disagree.*same sequence; got \d"):
        mpi_inf_3dhp_catalogue(tmp_path)[0].poses()


def test_a_camera_that_is_missing(tmp_path):
    write_mpi(tmp_path)
    clip = mpi_inf_3dhp_catalogue(tmp_path)[0]
    calibration = clip.path.parent / "camera.calibration"
    lines = calibration.read_text().splitlines()
    calibration.write_text("\n".join(lines[: 1 + 7 * 10]))
    with pytest.raises(VvipeError, match=r"camera\.calibration: camera 10 is missing"):
        clip.poses()
    write_calibration(calibration)
    rows = [seen.reshape(10, -1) for seen, _ in mpi_views(mpi_motion("S1/Seq1"))]
    vnect = [0, 1, 2, 4, 5, 6, 7, 8]  # the eight of which the videos come first
    part = {"annot3": cell([rows[c] for c in vnect]), "cameras": [vnect]}
    scipy_io.savemat(clip.path, part)
    with pytest.raises(VvipeError, match=r"annot\.mat: camera 3 is missing"):
        clip.poses()


def test_a_sequence_of_another_length_in_one_camera(tmp_path):
    write_mpi(tmp_path)
    clip = mpi_inf_3dhp_catalogue(tmp_path)[0]
    rows = [seen.reshape(10, -1) for seen, _ in mpi_views(mpi_motion("S1/Seq1"))]
    rows[5] = rows[5][:6]
    scipy_io.savemat(clip.path, {"annot3": cell(rows), "cameras": [list(range(14))]})
    assert len(clip.poses(None)) == 6
    write_annot(clip.path, mpi_motion("S1/Seq1"))
    assert len(clip.poses(None)) == 10


def test_test_set(tmp_path):
    pytest.importorskip("h5py")
    write_mpi_test(tmp_path / "mpi_inf_3dhp_test_set")
    for root in (tmp_path, tmp_path / "mpi_inf_3dhp_test_set"):
        found = list(mpi_inf_3dhp_test_set(root))
        assert [path.parent.name for path, _ in found] == [f"TS{i}" for i in range(1, 7)]
        assert all(s.valid.sum() == 6 for _, s in found)
    (root / "TS4" / "annot_data.mat").unlink()
    with pytest.raises(VvipeError, match=r"TS4/annot_data\.mat: no such file; the Max Planck"):
        list(mpi_inf_3dhp_test_set(tmp_path))
