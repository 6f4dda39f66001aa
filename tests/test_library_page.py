"""The examples of the pages about libraries, run one after the other as they stand."""

import re
import shlex
import textwrap
from pathlib import Path

import pytest
from bodies import filmed, moving

import vvipe
from vvipe.cli import main

DOCS = Path(__file__).parents[1] / "docs"


def blocks(language, page="library.md"):
    found = re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(), re.DOTALL)
    return [textwrap.dedent(block) for block in found]


def commands():
    """Those that need neither a cluster nor an object store."""
    lines = [line.partition("  #")[0] for line in "\n".join(blocks("sh")).splitlines()]
    return [
        shlex.split(line)[1:] for line in lines if line.startswith("vvipe ") and "ray" not in line
    ]


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """A folder with the files that the page speaks of."""
    monkeypatch.chdir(tmp_path)
    for folder, seed in (("mocap", 3), ("keypoints", 4)):
        Path(folder).mkdir()
        make = moving if folder == "mocap" else filmed
        vvipe.write(make(frames=150, seed=seed), f"{folder}/cam1.npz")
    Path("mocap/takes").mkdir()
    vvipe.write(moving(frames=20, seed=8), "mocap/takes/old_1.npz")
    vvipe.write(moving(frames=120), "clip.bvh")
    for name, seed in (("left", 5), ("right", 5), ("third", 5), ("athlete", 6)):
        vvipe.write(filmed(frames=120, seed=seed), f"{name}.npz")
    vvipe.write(moving(frames=90, seed=6), "coach.bvh")


def test_verbs(workplace, capsys):
    ran = []
    for words in commands():
        assert main(words) == 0, (words, capsys.readouterr().err)
        for option in ("--png", "--strip"):
            if option in words:
                assert Path(words[words.index(option) + 1]).stat().st_size > 0
        ran.append(words[0])
    assert ran.count("library") >= 5 and {"search", "align"} < set(ran)


def test_python(workplace, capsys):
    for block in blocks("python"):
        exec(block, {})
    hits = capsys.readouterr().out.splitlines()
    assert hits[0].startswith("1 clip 40 ")
    assert vvipe.Library.open("moves").info()["cameras"] == ["front"]


def test_many_libraries_are_asked_at_once(workplace, capsys):
    for name, source in (("moves-01", "mocap"), ("moves-02", "coach.bvh")):
        assert main(["library", "create", name]) == 0
        assert main(["library", "add", name, source]) == 0
    capsys.readouterr()
    (block,) = blocks("python", "large-libraries.md")
    exec(block, {})
    lines = capsys.readouterr().out.splitlines()
    distances = [float(line.split()[-1]) for line in lines]
    assert distances == sorted(distances) and len(lines) >= 5
    assert len({line.split()[0] for line in lines}) >= 2
