import os
import time
from pathlib import Path

import lance
import numpy as np
import pytest
from flat_model import DIM, keypoints

from vvipe import VvipeError
from vvipe.embeddings import Embeddings
from vvipe.library import Filter, Library


def fill(library, model, rng, clips=3, frames=20):
    """Clips whose frames are far apart; returns all embeddings."""
    parts = []
    for i in range(clips):
        poses = keypoints(rng.normal(0, 4, (frames, DIM)), source=f"file{i}", fps=10.0)
        parts.append(model.embed(poses))
        added = library.add(
            parts[-1], poses, clip=f"clip{i}", camera=f"cam{i % 2}", tags=("t", f"t{i}")
        )
        assert added == frames
    return parts


def test_hits_are_the_nearest_by_the_models_own_distance(library, model, rng):
    parts = fill(library, model, rng)
    query = model.embed(keypoints(rng.normal(0, 4, (1, DIM))))
    hits = library.search(query, k=7, fold=0)
    distances = np.concatenate([model.distance(query, part)[0] for part in parts])
    order = np.argsort(distances)[:7]
    assert [hit.row for hit in hits] == order.tolist()
    np.testing.assert_allclose([hit.distance for hit in hits], distances[order], rtol=1e-6)
    assert [hit.rank for hit in hits] == list(range(1, 8))
    assert [hit.clip for hit in hits] == [f"clip{row // 20}" for row in order]
    assert [hit.frame for hit in hits] == [row % 20 for row in order]
    np.testing.assert_allclose([hit.time_s for hit in hits], [row % 20 / 10 for row in order])


def test_a_pose_of_the_library_finds_itself(library, model, rng):
    parts = fill(library, model, rng)
    hit = library.search(parts[1][4], k=1)[0]
    assert (hit.source, hit.clip, hit.camera, hit.tags) == ("file1", "clip1", "cam1", ("t", "t1"))
    assert (hit.frame, hit.distance) == (4, pytest.approx(0, abs=1e-3))
    assert set(hit.to_json()) == {"rank", "id", "source", "clip", "frame", "span", "distance"}


def test_plain_vectors_are_queries_too(library, model, rng):
    parts = fill(library, model, rng)
    assert library.search(parts[0].vectors[3], k=1)[0].frame is not None


@pytest.mark.parametrize(
    ("where", "rows"),
    [
        (Filter(clips=("clip1",)), range(20, 40)),
        (Filter(clips=("clip*",), cameras=("cam1",)), range(20, 40)),
        (Filter(sources=("file0", "file2")), [*range(20), *range(40, 60)]),
        (Filter(tags=("t", "t2")), range(40, 60)),
        (Filter(from_s=0.5, to_s=0.7), [r + c for c in (0, 20, 40) for r in (5, 6, 7)]),
        (Filter(clips=("cl_p1",)), ()),
        (Filter(clips=("it's",)), ()),
    ],
)
def test_filters(library, model, rng, where, rows):
    parts = fill(library, model, rng)
    hits = library.search(parts[0][0], k=100, where=where, fold=0)
    assert {hit.row for hit in hits} == set(rows)


def test_no_condition_is_no_filter():
    assert not Filter() and Filter(from_s=0.0)
    with pytest.raises(VvipeError, match="no condition"):
        Filter().to_sql()


def test_the_same_embeddings_are_not_added_twice(library, model, rng):
    parts = fill(library, model, rng)
    assert library.add(parts[0]) == 0
    assert len(library) == 60


def test_rows_without_an_embedding_are_left_out(library, model, rng):
    numbers = rng.normal(0, 4, (6, DIM)).astype(np.float32)
    poses = keypoints(numbers)
    z = model.embed(poses)
    z.vectors[2] = np.nan
    assert library.add(z) == 5
    frames = [hit.frame for hit in library.search(z[3], k=10, fold=0)]
    assert sorted(frames) == [0, 1, 3, 4, 5]
    assert library.add(Embeddings(z.vectors[2:3], z.variance[2:3], source="nobody")) == 0


def test_ids_depend_on_content_alone(tmp_path, model, rng):
    parts = [model.embed(keypoints(rng.normal(0, 4, (5, DIM)), source=str(i))) for i in range(3)]
    found = []
    for name, order in (("a", parts), ("b", parts[::-1])):
        library = Library.create(tmp_path / name, model)
        for part in order:
            library.add(part)
        found.append({(h.source, h.frame, h.id) for h in library.search(parts[0][0], 99, fold=0)})
    assert found[0] == found[1]
    assert len({id for _, _, id in found[0]}) == 15


