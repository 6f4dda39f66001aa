"""A joint of a body moved by hand: the limb follows, bones keep their lengths."""

from __future__ import annotations

import numpy as np

from vvipe.models.inputs import H36M17

# The far end of a limb -> the joint that bends and the one that stays.
_LIMBS = {
    f"{side}_{end}": (f"{side}_{bend}", f"{side}_{root}")
    for side in ("left", "right")
    for end, bend, root in (("wrist", "elbow", "shoulder"), ("ankle", "knee", "hip"))
}
MOVABLE = tuple(joint for joint in H36M17.joints if joint != "hip")


def moved(body: np.ndarray, joint: str, target: np.ndarray) -> np.ndarray:
    """A body with one joint drawn towards a place.

    Wrists and ankles bend elbow and knee; any other joint turns about its parent, and what hangs
    on it moves along.

    Args:
        body: (17, 3) h36m17.
        joint: One of `MOVABLE`.
        target: (3,) where it is to go; it gets as near as the bones allow.
    """
    body = np.array(body, np.float64)
    if joint in _LIMBS:
        _bend(body, joint, *_LIMBS[joint], target)
    else:
        index = H36M17.index(joint)
        parent = body[H36M17.parents[index]]
        length = np.linalg.norm(body[index] - parent)
        ahead = np.asarray(target, np.float64) - parent
        shift = parent + length * _unit(ahead) - body[index]
        body[_hanging_on(index)] += shift
    return body.astype(np.float32)


def _bend(body: np.ndarray, end: str, bend: str, root: str, target: np.ndarray) -> None:
    """Two bones reach for a target; the joint between stays on the side where it was."""
    tip, middle, base = H36M17.indices(end, bend, root)
    upper = float(np.linalg.norm(body[middle] - body[base]))
    lower = float(np.linalg.norm(body[tip] - body[middle]))
    ahead = np.asarray(target, np.float64) - body[base]
    reach = float(np.clip(np.linalg.norm(ahead), abs(upper - lower) + 1e-4, upper + lower - 1e-4))
    along = _unit(ahead)
    side = body[middle] - body[base]
    side = side - (side @ along) * along
    if np.linalg.norm(side) < 1e-6:  # a straight limb bends as knees and elbows would
        side = np.array([-1.0 if "ankle" in end else 1.0, 0.0, 0.0])
        side = side - (side @ along) * along
    share = (upper**2 + reach**2 - lower**2) / (2 * reach)
    height = np.sqrt(max(upper**2 - share**2, 0.0))
    body[middle] = body[base] + share * along + height * _unit(side)
    body[tip] = body[base] + reach * along


def _hanging_on(joint: int) -> list[int]:
    """A joint and all that hang on it."""
    found = {joint}
    for child, parent in enumerate(H36M17.parents):
        if parent in found:
            found.add(child)
    return sorted(found)


def _unit(vector: np.ndarray) -> np.ndarray:
    return vector / max(float(np.linalg.norm(vector)), 1e-9)
