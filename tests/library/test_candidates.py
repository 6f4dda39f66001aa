import numpy as np
import pytest
from flat_model import DIM, keypoints

from vvipe import VvipeError
from vvipe.library import Filter, Library, candidates

FPS = 15


def curve(time_s, seed):
    rng = np.random.default_rng(seed)
    hz, phase = rng.uniform(0.1, 0.5, (2, 5, DIM)) * [[[1]], [[12]]]
    return 2 * np.sin(2 * np.pi * hz * np.asarray(time_s)[:, None, None] + phase).sum(1)


@pytest.fixture
def large(library, model):
    """Thirty clips of twenty seconds, and their graph."""
    for seed in range(30):
        poses = keypoints(curve(np.arange(20 * FPS) / FPS, seed), fps=FPS, source=str(seed))
        library.add(model.embed(poses), poses, clip=str(seed), camera=f"cam{seed % 2}")
    library.make_graph()
    return library


@pytest.fixture
def few(monkeypatch):
    """As many neighbours and windows as are few beside so small a library."""
    monkeypatch.setattr(candidates, "NEIGHBOURS", 40)
    monkeypatch.setattr(candidates, "WINDOWS", 3)


def ask(model, clip, start_s, tempo=1.0):
    return model.embed(keypoints(curve(start_s + tempo * np.arange(2 * FPS) / FPS, clip)))


@pytest.mark.parametrize("tempo", [0.7, 1.0, 1.3])
def test_the_best_passage_is_among_the_candidates(large, model, few, tempo):
    for clip, start_s in ((3, 0.0), (11, 7.5), (29, 16.0)):
        query = ask(model, clip, start_s, tempo)
        best = large.search_motion(query, k=1, fps=FPS)[0]
        assert large.search_motion(query, k=1, fps=FPS, exact=False)[0] == best
        assert best.clip == str(clip)


def test_only_the_windows_are_looked_at(large, model, few):
    hits = large.search_motion(ask(model, 11, 7.5), k=100, fps=FPS, exact=False)
    assert 1 <= len(hits) <= 12 < len(large.search_motion(ask(model, 11, 7.5), k=100, fps=FPS))


def test_windows_lie_within_clips_and_apart(large, model, few):
    snapshot = large._snapshot()
    edges = np.arange(0, len(large) + 1, 20 * FPS)

    def nearest(query, k):
        return snapshot._memory.nearest(query, k)

    found = candidates.windows(nearest, ask(model, 11, 7.5), edges, snapshot._time_s)
    rows = np.concatenate(found)
    assert (np.diff(rows) > 0).all()
    assert all(part[0] // 300 == part[-1] // 300 for part in found)
    assert any(part[0] <= 11 * 300 + 7.5 * FPS and part[-1] >= 11 * 300 + 9 * FPS for part in found)


def test_filters_hold_and_a_library_without_graph_says_so(large, model, few, tmp_path):
    query = ask(model, 11, 7.5)
    hits = large.search_motion(query, 5, Filter(cameras=("cam0",)), fps=FPS, exact=False)
    assert hits and {hit.camera for hit in hits} == {"cam0"}
    nothing = large.search_motion(query, 5, Filter(cameras=("none",)), fps=FPS, exact=False)
    assert nothing == []
    bare = Library.create(tmp_path / "bare", model)
    with pytest.raises(VvipeError, match="no graph for approximate search"):
        bare.search_motion(query, fps=FPS, exact=False)
