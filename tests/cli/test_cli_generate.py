import numpy as np
import pytest

import vvipe
from vvipe.models.prototypes import load_prototypes


@pytest.mark.parametrize("pose", ["crouch", "walk", "file"])
def test_poses_around_one(cli, tiny, keypoints, tmp_path, pose):
    name = keypoints if pose == "file" else pose
    out, png = tmp_path / "g.npz", tmp_path / "g.png"
    said = cli("generate", name, "-o", out, "--png", png, "--model", tiny, "--json").json
    model = vvipe.load(tiny)
    start = {
        "crouch": load_prototypes(model).vectors[0],
        "walk": load_prototypes(model).motions["walk"][0],
        "file": model.embed(vvipe.read(keypoints)).vectors[0],
    }[pose]
    expected = model.decode(model.generate(start, (0.2, 0.3, 0.4, 0.5), 2, 0)).positions
    with np.load(out) as file:
        assert file["alpha"].tolist() == pytest.approx([0.2, 0.3, 0.4, 0.5] * 2)
        assert file["direction"].tolist() == [0] * 4 + [1] * 4
    got = vvipe.read(out)
    np.testing.assert_allclose(got.positions, expected.reshape(8, 17, 3), atol=1e-5)
    assert got.frame_of_reference == "canonical" and got.frame.tolist() == list(range(8))
    assert png.read_bytes().startswith(b"\x89PNG")
    assert said == {
        "out": str(out), "rows": 8, "alphas": [0.2, 0.3, 0.4, 0.5], "png": str(png),
        "directions": 2, "seed": 0, "model": model.id,
    }  # fmt: skip


def test_seed_and_frame(cli, tiny, keypoints, tmp_path):
    def made(*words):
        path = tmp_path / "g.npz"
        result = cli("generate", keypoints, "-o", path, "--model", tiny, "--alpha", 1, *words)
        assert result.code == 0
        return vvipe.read(path).positions

    assert made().shape == (2, 17, 3)
    np.testing.assert_allclose(made(), made("--frame", 0, "--seed", 0), atol=1e-5)
    assert not np.allclose(made(), made("--seed", 1))
    assert not np.allclose(made(), made("--frame", 2))


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["crouhc"], "nearest prototype: crouch"),
        (["walk", "--frame", "6"], "no frame 6; expected 0 to 5"),
        (["crouch", "--directions", "0"], "--directions"),
        (["crouch", "--alpha", "-1"], "--alpha"),
        (["crouch", "--alpha"], "--alpha"),
        (["crouch", "--seed", "-1"], "--seed"),
        (["crouch", "--png", "x.jpg"], "expected .png"),
        (["{in}", "--frame", "8"], "too few joints"),
        (["{in}", "--frame", "3"], "no frame 3"),
    ],
)
def test_bad_words(cli, tiny, keypoints, tmp_path, words, said):
    words = [w.format(**{"in": keypoints}) for w in words]
    out = tmp_path / "g.npz"
    assert said in cli("generate", *words, "-o", out, "--model", tiny).error()
    assert not out.exists()


def test_model_without_prototypes(cli, tiny, tmp_path):
    bare = tmp_path / "bare"
    bare.mkdir()
    for file in tiny.iterdir():
        if file.name != "prototypes.npz":
            (bare / file.name).write_bytes(file.read_bytes())
    said = cli("generate", "nowhere.bvh", "-o", tmp_path / "g.npz", "--model", bare).error()
    assert said.startswith("vvipe: error: nowhere.bvh: no such file or folder")
