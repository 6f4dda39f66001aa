"""The client gives what the model and the library here would."""

import numpy as np
import pytest
from bodies import filmed, moving
from inside import Inside

import vvipe
from vvipe.evaluation.compare import compare
from vvipe.library import Filter
from vvipe.library.recordings import aligned, pairs_to_json, recording_of
from vvipe.service import Client
from vvipe.skeletons import Skeleton

ODD = Skeleton(
    "odd", tuple("abcdefghijklm"), {},
    dict(zip(vvipe.get_skeleton("coco13").joints, "abcdefghijklm", strict=True)),
)  # fmt: skip


@pytest.fixture
def client(served, moves):
    with Client("http://127.0.0.1:8000", transport=Inside(served(moves))) as client:
        yield client


def same(a, b):
    """Dataclasses of arrays that are equal to the last bit, NaN included."""
    return all(
        np.array_equal(
            np.asarray(x), np.asarray(vars(b)[name]), equal_nan=np.asarray(x).dtype.kind == "f"
        )
        if isinstance(x, np.ndarray)
        else x == vars(b)[name]
        for name, x in vars(a).items()
    )


def gappy():
    poses = filmed(frames=5)
    coords = poses.coords.copy()
    coords[1], coords[3, 4:9] = np.nan, np.nan
    confidence = np.random.default_rng(0).uniform(0, 1, coords.shape[:-1])
    return vvipe.Poses2D(coords, "coco17", confidence=confidence, fps=25, image_size=(800, 600))


@pytest.mark.parametrize(
    "poses",
    [
        filmed(frames=3), gappy(), gappy()[2], moving(frames=3), moving("cmu_bvh", 2),
        vvipe.Poses2D(filmed("coco13", 4).keypoints.reshape(2, 2, 13, 2), "coco13"),
        vvipe.Poses2D(filmed("coco13", 2).keypoints, ODD, frame=np.array([7, 9])),
        vvipe.Poses3D(moving(frames=2).positions, "h36m17", stamp_s=np.array([0, 0.7])),
    ],
    ids=lambda poses: f"{poses.skeleton.name}{poses.shape}",
)  # fmt: skip
def test_embed_is_the_model_s(client, model, poses):
    assert same(client.embed(poses), model.embed(poses))


def test_plain_arrays(client, model):
    array = filmed(frames=2).keypoints
    assert same(client.embed(array, skeleton="coco17"), model.embed(array, skeleton="coco17"))
    wide = np.concatenate([array, np.ones_like(array[..., :1])], -1)
    assert same(client.lift(wide, skeleton="coco17"), model.lift(wide, skeleton="coco17"))
    with pytest.raises(vvipe.VvipeError, match="needs its skeleton"):
        client.embed(array)


@pytest.mark.parametrize("frame", ["canonical", "camera"])
def test_lift_is_the_model_s(client, model, frame):
    for poses in (filmed(frames=3), gappy(), gappy()[2]):
        assert same(client.lift(poses, frame=frame), model.lift(poses, frame=frame))
    given = client.lift(gappy(), frame=frame, focal_px=900)
    assert same(given, model.lift(gappy(), frame=frame, focal_px=900))


def test_searches_are_the_library_s(client, model, moves):
    library, poses, where = vvipe.Library.open(moves), filmed(frames=3), Filter(tags=("dance",))
    z = model.embed(poses)
    for query in (poses, z):
        found = client.search(query, k=3, where=where)
        assert [h.id for h in found.hits] == [h.id for h in library.search(z[[0]], 3, where)]
        assert client.search(query[1], k=1).hits[0].id == library.search(z[1], 1)[0].id
        rows = client.search_batch(query, k=2, library="moves", every_frame=True)
        expected = [library.search(z[[i]], 2, fold=0) for i in range(3)]
        assert [[h.distance for h in row.hits] for row in rows if row] == [
            [h.distance for h in hits] for hits in expected
        ]
    motion = moving(frames=40, seed=3)
    hits = client.search_motion(motion, k=2, mirrored=True).hits
    expected = library.search_motion(
        model.embed(motion), 2, time_s=motion.time_s, mirrored=model.embed(motion.mirrored())
    )
    assert [h.model_dump() for h in hits] == [h.to_json() for h in expected]


def test_compare_and_align(client, model):
    a, b = filmed(frames=60, seed=1), filmed(frames=70, seed=1)
    assert client.compare(a, b, worst=2).model_dump() == compare(model, a, b, 2).to_json()
    recordings = [recording_of(model, x, "array") for x in (a, b)]
    (expected,) = pairs_to_json(recordings, aligned(recordings))
    (pair,) = client.align([a, b])
    assert pair.model_dump(exclude_unset=True) == expected


def test_what_the_service_refuses_is_the_user_s_error(client):
    with pytest.raises(vvipe.VvipeError, match="no library 'x'; libraries: moves"):
        client.search(filmed(frames=1), library="x")
    with pytest.raises(vvipe.VvipeError, match="'canonical' or 'camera'"):
        client.lift(filmed(frames=1), frame="world")
    with pytest.raises(vvipe.VvipeError, match="only 2D keypoints can be lifted"):
        client.lift(moving(frames=1))


def test_over_the_network(running, model, served):
    poses = filmed(frames=40)
    with Client(running) as client:
        assert same(client.embed(poses), model.embed(poses))
    with Client(f"{running}/docs") as client, pytest.raises(vvipe.VvipeError, match="Not Found"):
        client.embed(poses)


def test_nobody_there(free_port):
    url = f"http://127.0.0.1:{free_port}"
    with Client(url) as client, pytest.raises(vvipe.VvipeError, match=f"{url}: no answer.*serve"):
        client.embed(filmed(frames=1))


def test_token(served, moves):
    app = served(moves, token="a-token-of-some-length")
    with Client(token="a-token-of-some-length", transport=Inside(app)) as client:
        assert client.embed(filmed(frames=1)).shape == (1, 32)
    needed = pytest.raises(vvipe.VvipeError, match="a token is needed")
    with Client(transport=Inside(app)) as client, needed:
        client.embed(filmed(frames=1))
