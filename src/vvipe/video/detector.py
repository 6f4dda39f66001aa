"""What finds people in images, whatever library does it."""

from __future__ import annotations

from typing import Protocol

import numpy as np


class Detector(Protocol):
    """Finds the keypoints of people in an image."""

    @property
    def name(self) -> str:
        """Library, version and model: whatever has the same name finds the same keypoints."""
        ...

    @property
    def skeleton(self) -> str:
        """Registered name of its joints."""
        ...

    @property
    def several(self) -> bool:
        """Whether it finds more than one person in an image."""
        ...

    def detect(self, image: np.ndarray) -> np.ndarray:
        """(P, J, 3) float x and y in pixels, and confidence, of each person.

        Args:
            image: (H, W, 3) uint8 RGB.
        """
        ...


class Turned:
    """A detector for cameras mounted on their side; keypoints are in pixels of the image as it is.

    Args:
        detector: Finds people who stand upright.
        turn_deg: 90, 180 or 270: how far an image is turned anticlockwise to bring them upright.
    """

    def __init__(self, detector: Detector, turn_deg: int) -> None:
        self.detector, self.turn_deg = detector, turn_deg

    @property
    def name(self) -> str:
        """That of the detector, and the turn."""
        return f"{self.detector.name}, turned by {self.turn_deg}"

    @property
    def skeleton(self) -> str:
        """That of the detector."""
        return self.detector.skeleton

    @property
    def several(self) -> bool:
        """As the detector does."""
        return self.detector.several

    def detect(self, image: np.ndarray) -> np.ndarray:
        """As the detector does."""
        height, width = image.shape[:2]
        people = self.detector.detect(np.ascontiguousarray(np.rot90(image, self.turn_deg // 90)))
        x, y, confidence = np.moveaxis(people, -1, 0)
        places = {90: (width - y, x), 180: (width - x, height - y), 270: (y, height - x)}
        return np.stack([*places[self.turn_deg], confidence], -1)
