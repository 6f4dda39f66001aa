import numpy as np
import pytest

from vvipe.embeddings import Embeddings
from vvipe.errors import VvipeError
from vvipe.formats.embeddings import read_embeddings, write_embeddings


def some(rng, rows=4, source="a.npz", **more):
    vectors, variance = rng.normal(size=(2, rows, 3)).astype(np.float32)
    frame = np.arange(rows) * 3
    return Embeddings(
        vectors, variance, **{"frame": frame, "source": source, "model": "m@1"} | more
    )


@pytest.mark.parametrize("suffix", [".npz", ".parquet"])
def test_what_is_written_is_read(rng, tmp_path, suffix):
    parts = [some(rng), some(rng, 2, "b.bvh"), some(rng, 3)]
    parts[1].vectors[0] = np.nan
    write_embeddings(parts, tmp_path / f"x{suffix}")
    got = read_embeddings(tmp_path / f"x{suffix}")
    assert [p.source for p in got] == ["a.npz", "b.bvh", "a.npz"]
    for part, back in zip(parts, got, strict=True):
        np.testing.assert_array_equal(back.vectors, part.vectors)
        np.testing.assert_array_equal(back.variance, part.variance)
        assert back.vectors.dtype == back.variance.dtype == np.float32
        assert (back.frame.tolist(), back.model) == (part.frame.tolist(), "m@1")


def test_leading_dimensions_become_rows(rng, tmp_path):
    vectors = rng.normal(size=(2, 5, 3)).astype(np.float32)
    write_embeddings(Embeddings(vectors, vectors, np.array([7, 9]), model="m"), tmp_path / "x.npz")
    (got,) = read_embeddings(tmp_path / "x.npz")
    np.testing.assert_array_equal(got.vectors, vectors.reshape(10, 3))
    assert got.frame.tolist() == [7] * 5 + [9] * 5
    write_embeddings(Embeddings(vectors[0, 0], vectors[0, 0], model="m"), tmp_path / "y.npz")
    assert read_embeddings(tmp_path / "y.npz")[0].frame.tolist() == [0]


@pytest.mark.parametrize(
    ("parts", "name", "said"),
    [
        ([], "x.npz", "of one model"),
        (["m@1", "m@2"], "x.npz", "of one model"),
        (["m@1"], "x.csv", "unknown suffix"),
        (["m@1"], "x", "got none"),
    ],
)
def test_what_cannot_be_written(rng, tmp_path, parts, name, said):
    with pytest.raises(VvipeError, match=said):
        write_embeddings([some(rng, model=m) for m in parts], tmp_path / name)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"variance": None}, "no column 'variance'"),
        ({"embeddings": np.zeros(4)}, "wrong embeddings"),
        ({"embeddings": np.array(list("abcd"))}, "wrong embeddings"),
        ({"frame": np.arange(3)}, "wrong shape of frame"),
        ({"source": np.array("a")}, "wrong shape of source"),
        ({"embeddings": np.array([None] * 4)}, "holds objects"),
    ],
)
def test_files_that_are_none(rng, tmp_path, change, said):
    path = tmp_path / "x.npz"
    write_embeddings(some(rng), path)
    with np.load(path) as file:
        arrays = dict(file) | change
    np.savez(path, **{k: v for k, v in arrays.items() if v is not None})
    with pytest.raises(VvipeError, match=said):
        read_embeddings(path)


def test_damaged_files(rng, tmp_path):
    with pytest.raises(VvipeError, match="no such file"):
        read_embeddings(tmp_path / "nowhere.npz")
    for suffix in (".npz", ".parquet"):
        path = tmp_path / f"x{suffix}"
        write_embeddings(some(rng), path)
        path.write_bytes(path.read_bytes()[:-40])
        with pytest.raises(VvipeError, match=path.name):
            read_embeddings(path)
