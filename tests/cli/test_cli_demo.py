import re

import pytest

import vvipe.cli.demo_people as demo_people


def test_report(cli, tiny, tmp_path):
    out = tmp_path / "demo"
    said = cli("demo", "--out", out, "--model", tiny, "--json").json
    assert said["report"] == str(out / "report.html") and said["people"] > 3
    assert [row["model"] for row in said["rows"]] == ["tiny", "2D keypoints", "random"]
    assert {"protocol", "data_hash", "seed", "seconds"} <= set(said)
    page = (out / "report.html").read_text()
    assert len(re.findall(r'src="data:image/png;base64,', page)) == 5
    assert "http" not in re.sub(r"base64,[^\"]*", "", page)  # pictures may hold it by chance
    assert "easier than recorded people" in page
    assert "made-up" in page and "12.5" in page  # what config.json says of real data
    assert all(name in page for name in ("Hit@10", "2D keypoints", "random", "PA-MPJPE"))


def test_recorded_people(cli, tiny, protocols, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(demo_people, "load_protocol", lambda name, data: protocols(12))
    result = cli("demo", "--data", tmp_path, "--model", tiny)
    assert result.code == 0
    assert result.out.splitlines()[0].startswith("model") and "demo/report.html (" in result.out
    page = (tmp_path / "demo" / "report.html").read_text()
    assert "These people were recorded" in page and "easier" not in page


@pytest.mark.parametrize(
    ("words", "said"),
    [(["--seed", "-1"], "--seed"), (["--data", "nowhere"], "nowhere"), (["x"], "x")],
)
def test_bad_words(cli, tiny, tmp_path, words, said):
    assert said in cli("demo", *words, "--out", tmp_path / "d", "--model", tiny).error()
    assert not (tmp_path / "d").exists()


def test_file_in_the_place_of_the_folder(cli, tiny, tmp_path):
    (tmp_path / "d").write_bytes(b"precious")
    assert "is not a folder" in cli("demo", "--out", tmp_path / "d", "--model", tiny).error()
    assert (tmp_path / "d").read_bytes() == b"precious"
