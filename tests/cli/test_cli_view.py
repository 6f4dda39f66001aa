import numpy as np
import pytest

pytest.importorskip("viser")

from vvipe.cli import view
from vvipe.viewer import server


@pytest.fixture
def served(monkeypatch):
    """What the verb would serve; it ends at once, as if interrupted."""
    found = {}

    class Stub:
        url = "http://127.0.0.1:8090"

        def __init__(self, model, collection, recordings, host, port):
            found.update(collection=collection, recordings=recordings, at=(host, port))

        def read(self, paths, skeleton):
            found["paths"] = list(paths)

        def wait(self):
            raise KeyboardInterrupt

        def stop(self):
            found["stopped"] = True

    monkeypatch.setattr(server, "Viewer", Stub)
    return found


def test_nothing_named_shows_the_prototypes(cli, tiny, served):
    assert cli("view", "--no-browser", "--model", tiny, "--json").json == {
        "url": "http://127.0.0.1:8090"
    }
    assert len(served["collection"]) == 46 and [r.name for r in served["recordings"]] == ["walk"]
    assert served["at"] == ("127.0.0.1", 8090) and served["stopped"]


def test_a_library_and_files(cli, tiny, keypoints, motion, tmp_path, served):
    cli("library", "create", tmp_path / "moves", "--model", tiny)
    cli("library", "add", tmp_path / "moves", motion)
    assert cli("view", tmp_path / "moves", keypoints, "--no-browser").code == 0
    assert served["paths"] == [keypoints] and served["recordings"] == []
    assert cli("view", tmp_path / "moves", "--no-browser").code == 0
    assert served["collection"].title == "moves" and len(served["recordings"][0]) == 12
    assert np.isfinite(served["recordings"][0].bodies).all()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (["nowhere.npz"], "no such file"),
        (["{lib}", "{lib}"], "one library at a time"),
        (["--port", "70000"], "no such port"),
        (["--model", "nothing"], "no model"),
    ],
)
def test_bad_words(cli, tiny, tmp_path, served, words, said):
    cli("library", "create", tmp_path / "moves", "--model", tiny)
    words = [word.format(lib=tmp_path / "moves") for word in words]
    assert said in cli("view", "--no-browser", *words).error()
    assert "stopped" not in served


def test_a_taken_port_gives_the_next_and_a_foreign_address_is_told():
    import socket

    from vvipe.errors import VvipeError

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        assert server._free_port("127.0.0.1", port) != port
    with pytest.raises(VvipeError, match="cannot be listened on"):
        server._free_port("203.0.113.7", 8090)


def test_a_library_is_told_from_a_folder(tmp_path):
    assert not view.is_library(tmp_path)
