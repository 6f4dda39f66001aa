"""Readers, MB/s: BVH against pybvh where it is installed, OpenPose JSON against the json module."""

from __future__ import annotations

import importlib.util
import json
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from common import DATA, least_s, options, report

import vvipe

ROWS = 2000


def made_up_bvh(folder: Path) -> Path:
    """A chain of joints for `ROWS` frames, for where there is no real file."""
    joints = vvipe.get_skeleton("bandai_namco").joints
    lines, turns = ["HIERARCHY"], "Zrotation Yrotation Xrotation"
    for i, joint in enumerate(joints):
        channels = f"3 {turns}" if i else f"6 Xposition Yposition Zposition {turns}"
        lines += [f"{'JOINT' if i else 'ROOT'} {joint}", "{", "OFFSET 0.0 5.0 0.0"]
        lines += [f"CHANNELS {channels}"]
    lines += ["End Site", "{", "OFFSET 0.0 5.0 0.0", "}", *["}"] * len(joints)]
    lines += ["MOTION", f"Frames: {ROWS}", "Frame Time: 0.0083333"]
    angles = np.random.default_rng(0).uniform(-90, 90, (ROWS, 3 * len(joints) + 3))
    lines += [" ".join(f"{a:.4f}" for a in row) for row in angles]
    path = folder / "made_up.bvh"
    path.write_text("\n".join(lines) + "\n")
    return path


def made_up_openpose(folder: Path) -> Path:
    rng = np.random.default_rng(0)
    folder = folder / "openpose"
    folder.mkdir()
    for frame in range(ROWS // 5):
        person = {"pose_keypoints_2d": rng.uniform(0, 1, 75).round(6).tolist()}
        path = folder / f"clip_{frame:012d}_keypoints.json"
        path.write_text(json.dumps({"version": 1.3, "people": [person]}))
    return folder


def real(pattern: str) -> Path | None:
    """The largest file of the real data that fits."""
    return max(DATA.glob(pattern), key=lambda p: p.stat().st_size, default=None)


def row(
    what: str, size: int, ours: Callable[[], object], theirs: Callable[[], object], rounds: int
) -> dict[str, Any]:
    ours_s, theirs_s = least_s(ours, theirs, rounds=rounds)
    return {
        "reader": what, "MB": size / 1e6, "MB/s": size / 1e6 / ours_s,
        "theirs MB/s": size / 1e6 / theirs_s, "ratio": theirs_s / ours_s,
    }  # fmt: skip


def bvh_rows(path: Path, rounds: int) -> list[dict[str, Any]]:
    """Channels alone, which is what pybvh reads, and positions, which `vvipe.read` gives."""
    import pybvh

    from vvipe.formats.bvh_file import parse_bvh

    size = path.stat().st_size
    theirs = pybvh.read_bvh_file
    return [
        row("BVH channels, against pybvh", size, lambda: parse_bvh(path.read_text(), path),
            lambda: theirs(path), rounds),
        row("BVH positions, against pybvh", size, lambda: vvipe.read(path),
            lambda: theirs(path).node_positions(), rounds),
    ]  # fmt: skip


def main() -> None:
    chosen = options(__doc__)
    rounds = 1 if chosen.quick else 10
    rows: list[dict[str, Any]] = []
    with tempfile.TemporaryDirectory() as temporary:
        if importlib.util.find_spec("pybvh"):
            bvh = real("cmu/bvh/*/*.bvh") or made_up_bvh(Path(temporary))
            rows += bvh_rows(bvh, rounds)
        else:
            print("pybvh is not installed: `pip install pybvh` to compare with it")
        frame = real("openpose_sequences/*/**/*.json")
        folder = frame.parent if frame else made_up_openpose(Path(temporary))
        files = sorted(folder.glob("*.json"))
        rows.append(row(
            "OpenPose, against json", sum(f.stat().st_size for f in files),
            lambda: vvipe.read(folder), lambda: [json.loads(f.read_text()) for f in files], rounds,
        ))  # fmt: skip
    report("readers", rows, chosen)


if __name__ == "__main__":
    main()
