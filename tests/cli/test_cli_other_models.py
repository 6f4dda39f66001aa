"""Verbs with models that embed but do not decode: they work, or say in a line what is lacking."""

import numpy as np
import pytest

from vvipe.models.kinds import KINDS
from vvipe.models.storage import save_model

SIZES = {"pr-vipe": {"latent": 6, "width": 24}, "lifter": {"width": 24}}


@pytest.fixture(params=SIZES)
def other(request, tmp_path):
    kind = KINDS[request.param]
    networks = kind.networks(kind.architecture(**SIZES[request.param])).eval()
    about = {"name": "other", "representation": request.param, "trained_on": "nothing"}
    save_model(tmp_path / request.param, networks, about)
    return tmp_path / request.param


def test_embedding(cli, other, keypoints, tmp_path):
    out = tmp_path / "e.npz"
    assert cli("embed", keypoints, "-o", out, "--model", other).code == 0
    with np.load(out) as file:
        assert len(file["embeddings"]) == 12 and str(file["model"]).startswith("other@")
        assert np.isnan(file["embeddings"]).any(1).nonzero()[0].tolist() == [4, 7]


def test_lifting(cli, other, keypoints, tmp_path):
    result = cli("lift", keypoints, "-o", tmp_path / "l.npz", "--model", other)
    if other.name == "lifter":
        assert result.code == 0
    else:
        assert f"{other}: a pr-vipe model cannot lift; take a vvipe model" in result.error()


@pytest.mark.parametrize(
    "words",
    [
        ("generate", "{in}", "-o", "{out}.npz"),
        ("interpolate", "{in}", "{in}", "-o", "{out}.npz"),
        ("demo", "--out", "{out}"),
        ("plot", "map", "{in}", "-o", "{out}.png"),
        ("plot", "sequence", "{in}", "-o", "{out}.png"),
    ],
    ids=lambda words: words[0],
)
def test_what_needs_a_decoder(cli, other, keypoints, tmp_path, words):
    places = {"in": keypoints, "out": tmp_path / "result"}
    said = cli(*(word.format(**places) for word in words), "--model", other).error()
    assert f"{other}: a {other.name} model cannot " in said and "vvipe" in said
    assert not list(tmp_path.glob("result*"))
