"""The examples of the page about videos, run one after the other as they stand."""

import re
import shlex
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("av")

from films import film

import vvipe
from vvipe.cli import main
from vvipe.video import frames

PAGE = (Path(__file__).parents[1] / "docs" / "video.md").read_text()
FRAMES = 10


def commands(by_rtmlib):
    lines = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)).splitlines()
    return [
        shlex.split(line)[1:]
        for line in lines
        if line and ("--model-file" in line or "two.mp4" in line) == by_rtmlib
    ]


def run(words, capsys):
    assert main(words) == 0, (words, capsys.readouterr().err)
    if "-o" in words:
        out = Path(words[words.index("-o") + 1])
        files = [*out.glob("*.npz")] if out.is_dir() else [out]
        assert all(len(vvipe.read(file)) == FRAMES for file in files) and files
    return capsys.readouterr().out


@pytest.fixture
def workplace(tmp_path, monkeypatch, data_root):
    """A folder with the videos that the page speaks of: real ones, at a third of their size."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for name in ("VVIPE_DETECTOR", "VVIPE_MODEL_FILES"):
        monkeypatch.delenv(name, raising=False)
    for name in ("cam01", "cam02"):
        video = data_root / "pose2sim_single" / "videos" / f"{name}.mp4"
        images = [f.image[::3, ::3] for f, _ in zip(frames(video), range(FRAMES), strict=False)]
        film(f"{name}.mp4", images)
    film("side.mp4", [np.rot90(image, -1) for image in images])
    film("two.mp4", images)


def test_mediapipe(workplace, capsys):
    pytest.importorskip("mediapipe", reason="mediapipe is not installed (vvipe[mediapipe-offline])")
    said = [run(words, capsys) for words in commands(by_rtmlib=False)]
    assert len(said) == 5 and sum("one person seen" in text for text in said) == 3
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(block, {})
    assert capsys.readouterr().out.startswith(f"{FRAMES} mediapipe33 0.36")


def test_rtmlib(workplace, capsys, monkeypatch):
    pytest.importorskip("onnx", exc_type=ImportError)
    pytest.importorskip("rtmlib")
    from onnx_models import rtmo, rtmpose, yolox

    for name, make in (("rtmo-m", rtmo), ("rtmpose-m", rtmpose), ("yolox-m", yolox)):
        make(f"{name}.onnx")
    for words in commands(by_rtmlib=True):
        if "two.mp4" in words:
            monkeypatch.setenv("VVIPE_DETECTOR", "rtmlib")
            monkeypatch.setenv("VVIPE_MODEL_FILES", "rtmo-m.onnx")
        if words[-1] == "all":
            assert main(words) == 0 and "2 people" in capsys.readouterr().out
        else:
            run(words, capsys)
    assert {p.name for p in Path().glob("pair*")} == {"pair.npz", "pair-1.npz", "pair-2.npz"}
