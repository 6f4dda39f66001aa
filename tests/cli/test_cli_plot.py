import re

import numpy as np
import pytest
from bodies import moving

import vvipe
from vvipe.cli.picked import folded
from vvipe.training.loss_history import append_losses

KINDS = ("retrieval", "lift", "interpolation", "variants", "map", "sequence", "canonical")


def picture(path):
    content = path.read_bytes()
    assert content.startswith(b"\x89PNG")
    return content


def test_views_need_3d(cli, tiny, motion, keypoints, tmp_path):
    out = tmp_path / "p.png"
    words = ("-o", out, "--count", 1, "--model", tiny)
    assert cli("plot", "views", motion, *words).code == 0
    picture(out)
    assert "needs 3D poses" in cli("plot", "views", keypoints, *words).error()


@pytest.mark.parametrize(("suffix", "begins"), [("pdf", b"%PDF"), ("svg", b"<?xml")])
def test_pictures_for_a_page(cli, tiny, motion, tmp_path, suffix, begins):
    out = tmp_path / f"p.{suffix}"
    words = ("--count", 2, "--model", tiny)
    assert cli("plot", "sequence", motion, "-o", out, "--width-mm", 85, *words).code == 0
    content = out.read_bytes()
    assert content.startswith(begins)
    width = re.search(rb'MediaBox \[ 0 0 ([\d.]+)|<svg[^>]* width="([\d.]+)pt"', content)
    assert float(width[1] or width[2]) == pytest.approx(85 / 25.4 * 72, abs=0.1)


def test_the_worst_come_first(cli, tiny, tmp_path, monkeypatch):
    """By the true poses, and no two of the same half second."""
    from vvipe.cli import pictures

    shown = []
    figure = pictures.lifting_figure
    monkeypatch.setattr(
        pictures, "lifting_figure", lambda *a, **k: (shown.append(a[0].frame), figure(*a, **k))[1]
    )
    errors = np.zeros(60)
    errors[[7, 8, 40, 55]] = 3, 4, 9, 1
    monkeypatch.setattr(pictures, "root_aligned_errors_mm", lambda *a: errors)
    path, out = tmp_path / "long.npz", tmp_path / "p.png"
    vvipe.write(moving(frames=60), path)
    cli("plot", "lift", path, "-o", out, "--worst", "--count", 2, "--model", tiny)
    assert [list(frames) for frames in shown] == [[40, 8]]
    assert cli("plot", "retrieval", path, "-o", out, "--worst", "--model", tiny).code == 0


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("dims", [2, 3])
def test_each_kind_from_2d_and_3d(cli, tiny, film, motion, tmp_path, kind, dims):
    path = motion
    if dims == 2:
        path = tmp_path / "long.npz"
        vvipe.write(film(40), path)
    out = tmp_path / "p.png"
    said = cli("plot", kind, path, "-o", out, "--count", 2, "--model", tiny, "--json").json
    assert said == {"out": str(out), "kind": kind}
    picture(out)


def test_search_among_others_and_lift_against_the_truth(cli, tiny, film, motion, tmp_path):
    vvipe.write(film(12), tmp_path / "seen.npz")
    plain, told = tmp_path / "a.png", tmp_path / "b.png"
    words = ("--count", 1, "--model", tiny)
    for kind, option in (("lift", "--true"), ("retrieval", "--among")):
        cli("plot", kind, motion, "-o", plain, *words)
        result = cli("plot", kind, tmp_path / "seen.npz", option, motion, "-o", told, *words)
        assert (result.code, result.err) == (0, "")
        assert picture(told) != picture(plain)


def test_prototypes(cli, tiny, tmp_path):
    words = ("--to", "reach", "--count", 3, "--model", tiny)
    assert cli("plot", "interpolation", "crouch", "-o", tmp_path / "i.png", *words).code == 0
    assert cli("plot", "variants", "walk", "--frame", 2, "-o", tmp_path / "v.png", *words).code == 0


def test_trainings_side_by_side(cli, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr("vvipe.models.load", None)  # no model is needed
    for i, name in enumerate(("first", "second")):
        (tmp_path / name).mkdir()
        for step in (100, 200, 300):
            append_losses(tmp_path / name, "map", step, 1.0, {"mse": step + i, "kl": i + 1.0})
    said = cli("plot", "training", "first", "-o", "a.png", "--json").json
    assert said == {"out": "a.png", "kind": "training"}
    words = ("--beside", "second", "--part", "kl")
    assert cli("plot", "training", "first", "-o", "b.png", *words, "--width-mm", 85).code == 0
    assert picture(tmp_path / "a.png") != picture(tmp_path / "b.png")
    words = ("plot", "training", "first", "-o", "c.png")
    assert "no part of a loss is called 'tripel'" in cli(*words, "--part", "tripel").error()
    assert "third/losses.jsonl: no losses" in cli(*words, "--beside", "third").error()


def test_only_the_best_of_neighbouring_moments_is_shown():
    distances = np.array([[5.0, 1.0, 2.0, 9.0, 4.0, np.nan], [1.0, 2, 3, 4, 5, 6]])
    assert folded(distances, 1, 3).tolist() == [[1, 4], [0, 2]]
    assert folded(distances, 0, 3).tolist() == [[1, 2, 4], [0, 1, 2]]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["painting", "{in}"], "'painting'"),
        (["lift", "{in}", "--count", "0"], "--count"),
        (["lift", "{in}", "--frame", "8"], "too few joints"),
        (["lift", "{in}", "--true", "{in}"], "not the true poses"),
        (["retrieval", "{in}", "--frame", "1"], "no frame 1"),
        (["retrieval", "{in}"], "--among"),
        (["map", "{empty}"], "empty"),
        (["lift", "{in}", "--worst"], "--worst needs the true poses"),
        (["lift", "{in}", "--beside", "{in}"], "--beside is not for lift"),
        (["lift", "{in}", "--part", "kl"], "--part is not for lift"),
        (["training", "{in}", "--orbit", "9"], "--orbit is not for training"),
        (["training", "{empty}"], "no losses"),
        (["lift", "{in}", "--width-mm", "2000"], "--width-mm out of range"),
        (["variants", "nowhere"], "neither a file nor a prototype"),
        (["interpolation", "crouch", "--to", "nowhere"], "nowhere"),
        (["sides", "{in}", "--frame", "8"], "too few joints"),
        (["hypotheses", "{in}"], "a vvipe model cannot tell hypotheses; take a vae-gan model"),
        (["lift", "{in}", "--by-file"], "--by-file is not for lift"),
        (["map", "{in}", "--scale", "0"], "--scale is not for map"),
        (["map", "{in}", "--layout", "som"], "unknown map 'som'; expected auto or pca"),
        (["lift", "{in}", "--layout", "pca"], "--layout is not for lift"),
        (["lift", "{in}", "--ranking", "euclidean"], "--ranking is not for lift"),
        (["map", "{in}", "--ranking", "latent"], "no ranking 'latent'; expected euclidean"),
    ],
)
def test_bad_words(cli, tiny, keypoints, tmp_path, words, said):
    """12 rows are all within half a second of each other: nothing is left to be found."""
    (tmp_path / "empty").mkdir()
    out = tmp_path / "p.png"
    out.write_bytes(b"precious")
    words = [w.format(empty=tmp_path / "empty", **{"in": keypoints}) for w in words]
    assert said in cli("plot", *words, "-o", out, "--model", tiny).error()
    assert out.read_bytes() == b"precious"
