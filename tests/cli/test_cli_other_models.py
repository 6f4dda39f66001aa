"""Verbs with models that embed but do not decode: they work, or say in a line what is lacking."""

import numpy as np
import pytest
import torch
from matplotlib.figure import Figure

import vvipe
from vvipe.models.kinds import KINDS
from vvipe.models.storage import save_model

SIZES = {
    "pr-vipe": {"latent": 6, "width": 24},
    "lifter": {"width": 24},
    "geometry-aware": {"channels": 24, "width": 24},
    "vae-gan": {"latent": 6, "width": 24, "prior": "none"},
}
LIFT = "take a vvipe or lifter or geometry-aware or vae-gan model, such as 'vvipe'"


def untrained(folder, **changes):
    """A small model of the kind that its folder is called by."""
    kind = KINDS[folder.name]
    torch.manual_seed(0)
    networks = kind.networks(kind.architecture(**SIZES[folder.name] | changes)).eval()
    if folder.name == "vae-gan":
        networks.known.fill_(1)
        torch.nn.init.normal_(networks.decoder[1].weight, std=0.05)
        torch.nn.init.normal_(networks.elevation.weight, std=0.1)
    about = {"name": "other", "representation": folder.name, "trained_on": "nothing"}
    save_model(folder, networks, about)
    return folder


@pytest.fixture(params=SIZES)
def other(request, tmp_path):
    return untrained(tmp_path / request.param)


@pytest.fixture
def unsupervised(tmp_path):
    return untrained(tmp_path / "vae-gan")


@pytest.fixture
def long(film, tmp_path):
    vvipe.write(film(40), tmp_path / "long.npz")
    return tmp_path / "long.npz"


def test_embedding(cli, other, keypoints, tmp_path):
    out = tmp_path / "e.npz"
    assert cli("embed", keypoints, "-o", out, "--model", other).code == 0
    with np.load(out) as file:
        assert len(file["embeddings"]) == 12 and str(file["model"]).startswith("other@")
        assert np.isnan(file["embeddings"]).any(1).nonzero()[0].tolist() == [4, 7]


def test_a_file_that_a_model_cannot_take_hides_no_other(cli, other, keypoints, motion, tmp_path):
    folder, out = tmp_path / "both", tmp_path / "e.npz"
    folder.mkdir()
    motion.rename(folder / "a.npz")
    keypoints.rename(folder / "b.npz")
    result = cli("embed", folder, "-o", out, "--model", other)
    assert result.code == 0 and "a.npz" in result.err and "b.npz" not in result.err
    with np.load(out) as file:
        assert len(file["embeddings"]) == 12


def test_lifting(cli, other, keypoints, tmp_path):
    result = cli("lift", keypoints, "-o", tmp_path / "l.npz", "--model", other)
    if other.name == "pr-vipe":
        assert f"{other}: a pr-vipe model cannot lift; {LIFT}" in result.error()
    else:
        assert result.code == 0


@pytest.mark.parametrize(
    "words",
    [
        ("generate", "{in}", "-o", "{out}.npz"),
        ("interpolate", "{in}", "{in}", "-o", "{out}.npz"),
        ("demo", "--out", "{out}"),
        ("plot", "variants", "{in}", "-o", "{out}.png"),
        ("plot", "interpolation", "{in}", "-o", "{out}.png"),
    ],
    ids=lambda words: " ".join(words[:2]),
)
def test_what_needs_a_decoder(cli, other, keypoints, tmp_path, words):
    places = {"in": keypoints, "out": tmp_path / "result"}
    said = cli(*(word.format(**places) for word in words), "--model", other).error()
    assert f"{other}: a {other.name} model cannot " in said
    assert said.endswith(("take a vvipe model, such as 'vvipe'\n", f"{LIFT}\n"))
    assert not list(tmp_path.glob("result*"))


@pytest.mark.parametrize(
    ("kind", "dims"), [("lift", 3), ("canonical", 2), ("map", 3), ("sequence", 2), ("sides", 3)]
)
def test_pictures_of_what_lifts(cli, other, long, motion, tmp_path, kind, dims):
    """3D motion is filmed first, for models that embed keypoints alone."""
    path, out = long if dims == 2 else motion, tmp_path / "p.png"
    result = cli("plot", kind, path, "-o", out, "--count", 1, "--model", other)
    if other.name == "pr-vipe":
        assert f"{other}: a pr-vipe model cannot lift; {LIFT}" in result.error()
    else:
        assert (result.code, result.err) == (0, "") and out.read_bytes().startswith(b"\x89PNG")


def test_views_and_film_of_what_lifts(cli, unsupervised, motion, keypoints, tmp_path):
    pytest.importorskip("av")
    words = ("--model", unsupervised)
    assert cli("plot", "views", motion, "-o", tmp_path / "v.png", "--count", 1, *words).code == 0
    words = (*words, "--height", 120, "--fps", 5, "--json")
    assert cli("plot", "film", keypoints, "-o", tmp_path / "f.gif", *words).json["frames"] == 5