def test_a_library_is_opened_again_and_sees_what_others_add(library, model, rng):
    parts = fill(library, model, rng)
    again = Library.open(library.store.uri)
    assert (len(again), again.store.model, again.store.dim) == (60, model.id, DIM)
    assert again.search(parts[2][7], k=1)[0].clip == "clip2"


def test_what_was_added_after_a_search_is_found(library, model, rng):
    parts = fill(library, model, rng)
    library.search(parts[0][0])
    poses = keypoints(rng.normal(0, 4, (3, DIM)), source="late")
    library.add(model.embed(poses))
    assert library.search(model.embed(poses)[1], k=1)[0].source == "late"


def test_removed_rows_are_gone(library, model, rng):
    parts = fill(library, model, rng)
    assert library.remove(Filter(clips=("clip1",))) == 20
    hits = library.search(parts[1][4], k=100, fold=0)
    assert len(hits) == len(library) == 40
    assert {hit.clip for hit in hits} == {"clip0", "clip2"}
    library.optimize()
    same = library.search(parts[1][4], k=100, fold=0)
    assert [(h.id, h.distance) for h in hits] == [(h.id, h.distance) for h in same]
    assert library.add(parts[1], clip="clip1") == 20


def test_info_and_clips(library, model, rng):
    fill(library, model, rng)
    about = library.info()
    assert about["rows"] == 60 and about["clips"] == 3 and about["pieces"] == 3
    assert about["cameras"] == ["cam0", "cam1"] and about["tags"] == ["t", "t0", "t1", "t2"]
    assert (about["model"], about["ranking"]) == (model.id, model.ranking)
    clips = library.clips()
    assert [c["clip"] for c in clips] == ["clip0", "clip1", "clip2"]
    assert all(c["rows"] == 20 for c in clips)
    library.optimize()
    assert library.info()["pieces"] == 1 and library.clips() == clips


def test_what_an_addition_left_half_written_goes_a_week_later(library, model, rng):
    fill(library, model, rng)
    left = Path(library.store.uri) / "data" / "half-written.lance"
    left.write_bytes(b"x")
    library.optimize()
    assert left.exists()  # somebody may be about to commit it
    os.utime(left, (time.time() - 8 * 24 * 3600,) * 2)
    library.optimize()
    assert not left.exists()


def test_an_empty_library_finds_nothing(library):
    assert library.search(np.zeros(DIM)) == []
    assert library.info()["rows"] == 0 and library.clips() == []


def test_others_read_the_table_with_lance_alone(library, model, rng):
    parts = fill(library, model, rng)
    table = lance.dataset(library.store.uri).to_table()
    assert table.num_rows == 60
    np.testing.assert_array_equal(np.array(table["vector"].to_pylist()[20:40]), parts[1].vectors)
    assert table["keypoints"].null_count == 0 and table["positions"].null_count == 60


@pytest.mark.parametrize(
    ("query", "said"),
    [
        (np.zeros((2, DIM)), "one pose is searched for at a time; got 2 poses"),
        (np.zeros(DIM + 1), rf"expected \(N, {DIM}\)"),
        (np.full(DIM, np.nan), "too few joints"),
        (Embeddings(np.zeros(DIM), np.zeros(DIM), model="other@1"), "embeddings of another model"),
    ],
)
def test_bad_queries(library, query, said):
    with pytest.raises(VvipeError, match=said):
        library.search(query)


def test_bad_additions(library, model, rng):
    z = model.embed(keypoints(rng.normal(0, 4, (3, DIM))))
    with pytest.raises(VvipeError, match=r"not a pose for each embedding; expected \(3,\)"):
        library.add(z, keypoints(np.zeros((2, DIM))))
    with pytest.raises(VvipeError, match="another model; expected flat@0123; got x@1"):
        library.add(Embeddings(z.vectors, z.variance, model="x@1"))


def test_bad_places(tmp_path, library, model):
    with pytest.raises(VvipeError, match="is there already"):
        Library.create(library.store.uri, model)
    with pytest.raises(VvipeError, match="no library there; make one"):
        Library.open(tmp_path / "nowhere")
    (tmp_path / "folder").mkdir()
    with pytest.raises(VvipeError, match="not a library"):
        Library.open(tmp_path / "folder")
    other = str(tmp_path / "other")
    lance.write_dataset(lance.dataset(library.store.uri).to_table(["id"]), other)
    lance.dataset(other).update_schema_metadata({}, replace=True)
    with pytest.raises(VvipeError, match="not a library of poses"):
        Library.open(other)
