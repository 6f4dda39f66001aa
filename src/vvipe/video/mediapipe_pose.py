"""MediaPipe's pose landmarks, by the release whose wheel carries the model."""

from __future__ import annotations

import os
import sys
import warnings
from collections.abc import Generator
from contextlib import contextmanager
from functools import cached_property
from importlib.metadata import PackageNotFoundError, version
from typing import Any

import numpy as np

from vvipe.extras import need


class MediaPipe:
    """One person an image, skeleton `mediapipe33`; confidence is MediaPipe's visibility.

    Each image stands for itself: following a person over time, which MediaPipe can do, doubled the
    speed and made the largest errors larger (docs/video.md).
    """

    skeleton = "mediapipe33"
    several = False

    @property
    def name(self) -> str:
        """The release, and which of its models."""
        try:
            return f"mediapipe {version('mediapipe')}, full"
        except PackageNotFoundError:
            return "mediapipe"

    def detect(self, image: np.ndarray) -> np.ndarray:
        """(0 or 1, 33, 3)."""
        found = _process(self._pose, image)
        if found is None:
            return np.empty((0, 33, 3))
        points = np.array([(p.x, p.y, p.visibility) for p in found.landmark])
        return (points * (*image.shape[1::-1], 1))[None]

    @cached_property
    def _pose(self) -> Any:
        with _quiet():
            solution = need("mediapipe.python.solutions.pose", "mediapipe-offline")
            pose = solution.Pose(static_image_mode=True, model_complexity=1)
            _process(pose, np.zeros((64, 64, 3), np.uint8))  # its first run tells of itself
        return pose


def _process(pose: Any, image: np.ndarray) -> Any:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", UserWarning)  # protobuf's deprecations
        return pose.process(image).pose_landmarks


@contextmanager
def _quiet() -> Generator[None]:
    """Nothing reaches standard error, where MediaPipe's C++ code writes past Python."""
    sys.stderr.flush()
    kept, nowhere = os.dup(2), os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, 2)
        yield
    finally:
        os.dup2(kept, 2)
        os.close(kept)
        os.close(nowhere)
