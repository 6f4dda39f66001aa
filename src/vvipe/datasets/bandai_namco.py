"""Bandai-Namco-Research-Motiondataset-2: another actor, studio and skeleton, 30 Hz."""

from __future__ import annotations

import os
import re
from pathlib import Path

from vvipe.datasets.clip import Clip
from vvipe.datasets.root import check_folder
from vvipe.errors import VvipeError

_NAME = re.compile(r"dataset-2_(?P<action>.+)_(?P<style>[^_]+)_(?P<number>\d{3})")
_FPS = 30.0
_VALIDATION = "001"


def bandai_namco_catalogue(root: str | os.PathLike[str]) -> tuple[Clip, ...]:
    """Lists the clips `dataset-2_<action>_<style>_<number>.bvh`.

    Its licence (CC BY-NC 4.0) allows evaluation only: number 001 is for validation, the others are
    for tests, none for training.

    Raises:
        VvipeError: No folder, or no such file in it.
    """
    root = check_folder(root)
    clips = tuple(clip for p in sorted(root.glob("*.bvh")) if (clip := _clip(p)))
    if not clips:
        raise VvipeError("no Bandai-Namco clips", where=root, expected="dataset-2_*_*_NNN.bvh")
    return clips


def _clip(path: Path) -> Clip | None:
    named = _NAME.fullmatch(path.stem)
    if named is None:
        return None
    split = "validation" if named["number"] == _VALIDATION else "test"
    name = path.stem.removeprefix("dataset-2_")
    return Clip(
        name, "bandai_namco_2", path, split, _FPS, named["action"], named["style"], named["number"]
    )
