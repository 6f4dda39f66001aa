import json

from vvipe.cli import machine


def test_bad_words(cli, tmp_path):
    out = tmp_path / "out"
    words = ("bench", "accuracy", "--out", out)
    for option in ("--seeds", "--steps"):
        assert f"{option} must be at least 1" in cli(*words, option, 0).error()
    said = cli(*words, "--only", "prvipe").error()
    assert "no entry 'prvipe'" in said and "pr-vipe" in said
    assert "no such folder" in cli(*words, "--data", tmp_path / "nowhere", "--steps", 1).error()
    out.write_text("a file")
    assert "is not a folder" in cli(*words).error()
    assert "speed" in cli("bench", "speed", "--out", out).error()


def test_what_a_result_needs():
    about = machine.machine()
    assert set(about) == {"date", "machine", "python", "torch", "vvipe", "commit"}
    assert all(about.values()) and json.dumps(about)
