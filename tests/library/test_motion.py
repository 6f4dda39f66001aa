import numpy as np
import pytest
from flat_model import DIM, FlatModel, keypoints

from vvipe import VvipeError
from vvipe.embeddings import Embeddings
from vvipe.library import Filter, Library


def curve(time_s, seed=0):
    """A smooth motion that does not repeat itself."""
    rng = np.random.default_rng(seed)
    hz, phase = rng.uniform(0.1, 0.5, (2, 5, DIM)) * [[[1]], [[12]]]
    waves = np.sin(2 * np.pi * hz * np.asarray(time_s)[:, None, None] + phase)
    return 2 * waves.sum(1)


@pytest.fixture(params=[15, 30, 50])
def moved(request, tmp_path, model):
    """Three clips of ten seconds at some frame rate."""
    library = Library.create(tmp_path / "moved", model)
    for seed in range(3):
        numbers = curve(np.arange(10 * request.param) / request.param, seed)
        poses = keypoints(numbers, fps=request.param, source=f"file{seed}")
        library.add(model.embed(poses), poses, clip=f"clip{seed}", camera=f"cam{seed % 2}")
    return library


@pytest.mark.parametrize("tempo", [0.7, 1, 1.3])
@pytest.mark.parametrize("fps", [24, 60])
def test_a_passage_is_found_at_another_tempo(moved, model, tempo, fps):
    count = int(2 * fps)
    query = model.embed(keypoints(curve(4 + np.arange(count) / fps * tempo, 1)))
    hit = moved.search_motion(query, k=3, fps=fps)[0]
    assert (hit.rank, hit.clip, hit.source, hit.camera) == (1, "clip1", "file1", "cam1")
    assert hit.start_s == pytest.approx(4, abs=0.15)
    assert hit.end_s == pytest.approx(4 + 2 * tempo, abs=0.2)
    recorded_fps = len(moved) / 30
    assert (hit.start_frame, hit.mirrored) == (round(hit.start_s * recorded_fps), False)


def test_hits_do_not_lie_over_each_other(moved, model):
    query = model.embed(keypoints(curve(4 + np.arange(30) / 15, 1)))
    hits = moved.search_motion(query, k=8, fps=15)
    assert [hit.cost for hit in hits] == sorted(hit.cost for hit in hits)
    for i, a in enumerate(hits):
        for b in hits[:i]:
            shared = min(a.end_s, b.end_s) - max(a.start_s, b.start_s)
            assert a.clip != b.clip or shared <= 0.5 * min(a.end_s - a.start_s, b.end_s - b.start_s)


def test_filters_hold_for_passages(moved, model):
    query = model.embed(keypoints(curve(4 + np.arange(30) / 15, 1)))
    hits = moved.search_motion(query, fps=15, where=Filter(cameras=("cam0",)))
    assert {hit.clip for hit in hits} == {"clip0", "clip2"}
    hits = moved.search_motion(query, fps=15, where=Filter(from_s=6.0))
    assert hits and all(hit.start_s >= 6 for hit in hits)


def test_frames_without_anybody_fit_anything(moved, model):
    query = model.embed(keypoints(curve(4 + np.arange(30) / 15, 1)))
    query.vectors[8:14] = np.nan
    hit = moved.search_motion(query, k=1, fps=15)[0]
    assert hit.clip == "clip1" and hit.start_s == pytest.approx(4, abs=0.15)
    clean = Embeddings(query.vectors[14:], query.variance[14:])
    assert hit.cost < 0.5 and np.isfinite(moved.search_motion(clean, k=1, fps=15)[0].cost)


def test_the_mirror_image_is_found_on_request(tmp_path):
    model = FlatModel("euclidean")
    library = Library.create(tmp_path / "lib", model)
    poses = keypoints(curve(np.arange(150) / 15), fps=15)
    library.add(model.embed(poses), poses, clip="one")
    there = model.embed(keypoints(curve(4 + np.arange(30) / 15)))
    other = Embeddings(-there.vectors, there.variance)
    assert library.search_motion(other, k=1, fps=15)[0].cost > 1
    hit = library.search_motion(other, k=1, fps=15, mirrored=there)[0]
    assert hit.mirrored and hit.cost < 0.1


def test_a_motion_longer_than_every_clip_is_not_found(moved, model):
    assert moved.search_motion(model.embed(keypoints(curve(np.arange(900) / 30))), fps=30) == []


def test_nobody_at_all_is_an_error(moved):
    nobody = Embeddings(np.full((9, DIM), np.nan), np.zeros((9, DIM)))
    with pytest.raises(VvipeError, match="too few joints"):
        moved.search_motion(nobody)
