"""The body that is drawn: one set of joints and parts for every skeleton, found by role."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from vvipe.skeletons import Skeleton, map_joints

Joints = dict[str, np.ndarray]  # role -> coordinates; a joint that is not seen is not there

SIDES = ("left", "right")
HEAD_RADIUS = 0.21  # torso lengths, like every radius here
# A solid trunk is two hulls of discs that overlap at the waist.
CHEST = {"left_shoulder": 0.085, "right_shoulder": 0.085, "thorax": 0.1, "spine": 0.2}
PELVIS = {"left_hip": 0.13, "right_hip": 0.13, "spine": 0.17}


@dataclass(frozen=True)
class Limb:
    """A tapered part between two joints.

    Attributes:
        start: Role of the joint nearer to the trunk; `end` the other.
        radius: (at start, at end) in torso lengths.
    """

    start: str
    end: str
    radius: tuple[float, float]

    @property
    def side(self) -> str:
        """`left`, `right` or `centre`."""
        return side_of(self.end)


def side_of(role: str) -> str:
    """`left`, `right` or `centre`."""
    return next((s for s in SIDES if role.startswith(s)), "centre")


def _both(start: str, end: str, *radius: float) -> list[Limb]:
    return [Limb(f"{s}_{start}", f"{s}_{end}", (radius[0], radius[1])) for s in SIDES]


LIMBS = (
    *_both("hip", "knee", 0.14, 0.105),
    *_both("knee", "ankle", 0.105, 0.07),
    *_both("ankle", "heel", 0.065, 0.055),
    *_both("ankle", "big_toe", 0.065, 0.05),
    *_both("ankle", "foot_index", 0.065, 0.05),
    *_both("shoulder", "elbow", 0.095, 0.08),
    *_both("elbow", "wrist", 0.08, 0.065),
)
NECK = Limb("thorax", "skull", (0.09, 0.08))
# What a trunk is drawn with where it is a few lines instead of a solid.
FRAME = (
    NECK,
    Limb("hip", "spine", (0.07, 0.07)),
    Limb("spine", "thorax", (0.07, 0.07)),
    Limb("thorax", "left_shoulder", (0.07, 0.07)),
    Limb("thorax", "right_shoulder", (0.07, 0.07)),
    Limb("hip", "left_hip", (0.07, 0.07)),
    Limb("hip", "right_hip", (0.07, 0.07)),
)
FACE = ("nose", "left_eye", "right_eye", "left_ear", "right_ear")

_ROLES = dict.fromkeys(
    (*FACE, "head", *CHEST, *PELVIS, *(role for x in (*LIMBS, *FRAME) for role in (x.start, x.end)))
)
_BODY = Skeleton("body", tuple(role for role in _ROLES if role != "skull"), dims=3)

# Typical lengths in torso lengths (hip to thorax), adult.
_PROPORTIONS = {
    ("thorax", "hip"): 1.0,
    ("left_shoulder", "right_shoulder"): 0.66,
    **{(f"{s}_hip", f"{s}_knee"): 0.9 for s in SIDES},
    **{(f"{s}_knee", f"{s}_ankle"): 0.88 for s in SIDES},
    **{(f"{s}_shoulder", f"{s}_elbow"): 0.57 for s in SIDES},
    **{(f"{s}_elbow", f"{s}_wrist"): 0.51 for s in SIDES},
}


def body_joints(coords: np.ndarray, skeleton: Skeleton) -> Joints:
    """Joints of one pose by role, the middle of the skull (`skull`) added.

    Args:
        coords: (J, 2) or (J, 3), NaN = not seen.
        skeleton: Names the J joints.
    """
    body = map_joints(np.asarray(coords, np.float64), skeleton, _BODY)[0]
    joints = {r: p for r, p in zip(_BODY.joints, body, strict=True) if np.isfinite(p).all()}
    skull = _skull(joints)
    return joints if skull is None else joints | {"skull": skull}


def torso_length(joints: Joints) -> float:
    """Hip to thorax, judged from every segment, so that foreshortening hardly counts."""
    lengths = [
        np.linalg.norm(joints[a] - joints[b]) / ratio
        for (a, b), ratio in _PROPORTIONS.items()
        if a in joints and b in joints
    ]
    if lengths and max(lengths) > 0:
        return float(np.quantile(lengths, 0.75))
    spread = np.ptp(np.stack(list(joints.values())), axis=0).max() if joints else 0.0
    return float(spread) or 1.0


def _skull(joints: Joints) -> np.ndarray | None:
    face = [joints[role] for role in FACE if role in joints]
    if face and not set(FACE[1:]).isdisjoint(joints):
        return np.mean(face, axis=0)
    if "head" in joints and "thorax" in joints:
        return joints["thorax"] + 0.6 * (joints["head"] - joints["thorax"])
    return joints.get("nose")
