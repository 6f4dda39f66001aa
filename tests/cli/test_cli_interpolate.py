import numpy as np
import pytest

import vvipe


def test_from_pose_to_pose(cli, tiny, keypoints, motion, tmp_path):
    out, png = tmp_path / "i.npz", tmp_path / "i.png"
    words = ("--frame-a", 2, "--frame-b", 3, "--steps", 5, "--png", png, "--model", tiny, "--json")
    said = cli("interpolate", keypoints, motion, "-o", out, *words).json
    model = vvipe.load(tiny)
    a = model.embed(vvipe.read(keypoints)).vectors[1]
    b = model.embed(vvipe.read(motion)).vectors[3]
    expected = model.decode(np.stack([a + t * (b - a) for t in np.linspace(0, 1, 5)])).positions
    got = vvipe.read(out)
    np.testing.assert_allclose(got.positions, expected, atol=1e-4)
    assert got.frame_of_reference == "canonical"
    with np.load(out) as file:
        assert file["fraction"].tolist() == [0, 0.25, 0.5, 0.75, 1]
    assert png.read_bytes().startswith(b"\x89PNG")
    assert said == {"out": str(out), "rows": 5, "png": str(png), "model": model.id}


def test_prototypes_into_a_bvh(cli, tiny, tmp_path):
    out = tmp_path / "i.bvh"
    result = cli("interpolate", "crouch", "reach", "-o", out, "--model", tiny)
    assert (result.code, result.err) == (0, "")
    assert len(vvipe.read(out)) == 8


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["crouch", "nowhere"], "nowhere: neither a file nor a prototype"),
        (["crouch", "reach", "--steps", "1"], "--steps must be at least 2"),
        (["crouch"], "missing B"),
    ],
)
def test_bad_words(cli, tiny, tmp_path, words, said):
    out = tmp_path / "i.npz"
    assert said in cli("interpolate", *words, "-o", out, "--model", tiny).error()
    assert not out.exists()
