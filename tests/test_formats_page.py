"""The page about formats: its examples run, its lists are those of the code."""

import json
import re
import shlex
from pathlib import Path

import numpy as np
import pytest
from bodies import filmed, moving

import vvipe
from vvipe.cli import main
from vvipe.formats import FORMATS
from vvipe.skeletons import get_skeleton, skeleton_names

PAGE = (Path(__file__).parents[1] / "docs" / "formats.md").read_text()


@pytest.fixture
def workplace(tmp_path, monkeypatch):
    """A folder with the files that the page speaks of."""
    monkeypatch.chdir(tmp_path)
    vvipe.write(moving(frames=40), "clip.bvh")
    vvipe.write(filmed(frames=20), "keypoints.npz")
    frames = []
    for keypoints in filmed(frames=5).keypoints / 1000:
        x, y = keypoints.T.tolist()
        box = {"x1": 0, "y1": 0, "x2": 1, "y2": 1}
        found = {"name": "person", "class": 0, "confidence": 0.9, "box": box, "track_id": 4}
        frames.append([found | {"keypoints": {"x": x, "y": y, "visible": [0.9] * 17}}])
    Path("yolo.json").write_text(json.dumps(frames))


def test_examples(workplace, capsys):
    for block in re.findall(r"```python\n(.*?)```", PAGE, re.DOTALL):
        exec(block, {})
    lines = "\n".join(re.findall(r"```sh\n(.*?)```", PAGE, re.DOTALL)).splitlines()
    for line in lines:
        words = shlex.split(line)[1:]
        assert main(words) == 0, (line, capsys.readouterr().err)
    assert len(lines) == 5
    np.testing.assert_allclose(
        vvipe.read("one.npz").keypoints, filmed(frames=5).keypoints, atol=1e-3
    )


def test_every_skeleton_is_listed_with_its_joints():
    for name in skeleton_names():
        joints = get_skeleton(name).joints
        assert f"| `{name}` | {len(joints)} | {', '.join(joints)} |" in PAGE


def test_every_format_is_there():
    said = {"ASF/AMC", "BVH", "TRC", "C3D", "CSV", "npz", "Parquet", "OpenPose JSON", "COCO JSON",
            "AlphaPose JSON", "MediaPipe JSON"}  # fmt: skip
    assert said <= {f.name for f in FORMATS}
    for name in said:
        assert name in PAGE
    for suffix in {s for f in FORMATS if f.write for s in f.suffixes} - {".pq"}:
        assert f"`{suffix}`" in PAGE
