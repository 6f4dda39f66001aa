"""What was detected in videos, kept so that it need not be detected again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.formats.atomic import replacing
from vvipe.formats.npz import load_arrays
from vvipe.video import Detections, Detector, Seen, detect
from vvipe.video.model_files import cache_folder, file_sha256


def detected(
    path: Path, detector: Detector, progress: Callable[[Seen], object] | None = None
) -> Detections:
    """As `vvipe.video.detect`, but a content that the same detector has seen is only looked up.

    Raises:
        VvipeError: As `vvipe.video.detect`.
    """
    try:
        content = file_sha256(path)
    except OSError as error:
        raise VvipeError(f"cannot be read ({error.strerror})", where=path) from None
    key = hashlib.sha256(f"{content}\n{detector.name}".encode()).hexdigest()[:32]
    file = cache_folder("keypoints") / f"{key}.npz"
    known = _kept(file)
    if known is None:
        known = detect(path, detector, progress)
        _keep(known, file)
    return known


def _kept(file: Path) -> Detections | None:
    """What a file of the cache holds, None where there is none or it is damaged."""
    try:
        arrays = load_arrays(file)
        plain: dict[str, Any] = {
            f.name: arrays[f.name].item() if arrays[f.name].ndim == 0 else arrays[f.name]
            for f in fields(Detections)
        }
        plain["fps"] = plain["fps"] if plain["fps"] > 0 else None
        plain["damage"] = plain["damage"] or None
        plain["image_size"] = tuple(int(s) for s in plain["image_size"])
        found = Detections(**plain)
        rows = found.row.max(initial=-1) + 1
        return found if found.keypoints.ndim == 3 and rows <= len(found.time_s) else None
    except (VvipeError, KeyError, ValueError, TypeError, AttributeError):
        return None


def _keep(detections: Detections, file: Path) -> None:
    arrays = {f.name: getattr(detections, f.name) for f in fields(Detections)}
    arrays["fps"] = detections.fps or 0.0
    arrays["damage"] = detections.damage or ""
    try:
        with replacing(file) as partial, partial.open("wb") as stream:
            np.savez(stream, **arrays)
    except VvipeError:  # no room, no permission: it is detected again the next time
        return
