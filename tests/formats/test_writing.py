"""Nothing is lost when writing fails."""

import numpy as np
import pytest

from vvipe import Poses2D, Poses3D, VvipeError
from vvipe.formats import WriteOptions, read, write

FLAT = Poses2D(np.ones((2, 17, 2)), "coco17")
SOLID = Poses3D(np.ones((2, 17, 3)), "h36m17")


@pytest.mark.parametrize("name", ["x.npz", "x.json", "x.parquet", "x.bvh", "x.trc", "x.csv"])
def test_what_was_there_survives_a_failure(tmp_path, monkeypatch, name):
    path = tmp_path / name
    path.write_text("precious")

    def full_disk(*_args, **_kwargs):
        raise OSError(28, "No space left on device")

    import pyarrow.parquet

    for target in ("numpy.savez", "numpy.savetxt", "pathlib.Path.write_text"):
        monkeypatch.setattr(target, full_disk)
    monkeypatch.setattr(pyarrow.parquet, "write_table", full_disk)
    with pytest.raises(VvipeError, match=f"{name}: cannot be written .No space left"):
        write(SOLID, path)
    assert [p.name for p in tmp_path.iterdir()] == [name]
    assert path.read_bytes() == b"precious"


def test_overwriting_is_the_callers_choice(tmp_path):
    write(FLAT, tmp_path / "x.npz")
    with pytest.raises(VvipeError, match=r"x.npz: exists already"):
        write(FLAT, tmp_path / "x.npz", overwrite=False)
    write(SOLID, tmp_path / "x.npz")
    assert isinstance(read(tmp_path / "x.npz"), Poses3D)


def test_missing_folders_are_made(tmp_path):
    write(FLAT, tmp_path / "a" / "b" / "x.npz")
    assert len(read(tmp_path / "a" / "b" / "x.npz")) == 2


@pytest.mark.parametrize(
    "name", ["x.json", "x.parquet", "x.npz", "x.bvh", "x.trc", "x.c3d", "x.csv"]
)
def test_leading_dimensions_and_single_poses(tmp_path, name):
    many = Poses3D(np.random.default_rng(0).uniform(-1, 1, (4, 3, 17, 3)), "h36m17")
    for poses in (many, Poses3D(many.positions[0, 0], "h36m17")):
        write(poses, tmp_path / name, options=WriteOptions(bones="moving"))
        again = read(tmp_path / name).positions.reshape(-1, 17, 3)
        np.testing.assert_allclose(again, poses.positions.reshape(-1, 17, 3), atol=1e-5)


@pytest.mark.parametrize(
    "poses, name, message",
    [
        (FLAT, "x.bvh", "BVH does not hold 2D poses"),
        (FLAT, "x.xyz", "unknown suffix; expected .bvh, .c3d, .csv, .json, .npz, .*; got .xyz"),
        (FLAT[:0], "x.npz", "no poses to write"),
    ],
)
def test_what_cannot_be_written(tmp_path, poses, name, message):
    with pytest.raises(VvipeError, match=message):
        write(poses, tmp_path / name)
    assert not list(tmp_path.iterdir())
