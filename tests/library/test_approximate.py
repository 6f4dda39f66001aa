import numpy as np
import pytest
from flat_model import DIM, keypoints

from vvipe import VvipeError
from vvipe.library import Filter, Library, cache


@pytest.fixture
def asked(library, model, rng):
    """A library of five clips, and queries near what is in it."""
    parts = []
    for i in range(5):
        poses = keypoints(rng.normal(0, 3, (400, DIM)), source=str(i))
        parts.append(poses.coords.reshape(400, -1)[:, :DIM])
        library.add(model.embed(poses), poses, clip=str(i))
    near = np.concatenate(parts)[rng.choice(2000, 30)] + rng.normal(0, 0.1, (30, DIM))
    return library, model.embed(keypoints(near))


def test_it_finds_what_its_recall_says(asked):
    library, queries = asked
    recall = library.make_graph()
    assert recall == library.recall >= 0.99
    shares = []
    for i in range(len(queries)):
        exact, near = (
            {h.id: h.distance for h in library.search(queries[i], 10, fold=0, exact=e)}
            for e in (True, False)
        )
        shares.append(len(exact.keys() & near.keys()) / 10)
        assert all(near[key] == pytest.approx(exact[key]) for key in exact.keys() & near.keys())
    assert np.mean(shares) > 0.97


def test_filters_hold(asked):
    library, queries = asked
    library.make_graph()
    hits = library.search(queries[0], 5, Filter(clips=("3",)), fold=0, exact=False)
    assert len(hits) == 5 and {hit.clip for hit in hits} == {"3"}


def test_the_graph_is_kept_until_the_library_changes(asked, model, rng, monkeypatch):
    monkeypatch.setattr(cache, "LEAST_ROWS", 10)
    library, queries = asked
    with pytest.raises(VvipeError, match="no graph for approximate search; make it"):
        library.search(queries[0], exact=False)
    library.make_graph()
    again = Library.open(library.store.uri)
    assert again.search(queries[0], exact=False) == library.search(queries[0], exact=False)
    assert again.recall == library.recall
    library.add(model.embed(keypoints(rng.normal(0, 3, (5, DIM)), source="new")))
    with pytest.raises(VvipeError, match="no graph"):
        library.search(queries[0], exact=False)
    library.search(queries[0])
    assert len(list(cache.folder_of(library.store.uri).iterdir())) == 1


def test_fewer_rows_than_hits(tmp_path, model, rng):
    library = Library.create(tmp_path / "small", model)
    z = model.embed(keypoints(rng.normal(0, 3, (4, DIM))))
    library.add(z)
    assert library.make_graph() == 1.0
    assert len(library.search(z[0], 10, fold=0, exact=False)) == 4
