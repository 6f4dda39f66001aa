"""Parameters of the noise of 2D detectors, and the JSON file that holds them."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from pathlib import Path
from statistics import NormalDist
from typing import Any

from vvipe.errors import VvipeError
from vvipe.geometry.keypoints import KEYPOINTS

KINDS = ("nose", "shoulder", "elbow", "wrist", "hip", "knee", "ankle")
LIMBS = {
    "head": ("nose",),
    "shoulders": ("left_shoulder", "right_shoulder"),
    "hips": ("left_hip", "right_hip"),
    "left_arm": ("left_elbow", "left_wrist"),
    "right_arm": ("right_elbow", "right_wrist"),
    "left_leg": ("left_knee", "left_ankle"),
    "right_leg": ("right_knee", "right_ankle"),
}
"""Joints whose errors share a part."""
KIND_OF = tuple(joint.rpartition("_")[2] for joint in KEYPOINTS.joints)
"""Kind of each of the 13 joints."""
_KINDS_OF_PART = {"arms": ("shoulder", "elbow", "wrist"), "legs": ("hip", "knee", "ankle")}
PARTS = {
    part: [column for column, kind in enumerate(KIND_OF) if kind in kinds]
    for part, kinds in _KINDS_OF_PART.items()
}
"""Columns of the joints that change sides together."""


@dataclass(frozen=True)
class JointNoise:
    """Noise of one kind of joint, left and right alike.

    Attributes:
        spread: Of the error on each axis, in units of the pose's RMS size.
        wide: The same of the errors that are wide.
        wide_chance: Chance of those.
        shared: Part of the variance that is shared within the limb.
        miss: Chance that the joint is not seen.
    """

    spread: float
    wide: float
    wide_chance: float
    shared: float
    miss: float


@dataclass(frozen=True)
class ConfidenceNoise:
    """logit(confidence) = level + slope log(|error| + offset), normal with this spread."""

    level: float
    slope: float
    offset: float
    spread: float


@dataclass(frozen=True)
class DetectorNoise:
    """What a detector does to keypoints; see `detections.py` for the model.

    Attributes:
        joints: Kind of joint (`KINDS`) -> its noise.
        level: Spread of the logarithm of the size of errors from pose to pose.
        limb_level: The same from limb to limb within a pose.
        swaps: Chance that left and right are exchanged: `arms`, `legs`, `both`.
        confidence: Of the joints seen.
    """

    joints: Mapping[str, JointNoise]
    level: float
    limb_level: float
    swaps: Mapping[str, float]
    confidence: ConfidenceNoise

    def by_joint(self, field: str) -> list[float]:
        """One field of `JointNoise` for each of the 13 joints."""
        return [getattr(self.joints[kind], field) for kind in KIND_OF]

    def thresholds(self, chance: str) -> list[float]:
        """What a standard normal number is below with the chance in this field."""
        return [_threshold(c) for c in self.by_joint(chance)]

    def swap_threshold(self, part: str) -> float:
        """The same for the swap of `arms`, `legs` or `both`."""
        return _threshold(self.swaps[part])

    def to_json(self) -> dict[str, Any]:
        """Nested tables; `from_json` reads them back."""
        return dataclasses.asdict(self)

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> DetectorNoise:
        """Raises `KeyError` or `TypeError` where a parameter is missing or unknown."""
        return DetectorNoise(
            joints={kind: JointNoise(**values["joints"][kind]) for kind in KINDS},
            level=float(values["level"]),
            limb_level=float(values["limb_level"]),
            swaps={part: float(values["swaps"][part]) for part in (*PARTS, "both")},
            confidence=ConfidenceNoise(**values["confidence"]),
        )


@cache
def fitted_noise() -> DetectorNoise:
    """The noise fitted on real detections that comes with the package (docs/detector_noise.md)."""
    return load_noise(Path(str(files("vvipe.detectors") / "noise.json")))


def load_noise(path: Path) -> DetectorNoise:
    """Reads the JSON that `scripts/fit_detector_noise.py` writes.

    Raises:
        VvipeError: Not such a file.
    """
    try:
        return DetectorNoise.from_json(json.loads(path.read_text())["noise"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise VvipeError(
            "not the parameters of a detector's noise", where=path, got=str(error),
            hint="write one with scripts/fit_detector_noise.py",
        ) from None  # fmt: skip


def _threshold(chance: float) -> float:
    return (
        NormalDist().inv_cdf(chance) if 0 < chance < 1 else float("-inf" if not chance else "inf")
    )
