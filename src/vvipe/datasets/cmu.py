"""The CMU collection: BVH, ASF/AMC and the file of action clips; 120, 120 and 30 Hz."""

from __future__ import annotations

import os
from itertools import pairwise
from pathlib import Path

import numpy as np

from vvipe.datasets.clip import Clip
from vvipe.datasets.duplicates import DUPLICATES
from vvipe.datasets.root import check_folder
from vvipe.errors import VvipeError
from vvipe.formats.npz import load_arrays

TEST_SUBJECTS = frozenset({"02", "49"})
# Clips of training subjects kept for validation, besides `held_*`, which are mostly walks.
HELD_OUT = frozenset({
    "01_08", "03_03", "05_07", "05_18", "35_20", "basketball_3", "basketball_signal_4",
    "jumping_4", "soccer_3", "subject01_01_09",
})  # fmt: skip
_CAPTURE_FPS, _ACTIONS_FPS = 120.0, 30.0
PARTS = ("bvh", "asf_amc", "actions")


def cmu_catalogue(root: str | os.PathLike[str]) -> tuple[Clip, ...]:
    """Lists the clips below `bvh/`, `asf_amc/` and `actions/`, each part optional.

    Validation has the `held_*` clips and those in `HELD_OUT`. No recording is in two of the splits
    `train`, `validation` and `test`: a BVH clip that is also a `held_*` clip is for validation, an
    actions clip that is also a BVH clip is `duplicate`, or `excluded` where the BVH clip is a test
    subject's. AMC clips that are also BVH clips are left out.

    Args:
        root: The folder `cmu`.

    Raises:
        VvipeError: No folder, or none of the three parts in it.
    """
    root = check_folder(root)
    bvh = [_captured(p) for p in sorted(root.glob("bvh/*/*.bvh"))]
    names = {clip.name for clip in bvh}
    amc = [_captured(p) for p in sorted(root.glob("asf_amc/*/*.amc")) if p.stem not in names]
    actions = [clip for p in sorted(root.glob("actions/*.npz")) for clip in _actions(p)]
    clips = (*bvh, *amc, *actions)
    if not clips:
        raise VvipeError(
            "no CMU clips", where=root, expected="bvh/*/*.bvh, asf_amc/*/*.amc or actions/*.npz"
        )
    return clips


def _captured(path: Path) -> Clip:
    subject = path.stem.partition("_")[0]
    return Clip(path.stem, subject, path, _split_of_captured(path.stem), _CAPTURE_FPS)


def _split_of_captured(name: str) -> str:
    if name.partition("_")[0] in TEST_SUBJECTS:
        return "test"
    held = {captured for action, captured in DUPLICATES.items() if action.startswith("held_")}
    return "validation" if name in held | HELD_OUT else "train"


def _actions(path: Path) -> list[Clip]:
    arrays = load_arrays(path, ("clips", "clip_index", "positions"))
    absent = {"clips", "clip_index", "positions"} - arrays.keys()
    if absent:
        raise VvipeError(f"no array {min(absent)!r}", where=path)
    names, index = [str(c) for c in arrays["clips"]], arrays["clip_index"]
    bounds = np.flatnonzero(np.diff(index, prepend=-1, append=-1))
    firsts = [arrays["positions"][b].tobytes() for b in bounds[:-1]]
    return [
        _action(names[index[start]], path, (int(start) + (firsts.count(first) > 1), int(end)))
        # A first row that several clips share is the rest pose, put there by the conversion.
        for (start, end), first in zip(pairwise(bounds), firsts, strict=True)
    ]


def _action(name: str, path: Path, rows: tuple[int, int]) -> Clip:
    """`basketball_signal_3`, `held_walking_7`, or `subject01_01_03`, a clip of subject 01."""
    action, _, number = name.removeprefix("held_").rpartition("_")
    subject = DUPLICATES.get(name, "unknown").partition("_")[0]
    if name.startswith("subject"):
        subject, action = action.partition("_")[2], ""
    return Clip(
        name, subject, path, _split_of_action(name), _ACTIONS_FPS, action, number=number, rows=rows
    )


def _split_of_action(name: str) -> str:
    twin = DUPLICATES.get(name, "")
    if twin.partition("_")[0] in TEST_SUBJECTS:
        return "excluded"
    if name.startswith("held_") or name in HELD_OUT:
        return "validation"
    return "duplicate" if twin else "train"
