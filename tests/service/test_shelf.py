"""Libraries by name, as they are on disk now."""

import shutil

import pytest
from bodies import moving
from inside import caller

import vvipe
from vvipe.library import Filter
from vvipe.service.refusals import RefusedError
from vvipe.service.shelf import Shelf


@pytest.fixture
def place(tmp_path, moves):
    """A copy of the library that may be changed."""
    return shutil.copytree(moves, tmp_path / "moves")


def test_names(moves):
    shelf = Shelf([str(moves), f"old={moves}"], {})
    assert shelf.names == ["moves", "old"]
    with pytest.raises(vvipe.VvipeError, match="two libraries are called 'moves'"):
        Shelf([str(moves), f"{moves}/"], {})
    with pytest.raises(vvipe.VvipeError, match="not a name"):
        Shelf([f"a b={moves}"], {})
    with pytest.raises(vvipe.VvipeError, match="no library there"):
        Shelf([str(moves.parent / "none")], {})
    with pytest.raises(RefusedError, match="no library 'x'; libraries: moves, old"):
        shelf.held("x")


def test_a_library_is_loaded_once(moves, model, monkeypatch):
    monkeypatch.setattr("vvipe.models.load", lambda *_: pytest.fail("loaded again"))
    Shelf([str(moves)], {model.id: model})


def test_changes_on_disk_are_seen(served, place, model):
    with caller(served(place)) as http:
        rows = http.get("/libraries/moves").json()["rows"]
        other, poses = vvipe.Library.open(place), moving(frames=30, seed=9)
        other.add(model.embed(poses), poses, clip="new")
        assert http.get("/libraries/moves").json()["rows"] == rows + 30
        body = {"embeddings": {"embeddings": model.embed(poses)[[11]].vectors.tolist()}, "k": 1}
        assert http.post("/search", json=body).json()["hits"][0]["clip"] == "new"
        vvipe.Library.open(place).remove(Filter(clips=("new",)))
        assert http.post("/search", json=body).json()["hits"][0]["clip"] != "new"


def test_a_library_made_anew_is_seen(served, place, model):
    with caller(served(place)) as http:
        version = http.get("/libraries/moves").json()["version"]
        shutil.rmtree(place)
        gone = http.get("/libraries/moves")
        assert gone.status_code == 404 and "cannot be read now" in gone.json()["detail"]
        assert str(place) not in gone.text
        library = vvipe.Library.create(place, model)
        for seed in (1, 2):
            library.add(model.embed(moving(frames=5, seed=seed)), clip=f"c{seed}")
        again = http.get("/libraries/moves").json()
        assert (again["rows"], again["version"]) == (10, version)


def test_what_searches_complain_of_names_the_library_not_its_place(served, place):
    body = {"embeddings": {"embeddings": [[0.0] * 32]}, "approximate": True}
    with caller(served(place)) as http:
        told = http.post("/search", json=body).json()["detail"]
    assert told.startswith("moves: no graph") and str(place.parent) not in told
