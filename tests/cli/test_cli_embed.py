import numpy as np
import pyarrow.parquet as pq
import pytest

import vvipe
from vvipe.formats.embeddings import read_embeddings


def test_schema_and_rows(cli, tiny, keypoints, tmp_path):
    out = tmp_path / "new" / "e.npz"
    said = cli("embed", keypoints, "-o", out, "--model", tiny, "--json").json
    model = vvipe.load(tiny)
    with np.load(out) as file:
        got = {k: file[k] for k in file.files}
    assert set(got) == {"embeddings", "variance", "frame", "source", "model"}
    assert got["embeddings"].dtype == got["variance"].dtype == np.float32
    assert got["embeddings"].shape == got["variance"].shape == (12, 32)
    assert got["frame"].tolist() == list(range(0, 24, 2))
    assert set(got["source"].tolist()) == {str(keypoints)} and got["source"].shape == (12,)
    assert str(got["model"]) == model.id
    assert np.flatnonzero(np.isnan(got["embeddings"]).all(1)).tolist() == [4, 7]
    assert np.isfinite(np.delete(got["embeddings"], [4, 7], axis=0)).all()
    np.testing.assert_array_equal(got["embeddings"], model.embed(vvipe.read(keypoints)).vectors)
    assert said == {
        "out": str(out), "rows": 12, "nan_rows": 2, "files": 1, "model": model.id, "errors": [],
    }  # fmt: skip


def test_same_vectors_whatever_the_batch(cli, tiny, keypoints, tmp_path):
    """Row i of a file is row i of that row embedded alone."""
    poses = vvipe.read(keypoints)
    for i in range(len(poses)):
        if poses.mask[i].any():
            vvipe.write(poses[i : i + 1], tmp_path / "pieces" / f"{i:02}.npz")
    cli("embed", keypoints, "-o", tmp_path / "whole.npz", "--model", tiny)
    cli("embed", tmp_path / "pieces", "-o", tmp_path / "pieces.npz", "--model", tiny)
    with np.load(tmp_path / "whole.npz") as whole, np.load(tmp_path / "pieces.npz") as pieces:
        rows = np.flatnonzero(poses.mask.any(1))
        assert pieces["frame"].tolist() == whole["frame"][rows].tolist()
        for name in ("embeddings", "variance"):
            np.testing.assert_allclose(pieces[name], whole[name][rows], atol=1e-5)


def test_parquet_holds_the_same(cli, tiny, keypoints, motion, tmp_path):
    for suffix in ("npz", "parquet"):
        cli("embed", keypoints, motion, "-o", tmp_path / f"e.{suffix}", "--model", tiny)
    table = pq.read_table(tmp_path / "e.parquet")
    assert table.column_names == ["embeddings", "variance", "frame", "source", "model"]
    for a, b in zip(
        read_embeddings(tmp_path / "e.npz"), read_embeddings(tmp_path / "e.parquet"), strict=True
    ):
        np.testing.assert_array_equal(a.vectors, b.vectors)
        np.testing.assert_array_equal(a.variance, b.variance)
        assert (a.frame.tolist(), a.source, a.model) == (b.frame.tolist(), b.source, b.model)


def test_folder_with_a_damaged_file(cli, tiny, keypoints, motion, tmp_path):
    folder = tmp_path / "mixed"
    (folder / "a").mkdir(parents=True)
    keypoints.rename(folder / "a" / "keypoints.npz")
    motion.rename(folder / "motion.npz")
    (folder / "b.bvh").write_text("HIERARCHY\nROOT Hips\n{")
    out = tmp_path / "e.npz"
    result = cli("embed", folder, "-o", out, "--model", tiny)
    assert result.code == 0
    assert result.err.startswith(f"vvipe: left out: {folder / 'b.bvh'}: ")
    assert result.err.count("\n") == 1
    assert "24 embeddings from 2 file(s)" in result.out and "1 file(s) damaged" in result.out
    assert [part.source for part in read_embeddings(out)] == [
        str(folder / "a" / "keypoints.npz"), str(folder / "motion.npz"),
    ]  # fmt: skip
    said = cli("embed", folder, "-o", out, "--model", tiny, "--json").json
    assert len(said["errors"]) == 1 and said["files"] == 2


def test_nothing_embedded(cli, tiny, tmp_path):
    (tmp_path / "a.bvh").write_text("HIERARCHY\n")
    (tmp_path / "b.json").write_text("{")
    out = tmp_path / "e.npz"
    out.write_bytes(b"precious")
    folder = cli("embed", tmp_path, "-o", out, "--model", tiny).error()
    assert "none of 3 files can be embedded" in folder
    assert out.read_bytes() == b"precious"


def test_single_pose_is_one_row(cli, tiny, film, tmp_path):
    np.savez(tmp_path / "one.npz", keypoints=film(1).keypoints[0], skeleton="coco13")
    said = cli("embed", tmp_path / "one.npz", "-o", tmp_path / "e.npz", "--model", tiny, "--json")
    assert said.json["rows"] == 1


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["-o", "{tmp}/e.npz"], "nothing to embed"),
        (["{in}", "-o", "{tmp}/e.csv"], "unknown suffix"),
        (["{in}", "-o", "{in}"], "would overwrite an input"),
        (["{in}", "-o", "{tmp}/e.npz", "--skeleton", "coco71"], "did you mean coco17?"),
        (["{in}", "-o", "{tmp}/e.npz", "--skeleton", "coco17"], "wrong shape for coco17"),
        (["{in}", "-o", "{in}/e.npz"], "cannot be written"),
    ],
)
def test_words_that_do_not_fit(cli, tiny, keypoints, tmp_path, words, said):
    before = keypoints.read_bytes()
    words = [w.format(tmp=tmp_path, **{"in": keypoints}) for w in words]
    assert said in cli("embed", *words, "--model", tiny).error()
    assert keypoints.read_bytes() == before
    assert [p.name for p in tmp_path.iterdir()] == [keypoints.name]


def test_model_that_is_not_there(cli, keypoints, tmp_path):
    said = cli("embed", keypoints, "-o", tmp_path / "e.npz", "--model", "nowhere").error()
    assert "no model 'nowhere'" in said


def test_shares_make_the_whole(cli, tiny, keypoints, tmp_path):
    for i in range(5):
        (tmp_path / "many").mkdir(exist_ok=True)
        poses = vvipe.read(keypoints)[i:]
        vvipe.write(poses, tmp_path / "many" / f"{i}.npz")
    words = ("embed", tmp_path / "many", "--model", tiny, "-o")
    whole = cli(*words, tmp_path / "whole.npz", "--json").json
    assert whole["files"] == 5
    files = rows = 0
    for i in (1, 2, 3):
        out = tmp_path / f"{i}.npz"
        said = cli(*words, out, "--shard", f"{i}/3", "--json").json
        first = out.read_bytes()
        assert cli(*words, out, "--shard", f"{i}/3").code == 0
        assert out.read_bytes() == first
        files, rows = files + said["files"], rows + said["rows"]
    assert (files, rows) == (5, whole["rows"])
    assert "such as 2/8" in cli(*words, tmp_path / "x.npz", "--shard", "4/3").error()
