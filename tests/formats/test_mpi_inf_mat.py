import importlib

import numpy as np
import pytest
from licensed_files import (
    MPI,
    MPI_COLUMNS,
    cell,
    mpi_motion,
    mpi_views,
    write_annot,
    write_annot_data,
)

from vvipe import VvipeError
from vvipe.formats.mat import load_mat
from vvipe.formats.mpi_inf_mat import read_annot, read_annot_data

scipy_io = pytest.importorskip("scipy.io")


@pytest.fixture
def annot(tmp_path):
    write_annot(tmp_path / "annot.mat", mpi_motion("S1/Seq1"))
    return tmp_path / "annot.mat"


@pytest.mark.parametrize("field", ["annot2", "annot3", "univ_annot3"])
def test_training_annotations(annot, field):
    views = mpi_views(mpi_motion("S1/Seq1"))
    seen = read_annot(annot, field)
    assert list(seen) == list(range(14))
    for camera, poses in seen.items():
        solid, flat = views[camera]
        if field == "annot2":
            np.testing.assert_allclose(poses.keypoints, flat, rtol=1e-6)
        else:
            scale = 0.0011 if field == "univ_annot3" else 0.001
            np.testing.assert_allclose(poses.positions, scale * solid, rtol=1e-5)
            assert poses.frame_of_reference == "camera"
        assert poses.skeleton == MPI


def test_cells_are_matched_by_the_number_of_the_camera(tmp_path):
    rows = [np.full((2, 84), 1000.0 * c) for c in (3, 7)]
    scipy_io.savemat(tmp_path / "a.mat", {"annot3": cell(rows), "cameras": [[3, 7]]})
    seen = read_annot(tmp_path / "a.mat")
    assert {c: p.positions[0, 0, 0] for c, p in seen.items()} == {3: 3, 7: 7}


def test_test_set(tmp_path):
    pytest.importorskip("h5py")
    world, valid = mpi_motion("TS1"), np.arange(10) > 3
    write_annot_data(tmp_path / "annot_data.mat", world, valid)
    for field, scale in (("annot3", 0.001), ("univ_annot3", 0.0011)):
        sequence = read_annot_data(tmp_path / "annot_data.mat", field)
        solid, flat = (v[:, MPI_COLUMNS] for v in mpi_views(world)[0])
        np.testing.assert_allclose(sequence.poses.positions, scale * solid, rtol=1e-5)
        np.testing.assert_allclose(sequence.keypoints.keypoints, flat, rtol=1e-6)
        np.testing.assert_array_equal(sequence.valid, valid)
        assert (sequence.activity == 1).all()
        assert sequence.poses.skeleton.joints == tuple(MPI.joints[i] for i in MPI_COLUMNS)


def test_both_versions_are_read_alike(tmp_path):
    """The training file, saved anew by a later MATLAB: cells are references there."""
    h5py = pytest.importorskip("h5py")
    views = [seen.reshape(10, -1) for seen, _ in mpi_views(mpi_motion("S1/Seq1"))]
    with h5py.File(tmp_path / "new.mat", "w", userblock_size=512) as file:
        cells = file.create_dataset("annot3", (1, 14), h5py.ref_dtype)
        for i, rows in enumerate(views):
            file[f"#refs#/{i}"] = rows.T
            cells[0, i] = file[f"#refs#/{i}"].ref
        file["cameras"] = np.arange(14)[:, None]
    write_annot(tmp_path / "old.mat", mpi_motion("S1/Seq1"))
    new, old = read_annot(tmp_path / "new.mat"), read_annot(tmp_path / "old.mat")
    for camera in range(14):
        np.testing.assert_array_equal(new[camera].positions, old[camera].positions)


def test_damaged(tmp_path, annot):
    whole = annot.read_bytes()
    for end in (0, 60, len(whole) // 2):
        annot.write_bytes(whole[:end])
        with pytest.raises(VvipeError, match=r"annot\.mat: not a MATLAB file, or damaged"):
            read_annot(annot)
    annot.write_bytes(b"\x89HDF\r\n\x1a\n" + bytes(100))
    pytest.importorskip("h5py")
    with pytest.raises(VvipeError, match=r"annot\.mat: not a MATLAB file, or damaged"):
        read_annot(annot)
    with pytest.raises(VvipeError, match="cannot be read"):
        load_mat(tmp_path / "nothing.mat", "a")


@pytest.mark.parametrize(("content", "message"), [
    ({"annot3": cell([np.ones((2, 84))])}, "no variable 'cameras'; got annot3"),
    ({"cameras": [[0]]}, "no variable 'annot3'"),
    ({"annot3": np.ones((2, 84)), "cameras": [[0]]}, "annot3 does not fit cameras.*got no cell"),
    ({"annot3": cell([np.ones((2, 84))]), "cameras": [[0, 1]]}, ".*a cell of 2; got a cell of 1"),
    ({"annot3": cell([np.ones((2, 56))]), "cameras": [[0]]}, r"wrong shape of annot3; .*84\)"),
])  # fmt: skip
def test_other_content(tmp_path, content, message):
    scipy_io.savemat(tmp_path / "a.mat", content)
    with pytest.raises(VvipeError, match=rf"a\.mat: {message}"):
        read_annot(tmp_path / "a.mat")


def test_test_set_of_another_shape(tmp_path):
    fields = {"annot3": np.ones((3, 17, 1, 4)), "annot2": np.ones((2, 17, 1, 4))}
    frames = {"valid_frame": np.ones((1, 4)), "activity_annotation": np.ones((1, 4))}
    path = tmp_path / "a.mat"
    scipy_io.savemat(path, fields | frames)
    assert len(read_annot_data(path).poses) == 4  # the version of the file does not matter
    scipy_io.savemat(path, fields | frames | {"annot3": np.ones((4, 17, 3))})
    with pytest.raises(VvipeError, match=r"wrong shape of annot3; expected \(3, 17, 1, frames\)"):
        read_annot_data(path)
    scipy_io.savemat(path, fields | frames | {"valid_frame": np.ones((1, 3))})
    with pytest.raises(VvipeError, match="fields of different length; got 4, 4, 3 and 4"):
        read_annot_data(path)


def test_without_the_library(annot, monkeypatch):
    def absent(name):
        raise ImportError(name)

    monkeypatch.setattr(importlib, "import_module", absent)
    with pytest.raises(VvipeError, match=r"annot\.mat: needs scipy.*vvipe\[datasets\]"):
        read_annot(annot)
