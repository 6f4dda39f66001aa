"""What the service answers is what the verbs and the model say."""

import json

import numpy as np
import pytest
from bodies import filmed, moving

import vvipe
from vvipe.cli import main
from vvipe.formats.columns import poses_to_columns

NAMES = ("keypoints", "positions")


def sent(poses, **about):
    """Poses as JSON, NaN as null."""
    columns = {
        k: v.tolist() if isinstance(v, np.ndarray) else v
        for k, v in poses_to_columns(poses).items()
    }
    text = json.dumps(columns | about).replace("NaN", "null")
    return json.loads(text)


def asked(http, path, **body):
    answer = http.post(path, json=body)
    assert answer.status_code == 200, answer.text
    return json.loads(answer.text, parse_constant=pytest.fail)


def printed(capsys, *words):
    """The object that a verb prints."""
    capsys.readouterr()
    assert main([*map(str, words), "--json"]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def files(tmp_path, monkeypatch):
    """Two films as npz in the current folder."""
    monkeypatch.chdir(tmp_path)
    films = {"a": filmed(frames=90, seed=3), "b": filmed(frames=100, seed=3)}
    for name, poses in films.items():
        vvipe.write(poses, f"{name}.npz")
    return films


def test_embed_gives_the_model_s_numbers(http, model):
    for poses in (filmed(frames=5), moving(frames=4)):
        z = model.embed(poses)
        got = asked(http, "/embed", poses=sent(poses))
        assert np.array_equal(np.array(got["embeddings"], np.float32), z.vectors)
        assert np.array_equal(np.array(got["variance"], np.float32), z.variance)
        assert (got["model"], got["frame"]) == (model.id, list(range(len(poses))))


def test_rows_of_nobody_are_null_and_the_others_stay_where_they_are(http, model):
    poses = filmed(frames=4)
    keypoints = sent(poses)["keypoints"]
    z = model.embed(poses).vectors
    keypoints[0], keypoints[2] = None, [[None, None]] * 17
    body = {"keypoints": keypoints, "skeleton": "coco17"}
    got = asked(http, "/embed", poses=body)["embeddings"]
    assert [row is None for row in got] == [True, False, True, False]
    assert np.allclose(np.array([got[1], got[3]]), z[[1, 3]], atol=1e-5)
    for frame in ("canonical", "camera"):
        lifted = asked(http, "/lift", poses=body, frame_of_reference=frame)
        assert [row is None for row in lifted["positions"]] == [True, False, True, False]


def test_confidence_nought_is_not_seen(http):
    poses = filmed(frames=1)
    points = [[x, y, 1.0] for x, y in sent(poses)["keypoints"][0]]
    hidden = [[*xy, 0] for *xy, _ in points[:5]] + points[5:]
    absent = [[None, None, None]] * 5 + points[5:]
    one, other = (
        asked(http, "/embed", poses={"keypoints": [row], "skeleton": "coco17"})["embeddings"]
        for row in (hidden, absent)
    )
    assert one == other != asked(http, "/embed", poses=sent(poses))["embeddings"]


@pytest.mark.parametrize("frame", ["canonical", "camera"])
def test_lift(http, model, frame):
    poses = filmed(frames=3)
    got = asked(http, "/lift", poses=sent(poses), frame_of_reference=frame)
    lifted = model.lift(poses, frame=frame)
    assert np.array_equal(np.array(got["positions"], np.float32), lifted.positions)
    about = (got["skeleton"], got["unit"], got["up"], got["frame_of_reference"], got["fps"])
    assert about == ("h36m17", "m", lifted.up, frame, 30)


def test_what_is_answered_can_be_asked(http):
    lifted = asked(http, "/lift", poses=sent(filmed(frames=3)))
    del lifted["model"]
    z = asked(http, "/embed", poses=lifted)
    del z["dim"]
    found = asked(http, "/search", embeddings=z, k=3)
    assert [hit["rank"] for hit in found["hits"]] == [1, 2, 3]


def test_search_is_that_of_the_verb(http, moves, files, capsys):
    verb = printed(capsys, "search", moves, "a.npz", "--frame", 7, "-k", 4, "--clip", "clip*")
    got = asked(http, "/search", poses=sent(files["a"][7:8]), k=4, where={"clip": ["clip*"]})
    assert got == verb and len(got["hits"]) == 4
    verb = printed(capsys, "search", moves, "a.npz", "--tag", "sport", "--every-frame")
    got = asked(http, "/search", poses=sent(files["a"]), where={"tag": ["sport"]}, every_frame=True)
    assert got == verb and {hit["clip"] for hit in got["hits"]} == {"clip4"}


def test_batch_is_each_row_by_itself(http):
    poses = filmed(frames=3)
    keypoints = sent(poses)["keypoints"]
    keypoints[1] = None
    rows = asked(http, "/search/batch", poses={"keypoints": keypoints, "skeleton": "coco17"}, k=3)
    assert rows["results"][1] is None
    for i in (0, 2):
        one = asked(http, "/search", poses=sent(poses[i : i + 1]), k=3)
        assert [h["id"] for h in one["hits"]] == [h["id"] for h in rows["results"][i]["hits"]]


def test_motion_search_is_that_of_the_verb(http, moves, files, capsys):
    verb = printed(capsys, "search", moves, "a.npz", "--motion", "-k", 3, "--mirrored")
    body = sent(files["a"])
    assert asked(http, "/search/motion", poses=body, k=3, mirrored=True) == verb
    z = asked(http, "/embed", poses=body)
    del z["dim"]
    plain = printed(capsys, "search", moves, "a.npz", "--motion", "-k", 3)
    assert asked(http, "/search/motion", embeddings=z, k=3) == plain != verb


@pytest.mark.parametrize("timing", ["auto", "stretch"])
def test_compare_is_that_of_the_verb(http, files, capsys, timing):
    verb = printed(capsys, "compare", "a.npz", "b.npz", "--timing", timing, "--worst", 2)
    assert (
        asked(http, "/compare", a=sent(files["a"]), b=sent(files["b"]), timing=timing, worst=2)
        == verb
    )


@pytest.mark.parametrize("options", [{}, {"drift": True}, {"warp": True}])
def test_align_is_that_of_the_verb(http, files, capsys, options):
    flags = [f"--{name}" for name in options]
    verb = printed(capsys, "align", "a.npz", "b.npz", *flags)
    bodies = [sent(poses, source=f"{name}.npz") for name, poses in files.items()]
    assert asked(http, "/align", recordings=bodies, **options) == verb


def test_libraries_and_model(http, moves, model):
    (one,) = http.get("/libraries").json()["libraries"]
    assert one == http.get("/libraries/moves").json()
    about = vvipe.Library.open(moves).info()
    assert one == {"name": "moves"} | {k: v for k, v in about.items() if k != "pieces"}
    told = http.get("/model").json()
    assert (told["id"], told["dim"], told["lifts"]) == (model.id, 32, True)
