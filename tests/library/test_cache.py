import shutil
from pathlib import Path

import numpy as np
import pytest
from flat_model import DIM, keypoints

from vvipe.library import Filter, Library, cache


@pytest.fixture
def kept(library, model, rng, monkeypatch):
    """A library whose vectors are kept in files, and a query."""
    monkeypatch.setattr(cache, "LEAST_ROWS", 10)
    for i in range(3):
        poses = keypoints(rng.normal(0, 4, (30, DIM)), source=str(i), fps=10)
        library.add(model.embed(poses), poses, clip=str(i))
    return library, model.embed(keypoints(rng.normal(0, 4, (1, DIM))))


def files(library):
    return sorted(p.name for p in cache.folder_of(library.store.uri).iterdir())


def test_what_is_kept_finds_the_same(kept, monkeypatch):
    library, query = kept
    first, again = library.search(query), Library.open(library.store.uri).search(query)
    monkeypatch.setattr(cache, "LEAST_ROWS", 1000)
    fresh = Library.open(library.store.uri).search(query)
    assert first == again == fresh
    assert files(library) == [f"v{library.store.dataset.version}"]


def test_filters_and_motions_work_on_files(kept, model, rng):
    library, query = kept
    hits = library.search(query, k=99, where=Filter(clips=("1",)), fold=0)
    assert len(hits) == 30 and {hit.clip for hit in hits} == {"1"}
    there = library.store.dataset.to_table(["vector", "variance"], filter="clip = '2'")
    motion = model.embed(keypoints(np.array(there["vector"].to_pylist())[5:20]))
    assert library.search_motion(motion, k=1, fps=10)[0].clip == "2"


def test_files_of_an_older_version_make_room(kept, model, rng):
    library, query = kept
    library.search(query)
    before = files(library)
    poses = keypoints(np.asarray(query.vectors) + 1e-3, source="near")
    library.add(model.embed(poses), clip="near")
    assert library.search(query, k=1)[0].clip == "near"
    assert files(library) != before and len(files(library)) == 1


def test_files_can_be_removed_at_any_time(kept):
    library, query = kept
    hits = library.search(query)
    shutil.rmtree(cache.folder_of(library.store.uri))
    again = Library.open(library.store.uri)
    assert again.search(query) == hits
    again.optimize()
    assert [h.id for h in again.search(query)] == [h.id for h in hits]


def test_files_of_object_stores_lie_in_the_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    folder = cache.folder_of("s3://bucket/lib")
    assert folder.is_relative_to(tmp_path / "vvipe")
    assert folder != cache.folder_of("s3://bucket/other")
    assert cache.folder_of("some/lib") == Path("some/lib/.cache")


def test_where_nothing_can_be_written_it_is_read_each_time(kept, monkeypatch):
    library, query = kept

    def full(*_):
        raise OSError("no space left")

    monkeypatch.setattr(cache, "_write", full)
    assert len(library.search(query, fold=0)) == 10
    assert not cache.folder_of(library.store.uri).exists()
