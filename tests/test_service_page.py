"""The examples of the page about the service, run as they stand against one that runs."""

import json
import re
import shutil
import subprocess
import threading
from pathlib import Path

import pytest
import uvicorn
from bodies import filmed, moving

import vvipe
from vvipe.cli import main
from vvipe.service.app import application
from vvipe.service.engine import Engine
from vvipe.service.server import listen, url_of
from vvipe.service.shelf import Shelf

PAGE = (Path(__file__).parents[1] / "docs" / "service.md").read_text()
ADDRESS = "http://127.0.0.1:8000"


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", PAGE, re.DOTALL)


@pytest.fixture
def url(tmp_path, monkeypatch):
    """A service of the library `moves`, and the files that the page speaks of, in a folder."""
    monkeypatch.chdir(tmp_path)
    vvipe.write(filmed(frames=60), "keypoints.npz")
    vvipe.write(filmed(frames=70), "coach.npz")
    vvipe.write(moving(frames=90, seed=2), "clip.npz")
    model = vvipe.load()
    vvipe.Library.create("moves", model)
    assert main(["library", "add", "moves", "clip.npz"]) == 0
    app = application(Engine(model, Shelf(["moves"], {model.id: model})))
    with listen("127.0.0.1", 0) as listening:
        listening.listen()
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning", ws="none"))
        thread = threading.Thread(target=server.run, args=([listening],))
        thread.start()
        yield url_of(listening)
        server.should_exit = True
        thread.join()


@pytest.mark.skipif(not (shutil.which("curl") and shutil.which("sh")), reason="no curl")
def test_shell(url):
    lines = blocks("sh")[1].replace(ADDRESS, url).splitlines()
    said = []
    for line in lines:
        done = subprocess.run(["sh", "-c", line], capture_output=True, text=True, check=True)
        said.append(done.stdout)
    read, _, embedded, lifted, found, library, metrics = said
    assert read == "" and len(json.loads(embedded)["embeddings"]) == 60
    assert len(json.loads(lifted)["positions"]) == 60 and json.loads(found)["hits"]
    assert json.loads(library)["rows"] == 90 and 'route="/lift",status="200"} 1.0' in metrics


def test_json(url):
    (block,) = blocks("json")
    from vvipe.service.requests import EmbedRequest

    z = Engine(vvipe.load(), Shelf([], {})).embed(EmbedRequest.parse(block.encode()))
    assert z.embeddings[0] is not None


def test_python(url, capsys):
    (block,) = blocks("python")
    names = {}
    exec(block.replace(ADDRESS, url), names)
    assert vvipe.load().embed(names["poses"]).vectors.tobytes() == names["z"].vectors.tobytes()
    assert names["p3"].positions.shape == (60, 17, 3)
    lines = capsys.readouterr().out.splitlines()
    assert lines[-7].startswith("1 clip ") and len(lines[-7:]) == 7


def test_the_verb_is_told_with_options_that_it_has(capsys):
    assert main(["serve", "--help"]) == 0
    told = capsys.readouterr().out
    for option in re.findall(r"--[a-z][a-z-]+", PAGE):
        if option not in ("--data-binary",):
            assert option in told
