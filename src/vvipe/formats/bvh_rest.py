"""The pose of no rotation in BVH files: upright, arms out, facing +z, y up."""

from __future__ import annotations

import numpy as np

from vvipe.skeletons import Skeleton

_MIDDLE = {
    "hip": (0, 0.95, 0), "pelvis": (0, 0.95, 0), "lower_spine": (0, 1.05, 0), "spine": (0, 1.17, 0),
    "upper_spine": (0, 1.29, 0), "thorax": (0, 1.41, 0), "neck": (0, 1.46, 0),
    "head_base": (0, 1.52, 0), "nose": (0, 1.57, 0.12), "head": (0, 1.7, 0),
}  # fmt: skip
_LEFT = {
    "hip": (0.1, 0.95, 0), "knee": (0.1, 0.52, 0), "ankle": (0.1, 0.08, 0),
    "heel": (0.1, 0.02, -0.05), "big_toe": (0.09, 0.02, 0.16), "small_toe": (0.14, 0.02, 0.13),
    "foot_index": (0.1, 0.02, 0.16), "foot": (0.1, 0.02, 0.1), "toe": (0.1, 0.02, 0.16),
    "collar": (0.05, 1.38, 0), "clavicle": (0.05, 1.38, 0), "shoulder": (0.18, 1.38, 0),
    "elbow": (0.46, 1.38, 0), "wrist": (0.71, 1.38, 0), "hand": (0.79, 1.38, 0),
    "pinky": (0.8, 1.38, -0.04), "index": (0.82, 1.38, 0.01), "thumb": (0.76, 1.38, 0.05),
    "eye": (0.03, 1.6, 0.1), "eye_inner": (0.02, 1.6, 0.1), "eye_outer": (0.05, 1.6, 0.09),
    "ear": (0.07, 1.58, 0),
}  # fmt: skip
_PLACES = (
    _MIDDLE
    | {f"left_{part}": place for part, place in _LEFT.items()}
    | {f"right_{part}": (-x, y, z) for part, (x, y, z) in _LEFT.items()}
)
_ROOT = (0.0, 0.95, 0.0)
_STEP_M = 0.1


def rest_pose(skeleton: Skeleton) -> np.ndarray:
    """(J, 3) metres, y up; only directions from parents to children count.

    A joint of a role that this table does not know goes on in its parent's direction, whatever
    stands at a root goes up.
    """
    role_of = {joint: role for role, joint in skeleton.roles.items() if joint}
    places: dict[int, np.ndarray] = {}

    def place(joint: int) -> np.ndarray:
        if joint not in places:
            name, parent = skeleton.joints[joint], skeleton.parents[joint]
            known = _PLACES.get(role_of.get(name, name), None if parent >= 0 else _ROOT)
            places[joint] = _beyond(parent) if known is None else np.array(known)
        return places[joint]

    def _beyond(parent: int) -> np.ndarray:
        above = skeleton.parents[parent]
        ahead = place(parent) - place(above) if above >= 0 else np.array([0.0, 1.0, 0.0])
        length = float(np.linalg.norm(ahead))
        step = ahead / length if length > 0 else np.array([0.0, 1.0, 0.0])
        return place(parent) + _STEP_M * step

    return np.array([place(j) for j in range(len(skeleton))])
