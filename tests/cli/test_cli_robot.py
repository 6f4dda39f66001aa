import json
import sys

import pytest

from vvipe.robot import Demonstration, names

TRAIN, EVAL = ("robot", "train"), ("robot", "eval")


@pytest.fixture
def robots():
    pytest.importorskip("gymnasium_robotics")
    pytest.importorskip("stable_baselines3")


def test_bad_words(cli, tmp_path, robots):
    out = tmp_path / "out"
    assert "no method 'magic'" in cli(*TRAIN, "magic", "--out", out).error()
    assert "no task 'kitchen'" in cli(*TRAIN, "wayex", "--task", "kitchen", "--out", out).error()
    assert "--steps must be" in cli(*TRAIN, "wayex", "--steps", 0, "--out", out).error()
    assert "--seed must not" in cli(*TRAIN, "wayex", "--seed", -1, "--out", out).error()
    for option in ("seeds", "steps", "episodes"):
        assert f"--{option} must be" in cli(*EVAL, "wayex", f"--{option}", 0, "--out", out).error()
    assert "cooking" in cli(*EVAL, "cooking", "--out", out).error()
    assert not out.exists()
    out.write_text("a file")
    assert "is not a folder" in cli(*TRAIN, "wayex", "--out", out).error()
    assert "is not a folder" in cli(*EVAL, "wayex", "--out", out).error()


def test_the_extra_is_named_where_it_is_missing(cli, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "vvipe.robot.wayex.table", None)
    monkeypatch.setattr(names, "LIBRARIES", {"vvipe"})
    said = cli(*TRAIN, "wayex", "--out", tmp_path / "run").error()
    assert "pip install 'vvipe[robot]'" in said


def test_a_policy_is_trained(cli, tmp_path, robots):
    out = tmp_path / "run"
    words = (*TRAIN, "wayex", "--steps", 600, "--seed", 3, "--expand", "--out", out)
    row = json.loads(cli(*words, "--json").out)
    assert row["at"] == [100, 200, 300, 400, 500, 600] and row["expand"] is True
    assert len(Demonstration.load(out / "demonstration.npz")) == row["demonstration"] + 1
    assert "600: " in cli(*words).out
    assert "another run" in cli(*TRAIN, "sparse", "--out", out).error()


def test_a_table_is_measured_and_goes_on_where_it_was(cli, tmp_path, robots, monkeypatch):
    from vvipe.robot.tables import expansion

    monkeypatch.setattr(expansion, "EPISODES", 5)
    words = (*EVAL, "expansion", "--seeds", 1, "--steps", 300, "--out", tmp_path)
    first = json.loads(cli(*words, "--json").out)
    (rows,) = first["tables"].values()
    assert [r["expansion"] for r in rows] == ["yes", "no"] * 2
    assert all(r["episodes"] == 5 for r in rows)
    page = (tmp_path / "expansion.md").read_text()
    assert "| WayEx in the target | yes |" in page and "machine" in page
    kept = [p.stat().st_mtime_ns for p in sorted(tmp_path.glob("runs/*/row.json"))]
    assert len(kept) == 4
    assert json.loads(cli(*words, "--json").out)["tables"] == first["tables"]
    assert kept == [p.stat().st_mtime_ns for p in sorted(tmp_path.glob("runs/*/row.json"))]


def test_bad_words_of_the_demo(cli, tmp_path, robots):
    demo = ("robot", "demo", "--data", tmp_path, "--out", tmp_path / "out")
    assert "--seed must not be negative" in cli(*demo, "--seed", -1).error()
    assert "expected .mp4, .gif" in cli(*demo, "--film", tmp_path / "film.avi").error()
    assert "bandai_namco_2" in cli(*demo).error()
    assert not (tmp_path / "out").exists()
