import numpy as np
import pyarrow.parquet as pq
import pytest

import vvipe
from vvipe.formats.extra import write_with
from vvipe.poses import Poses3D


@pytest.mark.parametrize("suffix", [".npz", ".parquet", ".json"])
def test_further_columns(rng, tmp_path, suffix):
    poses = Poses3D(rng.normal(size=(3, 17, 3)), "h36m17", frame=[4, 5, 9])
    path = tmp_path / f"x{suffix}"
    centre = np.arange(6.0).reshape(3, 2)
    write_with(poses, path, model="m@1", alpha=np.array([0.5, 1, 2]), centre=centre)
    back = vvipe.read(path)
    np.testing.assert_allclose(back.positions, poses.positions, atol=1e-6)
    assert back.frame.tolist() == [4, 5, 9]
    if suffix == ".npz":
        with np.load(path) as file:
            assert str(file["model"]) == "m@1" and file["alpha"].tolist() == [0.5, 1, 2]
            np.testing.assert_array_equal(file["centre"], centre)
    if suffix == ".parquet":
        table = pq.read_table(path, columns=["model", "alpha", "centre"]).to_pydict()
        assert table == {"model": ["m@1"] * 3, "alpha": [0.5, 1, 2], "centre": centre.tolist()}
