import subprocess
import sys

import pytest

pytest.importorskip("ray")
pytest.importorskip("lance_ray")


@pytest.fixture
def moves(cli, tiny, tmp_path):
    """An empty library, named as those in object stores are."""
    uri = f"file://{tmp_path}/moves"
    assert cli("library", "create", uri, "--model", tiny).code == 0
    return uri


@pytest.mark.filterwarnings("ignore:`use_:DeprecationWarning")  # Ray Data's own defaults
def test_both_engines_add_to_what_is_searched(cli, moves, keypoints, motion, tmp_path, monkeypatch):
    monkeypatch.delenv("RAY_ADDRESS", raising=False)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "bad.npz").write_bytes(b"PK")
    words = ("library", "add", moves, "keypoints.npz", "bad.npz", "--tags", "a", "b", "--json")
    said = cli(*words, "--engine", "ray", "--workers", 2)
    assert (said.json["files"], said.json["added"], said.json["rows"]) == (2, 1, 10)
    assert said.json["too_little_seen"] == 2 and said.json["total_rows"] == 10
    assert len(said.json["errors"]) == 1 and "bad.npz" in said.err

    then = cli(*words[:3], tmp_path, *words[4:]).json
    assert (then["added"], then["known"], then["total_rows"]) == (1, 1, 22)
    clips = cli("library", "info", moves, "--clips", "--json").json["clips"]
    assert [(c["clip"], c["source"]) for c in clips] == [
        ("keypoints", "keypoints.npz"), ("motion", str(motion)),
    ]  # fmt: skip
    hit = cli("search", moves, keypoints, "--frame", 10, "--json").json["hits"][0]
    assert (hit["clip"], hit["frame"]) == ("keypoints", 10)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--workers", 2), "--workers is for Ray; add --engine ray"),
        (("--engine", "ray", "--workers", 0), "--workers must be at least 1"),
        (("--engine", "spark"), "engine"),
        (("--engine", "ray"), "no such file or folder"),
    ],
)
def test_bad_input(cli, moves, words, said):
    assert said in cli("library", "add", moves, "nowhere.npz", *words).error()


def test_what_ray_says_is_no_answer(cli, moves, keypoints, monkeypatch):
    from vvipe.library import adding_ray
    from vvipe.library.adding import Added

    def talkative(*args, **said):
        print("(raylet) A worker died or was killed")
        return Added(1, added=1)

    monkeypatch.setattr(adding_ray, "add_files_on_ray", talkative)
    said = cli("library", "add", moves, keypoints, "--engine", "ray", "--json")
    assert said.json["added"] == 1 and "A worker died" in said.err


def test_ray_is_imported_for_its_engine_alone(tiny, tmp_path, keypoints):
    code = (
        "import sys; from vvipe.cli import main; lib, model, file = sys.argv[1:];"
        "main(['library', 'create', lib, '--model', model]);"
        "assert main(['library', 'add', lib, file]) == 0;"
        "assert not {'ray', 'lance_ray'} & set(sys.modules)"
    )
    words = (sys.executable, "-c", code, tmp_path / "lib", tiny, keypoints)
    assert subprocess.run(list(map(str, words)), check=False).returncode == 0
