"""Which detector there is, and the one that is taken where none is named."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Sequence
from pathlib import Path

from vvipe.errors import VvipeError
from vvipe.video.detector import Detector, Turned
from vvipe.video.mediapipe_pose import MediaPipe
from vvipe.video.model_files import model_file
from vvipe.video.rtmlib_pose import RtmLib

DETECTORS = ("mediapipe", "rtmlib")
TURNS_DEG = (0, 90, 180, 270)
NAME, FILES = "VVIPE_DETECTOR", "VVIPE_MODEL_FILES"
"""Environment variables: which detector, and the files of its models, parted by commas."""


def load_detector(
    name: str | None = None, model_files: Sequence[str] = (), sha256: Sequence[str] = (),
    turn_deg: int = 0,
) -> Detector:  # fmt: skip
    """A detector; its models are loaded when it first detects.

    Args:
        name: One of `DETECTORS`; by default that of the environment variable VVIPE_DETECTOR, else
            rtmlib where model files are named, else mediapipe if it is installed, else rtmlib with
            the files of VVIPE_MODEL_FILES.
        model_files: Paths or addresses of ONNX files for rtmlib; by default VVIPE_MODEL_FILES.
        sha256: Their hashes, in the same order.
        turn_deg: As `Turned` has it.

    Raises:
        VvipeError: None is installed or has models, no such detector, or a model file is missing.
    """
    if turn_deg not in TURNS_DEG:
        raise VvipeError("no quarter turn", expected=", ".join(map(str, TURNS_DEG)), got=turn_deg)
    configured = [f.strip() for f in os.environ.get(FILES, "").split(",") if f.strip()]
    name = name or ("rtmlib" if model_files else os.environ.get(NAME)) or _found(configured)
    if name == "mediapipe":
        if model_files:
            raise VvipeError("mediapipe carries its own model", hint="leave out --model-file")
        detector: Detector = MediaPipe()
    elif name == "rtmlib":
        detector = RtmLib(_files(model_files or configured, sha256))
    else:
        raise VvipeError(f"unknown detector {name!r}", expected=" or ".join(DETECTORS))
    return Turned(detector, turn_deg) if turn_deg else detector


def _found(configured: Sequence[str]) -> str:
    if importlib.util.find_spec("mediapipe"):
        return "mediapipe"
    if configured:
        return "rtmlib"
    raise VvipeError(
        "no detector to find people with",
        hint=f"pip install 'vvipe[mediapipe-offline]', or name model files in {FILES}",
    )


def _files(sources: Sequence[str], sha256: Sequence[str]) -> list[Path]:
    if not sources:
        raise VvipeError(
            "rtmlib needs the files of its models", expected=f"--model-file, or {FILES}",
            hint="docs/video.md tells which fit",
        )  # fmt: skip
    if sha256 and len(sha256) != len(sources):
        raise VvipeError("as many --sha256 as model files", expected=len(sources), got=len(sha256))
    hashes = [*sha256, *[None] * (len(sources) - len(sha256))]
    return [model_file(s, h) for s, h in zip(sources, hashes, strict=True)]
