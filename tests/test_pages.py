"""The examples of the pages in docs/, run one after the other as they stand."""

import re
import shlex
import shutil
import textwrap
from pathlib import Path

import pytest
from bodies import filmed, moving

import vvipe
from vvipe.cli import main

ROOT = Path(__file__).parents[1]
DOCS, WEIGHTS = ROOT / "docs", ROOT / "src/vvipe/models/weights/vvipe"
LONG = ("train", "bench", "eval", "view", "demo", "robot")  # their options are parsed all the same
ELSEWHERE = ("ray", "make data")  # what needs a cluster or an object store, or is no verb
VIDEOS = ("compare-videos.md", "four-cameras.md")
PICTURES = ("--png", "--strip")


def blocks(language, page):
    found = re.findall(rf"```{language}\n(.*?)```", (DOCS / page).read_text(), re.DOTALL)
    return [textwrap.dedent(block) for block in found]


def commands(page):
    lines = [line.partition("  #")[0] for line in "\n".join(blocks("sh", page)).splitlines()]
    return [shlex.split(x)[1:] for x in lines if x and not any(w in x for w in ELSEWHERE)]


def run(words, capsys):
    if words[0] in LONG:
        assert main([*words, "--help"]) == 0
        return
    assert main(words) == 0, (words, capsys.readouterr().err)
    for option in (*PICTURES, "-o"):
        if option in words:
            out = Path(words[words.index(option) + 1])
            assert out.is_dir() or out.stat().st_size > 0


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """A folder with the files that the pages speak of."""
    monkeypatch.chdir(tmp_path)
    for folder, seed in (("mocap", 3), ("keypoints", 4)):
        Path(folder).mkdir()
        make = moving if folder == "mocap" else filmed
        vvipe.write(make(frames=150, seed=seed), f"{folder}/cam1.npz")
    Path("mocap/takes").mkdir()
    vvipe.write(moving(frames=20, seed=8), "mocap/takes/old_1.npz")
    vvipe.write(moving(frames=120), "clip.bvh")
    seeds = {"left": 5, "right": 5, "third": 5, "athlete": 6, "keypoints": 7}
    for name, seed in seeds.items():
        vvipe.write(filmed(frames=120, seed=seed), f"{name}.npz")


@pytest.mark.parametrize(
    ("page", "verbs"),
    [
        ("start.md", {"doctor", "lift", "plot", "library", "search", "view"}),
        ("library.md", {"library", "search"}),
        ("synchronise.md", {"align"}),
        ("lifting.md", {"lift", "plot"}),
        ("reproduce.md", {"bench", "eval"}),
        ("robot.md", {"robot"}),
    ],
)
def test_verbs_and_python(workplace, capsys, page, verbs):
    ran = set()
    for words in commands(page):
        run(words, capsys)
        ran.add(words[0])
    assert verbs <= ran
    if page == "library.md":
        shutil.rmtree("moves")  # its Python makes it again
    for block in blocks("python", page):
        exec(block, {})


def test_what_is_found_from_python(workplace, capsys):
    for block in blocks("python", "library.md"):
        exec(block, {})
    assert capsys.readouterr().out.startswith("1 clip 40 ")
    assert vvipe.Library.open("moves").info()["cameras"] == ["front"]


def test_a_model_of_one_s_own(workplace, capsys):
    shutil.copytree(WEIGHTS, "runs/ours")  # as if it had been trained
    ran = [words[0] for words in commands("training.md") if not run(words, capsys)]
    assert ran == ["train", "models", "embed", "eval"]


def test_a_lifter_of_one_s_own(workplace, capsys):
    shutil.copytree(WEIGHTS, "runs/unsupervised")  # as if it had been trained
    ran = [words[0] for words in commands("unsupervised.md") if not run(words, capsys)]
    assert ran[:3] == ["train", "lift", "plot"]


def test_many_libraries_are_asked_at_once(workplace, capsys):
    vvipe.write(moving(frames=90, seed=6), "coach.bvh")
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


@pytest.fixture(scope="module")
def cache(tmp_path_factory):
    """Detections of one page serve the next."""
    return tmp_path_factory.mktemp("cache")


@pytest.mark.parametrize("page", VIDEOS)
def test_videos(tmp_path, monkeypatch, data_root, cache, capsys, page):
    pytest.importorskip("mediapipe", reason="mediapipe is not installed (vvipe[mediapipe-offline])")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(cache))
    monkeypatch.delenv("VVIPE_DETECTOR", raising=False)
    shot = data_root / "pose2sim_single" / "videos"
    for name in (f"cam0{i}" for i in range(1, 5)):
        shutil.copy(shot / f"{name}.mp4", f"{name}.mp4")
    shutil.copy("cam01.mp4", "athlete.mp4")
    shutil.copy("cam02.mp4", "model.mp4")
    assert main(["library", "create", "moves"]) == 0
    vvipe.write(moving(frames=200), "clip.npz")
    assert main(["library", "add", "moves", "clip.npz"]) == 0
    for words in commands(page):
        run(words, capsys)


def test_the_index_lists_every_page():
    listed = set(re.findall(r"\]\(([\w-]+\.md)\)", (DOCS / "README.md").read_text()))
    assert listed == {page.name for page in DOCS.glob("*.md")} - {"README.md"}


@pytest.mark.parametrize("page", sorted(p.name for p in DOCS.glob("*.md")))
def test_links_lead_somewhere(page):
    text = (DOCS / page).read_text()
    for link in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", text):
        assert (DOCS / link).exists(), f"{page}: {link}"