def test_retrieval_needs_no_lifting(cli, other, long, tmp_path):
    out = tmp_path / "r.png"
    words = ("-o", out, "--count", 2, "--model", other)
    assert cli("plot", "retrieval", long, *words).code == 0
    assert out.read_bytes().startswith(b"\x89PNG")


def test_hypotheses_are_for_variational_models(cli, other, keypoints, tmp_path):
    out = tmp_path / "h.png"
    result = cli("plot", "hypotheses", keypoints, "-o", out, "--count", 2, "--model", other)
    if other.name == "vae-gan":
        assert result.code == 0 and out.read_bytes().startswith(b"\x89PNG")
    else:
        assert result.error().endswith("cannot tell hypotheses; take a vae-gan model\n")
    point = untrained(tmp_path / "point" / "vae-gan", variational=False)
    said = cli("plot", "hypotheses", keypoints, "-o", out, "--model", point).error()
    assert f"{point}: has one lift a view, no hypotheses; train with" in said


def test_points_are_for_geometry_aware_models(cli, other, keypoints, tmp_path):
    out = tmp_path / "points.png"
    result = cli("plot", "points", keypoints, "-o", out, "--count", 2, "--model", other)
    if other.name == "geometry-aware":
        assert result.code == 0 and out.read_bytes().startswith(b"\x89PNG")
    else:
        said = f"a {other.name} model cannot make points of views; take a geometry-aware model\n"
        assert result.error().endswith(said) and not out.exists()


def test_the_spread_of_hypotheses(cli, unsupervised, keypoints, tmp_path, monkeypatch):
    from vvipe.cli import pictures_around

    away = []

    def drawn(keypoints, mean, samples, elevations):
        away.append(np.abs(samples.coords - mean.coords).mean())
        return Figure()

    monkeypatch.setattr(pictures_around, "hypotheses_figure", drawn)
    words = ("plot", "hypotheses", keypoints, "-o", tmp_path / "h.png", "--model", unsupervised)
    for scale in (0.01, 1):
        assert cli(*words, "--count", 2, "--scale", scale).code == 0
    assert 20 * away[0] < away[1]
    for wrong in (0, -1, "nan"):
        assert "--scale must be positive" in cli(*words, "--scale", wrong).error()


def test_the_vertical_is_what_the_model_tells_or_those_who_stand(cli, tmp_path, long, monkeypatch):
    from vvipe.cli import pictures_around

    told = []
    monkeypatch.setattr(pictures_around, "sides_figure", lambda *a: told.append(a) or Figure())
    for name in ("vae-gan", "lifter"):
        model = untrained(tmp_path / name)
        words = ("plot", "sides", long, "-o", tmp_path / "s.png", "--count", 3, "--model", model)
        assert cli(*words).code == 0
    (seen, lifted, elevations), (_, _, stood) = told
    assert seen.frame.tolist() == [10, 20, 29] and lifted.frame.tolist() == [10, 20, 29]
    expected = vvipe.load(tmp_path / "vae-gan").elevation(seen)
    np.testing.assert_allclose(elevations, expected, atol=1e-6)
    assert len(set(elevations)) == 3
    assert len(set(stood)) == 1 and np.isfinite(stood).all()
    words = ("plot", "sides", long, "-o", tmp_path / "s.png", "--frame", 7, "--model")
    assert cli(*words, tmp_path / "lifter").code == 0
    assert told[-1][0].frame.tolist() == [7]


def test_a_map_of_the_latent_instead(cli, unsupervised, long, tmp_path, monkeypatch):
    from vvipe.cli import map_picture

    shown = []
    monkeypatch.setattr(map_picture, "space_map", lambda *a, **k: shown.append((a, k)) or Figure())
    words = ("plot", "map", long, "-o", tmp_path / "m.png", "--model", unsupervised)
    for more in ((), ("--ranking", "latent", "--by-file", "--layout", "pca")):
        assert cli(*words, *more).code == 0
    ((canonical, poses), plain), ((latent, same), coloured) = shown
    assert (canonical.shape, latent.shape) == ((40, 51), (40, 6))
    lifted = vvipe.load(unsupervised).lift(vvipe.read(long)).positions
    np.testing.assert_allclose(poses.positions, lifted, atol=1e-6)
    np.testing.assert_allclose(same.positions, lifted, atol=1e-6)
    assert plain["groups"] is None and coloured["groups"] == ["long"] * 40
    assert (plain["method"], coloured["method"]) == ("auto", "pca")
    said = cli(*words, "--ranking", "nonsense").error()
    assert "no ranking 'nonsense'; expected canonical or latent" in said
    retrieval = ("plot", "retrieval", long, "-o", tmp_path / "r.png", "--model", unsupervised)
    assert cli(*retrieval, "--ranking", "latent").code == 0
