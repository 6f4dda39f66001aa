import json
from dataclasses import replace

import pytest

import vvipe.evaluation

ROWS = ["tiny", "2D keypoints", "mean pose", "random", "oracle"]


@pytest.fixture
def small(monkeypatch, protocols):
    """`load_protocol` gives 30 random people, whatever is asked."""
    people, asked = protocols(30), []

    def load(name, data, seed):
        asked.append((name, str(data), seed))
        return replace(people, name=name)

    monkeypatch.setattr(vvipe.evaluation, "load_protocol", load)
    return asked


def test_object_of_the_contract(cli, tiny, small, tmp_path):
    out = tmp_path / "results.json"
    words = ("--protocol", "cmu-cross", "--data", tmp_path, "--seed", 3, "--out", out)
    result = cli("eval", *words, "--model", tiny, "--json")
    said = result.json
    assert set(said) == {"protocol", "rows", "data_hash", "seed"}
    assert (said["protocol"], said["seed"]) == ("cmu-cross", 3)
    assert small == [("cmu-cross", str(tmp_path), 3)]
    rows = {row["model"]: row for row in said["rows"]}
    assert list(rows) == ROWS
    wanted = {"model", "views", "mpjpe_mm", "pa_mpjpe_mm", "flipped"}
    hits = {"hit@1", "hit@10", "hit@20"}
    assert all(wanted <= set(row) for row in said["rows"])
    assert all(hits <= set(row) or row["model"] == "mean pose" for row in said["rows"])
    lifters = {name for name, row in rows.items() if row["pa_mpjpe_mm"] is not None}
    assert lifters == {"tiny", "2D keypoints", "mean pose"}
    assert rows["oracle"]["hit@1"] == 100
    assert json.loads(out.read_text()) == said
    assert result.err.count("\n") == 1


def test_table(cli, tiny, small, tmp_path):
    out = cli("eval", "--data", tmp_path, "--model", tiny).out
    assert small == [("cmu-seen", str(tmp_path), 0)]
    head, *lines = out.splitlines()
    assert head.split()[:5] == ["model", "views", "Hit@1", "Hit@10", "Hit@20"]
    assert head.endswith("lifted %  flipped %")
    assert [line.split("  ")[0] for line in lines] == ROWS


def test_detections(cli, tiny, small, tmp_path):
    words = ("--data", tmp_path, "--model", tiny, "--seed", 2)
    exact, found, again = (
        cli("eval", *words, *flag, "--json").json
        for flag in ((), ("--detections",), ("--detections",))
    )
    assert {row["keypoints"] for row in exact["rows"]} == {"exact"}
    assert {row["keypoints"] for row in found["rows"]} == {"detections"}
    assert found == again
    assert found["rows"][0]["mpjpe_mm"] != exact["rows"][0]["mpjpe_mm"]
    assert found["rows"][-1]["hit@1"] == 100
    line = cli("eval", *words, "--detections").out.splitlines()[1]
    assert line.split()[:3] == ["tiny", "all,", "detections"]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["--protocol", "cmu-sen"], "did you mean cmu-seen?"),
        (["--data", "nowhere"], "nowhere"),
        (["--seed", "-1"], "--seed"),
        (["--out", "x.csv"], "expected .json"),
    ],
)
def test_bad_words(cli, tiny, tmp_path, words, said):
    data = [] if "--data" in words else ["--data", tmp_path]
    assert said in cli("eval", *words, *data, "--model", tiny).error()


def test_no_data(cli, tiny, tmp_path, monkeypatch):
    monkeypatch.setenv("VVIPE_DATA", str(tmp_path / "nowhere"))
    assert "make data" in cli("eval", "--model", tiny).error()
