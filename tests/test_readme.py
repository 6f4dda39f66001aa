"""README's examples, run as they stand: its Python, and its verbs one after the other."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from bodies import filmed, moving, standing

import vvipe
from vvipe.cli import main

README = (Path(__file__).parents[1] / "README.md").read_text()
# Minutes, no end, or a video; their options are parsed all the same.
LONG = ("train", "eval", "bench", "view", "serve", "detect", "robot")


def blocks(language):
    return re.findall(rf"```{language}\n(.*?)```", README, re.DOTALL)


def commands():
    lines = "\n".join(blocks("sh")).splitlines()
    return [shlex.split(line)[1:] for line in lines if line.startswith("vvipe ")]


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """A folder with the files that README speaks of."""
    monkeypatch.chdir(tmp_path)
    for name, seed in (("keypoints", 0), ("athlete", 1), ("model", 2)):
        vvipe.write(filmed(frames=6, seed=seed), f"{name}.npz")
    vvipe.write(standing(), "stand.npz")
    vvipe.write(moving(frames=1), "jump.npz")
    vvipe.write(moving(frames=4), "clip.bvh")
    Path("openpose_dir").mkdir()
    for frame, keypoints in enumerate(filmed("body25", frames=3).keypoints):
        seen = np.isfinite(keypoints[:, :1]).astype(float)
        numbers = np.hstack([np.nan_to_num(keypoints), seen]).ravel().tolist()
        text = json.dumps({"version": 1.3, "people": [{"pose_keypoints_2d": numbers}]})
        Path(f"openpose_dir/f_{frame:012d}_keypoints.json").write_text(text)


def test_python(workplace):
    names = {"array": filmed(frames=5).keypoints}
    for block in blocks("python"):
        exec(block, names)
    assert names["z"].vectors.shape == (3, 32) and names["p3"].positions.shape == (3, 17, 3)
    assert names["d"].shape == (3, 5) and np.isfinite(names["d"]).all()


def test_verbs(workplace, capsys):
    ran = set()
    for words in commands():
        if words[0] in LONG:
            assert main([*words, "--help"]) == 0
        else:
            assert main(words) == 0, (words, capsys.readouterr().err)
        for option in ("-o", "--png"):
            if option in words:
                assert Path(words[words.index(option) + 1]).stat().st_size > 0
        ran.add(words[0])
    assert ran > {"embed", "lift", "compare", "generate", "interpolate", "convert"}
    assert vvipe.read("clip.npz").skeleton.name == "h36m17"
