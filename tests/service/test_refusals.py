"""Every mistake of a caller ends in a 4xx and one line that names the field."""

import json

import httpx
import numpy as np
import pytest
from bodies import filmed
from inside import caller

from vvipe.service.limits import Limits

POINTS = np.nan_to_num(filmed(frames=2).keypoints.astype(float)).tolist()
POSES = {"keypoints": POINTS, "skeleton": "coco17"}
Z = {"embeddings": [[0.0] * 32] * 2}


def detail(answer: httpx.Response, status: int) -> str:
    assert answer.status_code == status, answer.text
    told = answer.json()
    assert list(told) == ["detail"] and "\n" not in told["detail"]
    return told["detail"]


@pytest.mark.parametrize(
    ("path", "body", "said"),
    [
        ("/embed", {}, "poses: field required"),
        ("/embed", [], "body: input should be a valid dictionary"),
        ("/embed", {"poses": 3}, "poses: input should be a valid dictionary"),
        ("/embed", {"poses": {}}, "poses: what kind of poses is this"),
        ("/embed", {"poses": POSES | {"keypoint": 1}}, "'keypoint'; did you mean keypoints?"),
        ("/embed", {"poses": POSES | {"skeleton": "coco71"}}, "did you mean coco17?"),
        ("/embed", {"poses": POSES | {"skeleton": "h36m17x"}}, "did you mean h36m17?"),
        ("/embed", {"poses": {"keypoints": POINTS}}, "poses: no skeleton"),
        ("/embed", {"poses": {"keypoints": POINTS, "joints": ["left_hip"]}}, "(..., 1, 2)"),
        ("/embed", {"poses": POSES | {"skeleton": "coco13"}}, "expected (..., 13, 2)"),
        ("/embed", {"poses": POSES | {"positions": POINTS}}, "poses.positions: expected 3 numbers"),
        ("/embed", {"poses": {"keypoints": []}}, "poses.keypoints: expected a list"),
        ("/embed", {"poses": {"keypoints": [None]}}, "one row that is not null"),
        ("/embed", {"poses": {"keypoints": [[[1, 2], [1]]]}}, "rows of equal length"),
        ("/embed", {"poses": {"keypoints": [[[1, "2"]]]}}, "expected numbers or null; got 'str'"),
        ("/embed", {"poses": {"keypoints": [[[1, True]]]}}, "expected numbers or null; got 'bool'"),
        ("/embed", {"poses": {"keypoints": [[[10**400, 1]]]}}, "numbers up to 1e+09"),
        ("/embed", {"poses": POSES | {"frame": [0, 0.5]}}, "poses.frame: expected whole numbers"),
        ("/embed", {"poses": POSES | {"frame": [0, 2**60]}}, "poses.frame: expected numbers up to"),
        ("/embed", {"poses": {"keypoints": [[[1e10, 0]]]}}, "poses.keypoints: expected numbers up"),
        ("/embed", {"poses": POSES | {"frame": [0]}}, "wrong shape of frame"),
        ("/embed", {"poses": POSES | {"fps": 0}}, "poses.fps: input should be greater"),
        ("/embed", {"poses": POSES | {"time_s": [0, None]}}, "poses.time_s: expected seconds"),
        ("/embed", {"poses": POSES | {"image_size": [1]}}, "poses.image_size"),
        ("/lift", {"poses": POSES, "frame_of_reference": "world"}, "'canonical' or 'camera'"),
        ("/lift", {"poses": POSES, "focal_px": -1}, "focal_px"),
        ("/search", {"poses": POSES, "embeddings": Z}, "either poses or embeddings"),
        ("/search", {"poses": POSES, "k": 0}, "k: input should be greater"),
        ("/search", {"embeddings": {"embeddings": [[1.0]]}}, "wrong shape of embeddings"),
        ("/search", {"embeddings": Z | {"model": "other@1"}}, "embeddings of another model"),
        ("/search", {"embeddings": Z | {"variance": [[-1] * 32] * 2}}, "negative variance"),
        ("/search", {"embeddings": {"embeddings": [[1e9] * 32]}}, "out of range"),
        ("/search", {"poses": POSES, "approximate": True}, "no graph"),
        ("/search/batch", {"embeddings": {"embeddings": [[0] * 32] * 1001}}, "up to 1000"),
        ("/search/motion", {"embeddings": Z, "mirrored": True}, "no mirror image"),
        ("/search/motion", {"poses": POSES | {"fps": 0.01}}, "too many seconds"),
        ("/compare", {"a": POSES, "b": {"keypoints": POINTS[:1], "skeleton": "coco17"},
                      "timing": "frames"}, "not as many frames"),
        ("/align", {"recordings": [POSES]}, "recordings: list should have at least 2 items"),
        ("/align", {"recordings": [POSES, POSES | {"time_s": [1, 0]}]}, "do not follow each other"),
        ("/align", {"recordings": [POSES, POSES | {"frame": [0, 10**8]}]}, "too many seconds"),
        ("/align", {"recordings": [POSES, POSES], "warp": True, "drift": True}, "leave out warp"),
    ],
)  # fmt: skip
def test_mistakes_in_a_request(http, path, body, said):
    told = detail(http.post(path, json=body), 422)
    assert said in told and "/tmp" not in told


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "broken JSON"),
        (b"{", "broken JSON"),
        (b'{"poses": {"keypoints": [[[NaN, 1]]]}}', "null stands for what is not seen"),
        (b"[" * 100_000, "broken JSON"),
        (b'"\xff"', "broken JSON"),
        (b'{"a": "\\ud800"}', "broken JSON"),
    ],
)
def test_what_is_no_json(http, content, said):
    answer = http.post("/embed", content=content, headers={"Content-Type": "application/json"})
    assert said in detail(answer, 400)


