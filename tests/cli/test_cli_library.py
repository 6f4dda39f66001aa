import numpy as np
import pytest
from matplotlib.image import imread

import vvipe


@pytest.fixture
def moves(cli, tiny, keypoints, motion, tmp_path):
    """A library of the tiny model with a 2D and a 3D file."""
    assert cli("library", "create", tmp_path / "moves", "--model", tiny).code == 0
    said = cli(
        "library", "add", tmp_path / "moves", keypoints, motion, "--tags", "a", "b", "--json"
    )
    assert said.json["rows"] == 22 and said.json["too_little_seen"] == 2
    assert said.json["total_rows"] == 22 and said.json["errors"] == []
    return tmp_path / "moves"


def test_help_lists_the_actions(cli):
    for words in (("library",), ("library", "--help")):
        said = cli(*words).out
        assert all(action in said for action in ("create", "add", "info", "remove", "optimize"))
    assert "did you mean add?" in cli("library", "ad", "x").error()
    assert "options follow the action" in cli("library", "--json", "info").error()
    assert "usage: vvipe library add" in cli("library", "add", "--help").out


def test_adding_again_adds_nothing(cli, moves, keypoints):
    said = cli("library", "add", moves, keypoints.parent, "--json").json
    assert (said["added"], said["known"], said["total_rows"]) == (0, 2, 22)
    assert "2 file(s) in already" in cli("library", "add", moves, keypoints.parent).out


def test_damaged_files_are_told_and_passed_over(cli, moves, tmp_path):
    (tmp_path / "bad.npz").write_bytes(b"PK")
    said = cli("library", "add", moves, tmp_path / "bad.npz", tmp_path / "motion.npz", "--json")
    assert len(said.json["errors"]) == 1 and "bad.npz" in said.err


def test_info(cli, moves):
    said = cli("library", "info", moves, "--clips", "--json").json
    assert (said["rows"], said["tags"]) == (22, ["a", "b"])
    assert [(c["clip"], c["rows"]) for c in said["clips"]] == [("keypoints", 10), ("motion", 12)]
    text = cli("library", "info", moves, "--clips").out
    assert "22" in text and "motion" in text


def test_removing_and_optimising(cli, moves):
    said = cli("library", "remove", moves, "--clip", "key*", "--json").json
    assert (said["removed_rows"], said["total_rows"]) == (10, 12)
    assert "no such clip" in cli("library", "remove", moves, "--clip", "keypoints").error()
    assert "nothing named to remove" in cli("library", "remove", moves).error()
    assert cli("library", "optimize", moves, "--keep-hours", 0, "--json").json["pieces"] == 1
    assert "must not be negative" in cli("library", "optimize", moves, "--keep-hours", -1).error()


def test_search_finds_the_frame_itself(cli, moves, keypoints, tmp_path):
    picture = tmp_path / "found.png"
    words = ("search", moves, keypoints, "--frame", 10, "-k", 3)
    said = cli(*words, "--png", picture, "--json").json
    assert (said["exact"], said["recall"]) == (True, 1.0)
    best = said["hits"][0]
    assert list(best) == ["rank", "id", "source", "clip", "frame", "span", "distance"]
    assert (best["rank"], best["clip"], best["frame"]) == (1, "keypoints", 10)
    assert best["distance"] == pytest.approx(0, abs=0.02)
    assert imread(picture).std() > 0.05
    assert "keypoints" in cli(*words).out.splitlines()[1]


def test_search_by_prototype_and_filter(cli, moves):
    said = cli("search", moves, "crouch", "-k", 50, "--every-frame", "--tag", "a", "--json").json
    assert len(said["hits"]) == 22
    said = cli("search", moves, "walk", "--clip", "motion", "--from-s", 0.1, "--json").json
    assert {hit["clip"] for hit in said["hits"]} == {"motion"}
    assert min(hit["frame"] for hit in said["hits"]) >= 5
    assert cli("search", moves, "crouch", "--tag", "none").out == "nothing found\n"
    assert cli("search", moves, "crouch", "--tag", "none", "--json").json["hits"] == []


def test_approximate_search_tells_its_recall(cli, moves):
    words = ("search", moves, "crouch", "--approximate", "--every-frame")
    assert "no graph for approximate search" in cli(*words).error()
    assert cli("library", "optimize", moves, "--graph", "--json").json["recall"] == 1.0
    said = cli(*words, "--json").json
    assert (said["exact"], said["recall"], len(said["hits"])) == (False, 1.0, 10)
    exact = cli("search", moves, "crouch", "--every-frame", "--json").json
    assert [h["id"] for h in said["hits"]] == [h["id"] for h in exact["hits"]]
    assert "100.0%" in cli(*words).out


def test_search_by_motion(cli, moves, motion):
    words = ("search", moves, motion, "--motion", "--from-frame", 2, "--to-frame", 9)
    best = cli(*words, "--json").json["hits"][0]
    assert list(best) == ["rank", "source", "clip", "start_frame", "end_frame", "cost"]
    assert best["clip"] == "motion" and abs(best["start_frame"] - 2) <= 2  # 50 Hz at 15 beats
    assert "motion" in cli(*words, "--mirrored").out
    assert cli("search", moves, "walk", "--motion", "--json").code == 0
    assert "--frame is for poses; leave out --motion" in cli(*words, "--frame", 1).error()
    assert "add --motion" in cli("search", moves, "crouch", "--mirrored").error()
    assert (
        "expected 0 to 11" in cli("search", moves, motion, "--motion", "--from-frame", 40).error()
    )


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("search", "nowhere", "crouch"), "no library there"),
        (("search", "moves", "nobody"), "neither a file nor a prototype"),
        (("search", "moves", "crouch", "-k", 0), "-k must be at least 1"),
        (("search", "moves", "crouch", "--png", "x.jpg"), "unknown suffix"),
        (("library", "create", "moves"), "is there already"),
        (("library", "add", "moves"), "nothing to add"),
        (("library", "add", "moves", "nowhere.npz"), "no such file or folder"),
        (("library", "add", "moves", "x", "--camera-in-path", "("), "no regular expression"),
        (("library", "add", "moves", "x", "--camera-in-path", "cam"), "names no group"),
        (("library", "info", "nowhere"), "no library there"),
        (("library", "remove", "nowhere", "--clip", "a"), "no library there"),
    ],
)
def test_bad_input(cli, moves, monkeypatch, words, said):
    monkeypatch.chdir(moves.parent)
    assert said in cli(*words).error()


def test_a_model_that_is_another_by_now(cli, moves, tiny, tmp_path, keypoints):
    import json
    import shutil

    copy = tmp_path / "copy"
    shutil.copytree(tiny, copy)
    cli("library", "create", tmp_path / "lib", "--model", copy)
    weights = vvipe.load(copy)
    config = json.loads((copy / "config.json").read_text())
    from vvipe.models.networks import Architecture, Networks
    from vvipe.models.storage import save_model

    save_model(copy, Networks(Architecture(width_2d=32, width_3d=32)).eval(), config)
    assert weights.id != vvipe.load(copy).id
    said = cli("library", "add", tmp_path / "lib", keypoints).error()
    assert "is another model by now" in said and "make a new library" in said


def test_the_library_through_the_package(tmp_path, tiny, keypoints):
    model = vvipe.load(tiny)
    library = vvipe.Library.create(tmp_path / "lib", model)
    z = model.embed(vvipe.read(keypoints))
    assert library.add(z) == 10
    hits = library.search(z[3], k=10)
    assert hits[0].frame == 6 and np.isfinite([hit.distance for hit in hits]).all()