@pytest.mark.parametrize("media", ["text/plain", "application/x-www-form-urlencoded", ""])
def test_other_content_types_are_not_read(http, media):
    content = json.dumps({"poses": POSES})
    answer = http.post("/embed", content=content, headers={"Content-Type": media})
    assert "expected application/json" in detail(answer, 415)


def test_paths_that_are_none(http):
    assert detail(http.get("/nowhere"), 404) == "Not Found"
    assert detail(http.get("/embed"), 405) == "Method Not Allowed"
    assert detail(http.get("/libraries/other"), 404) == "no library 'other'; libraries: moves"
    told = detail(http.post("/search", json={"poses": POSES, "library": "../moves"}), 404)
    assert told == "no library '../moves'; libraries: moves"


def test_a_library_has_to_be_named_where_there_are_several(served, moves):
    with caller(served(moves, f"again={moves}")) as http:
        told = detail(http.post("/search", json={"poses": POSES}), 422)
        assert "one of moves, again" in told
        assert http.post("/search", json={"poses": POSES, "library": "again"}).is_success
    with caller(served()) as http:
        told = detail(http.post("/search", json={"poses": POSES}), 404)
        assert "vvipe serve --library" in told


def test_too_much(served):
    with caller(served(limits=Limits(body_mb=0.01, poses=3, threads=1))) as http:
        told = detail(http.post("/embed", json={"poses": POSES | {"keypoints": POINTS * 2}}), 413)
        assert told == "4 poses in one request; this service takes 3; send them in parts"
        large = {"poses": POSES | {"keypoints": POINTS * 50}}
        assert "larger than 0.01 MB" in detail(http.post("/embed", json=large), 413)

        def streamed():
            yield b" " * 20_000

        answer = http.post(
            "/embed", content=streamed(), headers={"Content-Type": "application/json"}
        )
        assert "larger than 0.01 MB" in detail(answer, 413)


def test_our_own_mistakes_are_not_told(served, moves, monkeypatch):
    """A bug is a 500 that tells nothing of the inside (and is raised for the log)."""
    app = served(moves)
    monkeypatch.setattr("vvipe.service.engine.rows_to_lists", lambda _: 1 / 0)
    with caller(app) as http, pytest.raises(ZeroDivisionError):
        http.post("/embed", json={"poses": POSES})
