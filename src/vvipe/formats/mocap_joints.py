"""Which skeleton a motion-capture file's joints are, and the joints in its order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np

from vvipe.errors import VvipeError
from vvipe.skeletons import Skeleton, get_skeleton, skeleton_from_joints, skeleton_names

# What most rigs for animation call their joints, CMU's BVH and Mixamo's (with a prefix) included.
_RIG_MARKS = {"LeftUpLeg", "LeftLeg", "RightUpLeg", "RightLeg", "LeftForeArm", "RightForeArm"}


def skeleton_of(joints: Sequence[str], parent_of: Mapping[str, str], path: Path) -> Skeleton:
    """The largest registered 3D skeleton whose joints are all there, else one of these joints.

    Args:
        joints: Names of the file's joints.
        parent_of: Name -> name of the parent.
        path: For messages.

    Raises:
        VvipeError: No registered skeleton, and no name that tells a part of the body.
    """
    registered = [s for s in map(get_skeleton, skeleton_names()) if s.dims == 3]
    whole = [s for s in registered if set(s.joints) <= set(joints)]
    if whole:
        return max(whole, key=len)
    bare = {j.rpartition(":")[2]: j for j in joints}
    if bare.keys() >= _RIG_MARKS:
        return Skeleton("custom", tuple(joints), parent_of, _rig_roles(bare), dims=3)
    return replace(skeleton_from_joints(joints, dims=3, where=path), parent_of=parent_of)


def _rig_roles(bare: Mapping[str, str]) -> dict[str, str]:
    """Roles by the names of CMU's BVH, where rigs agree: limbs, neck and head."""
    roles = {**get_skeleton("cmu_bvh").roles, "neck": "", "spine": ""}
    if "Spine2" in bare:
        roles["spine"] = "Spine1"  # of a spine of three joints, the middle one
    if "HeadTop_End" in bare:
        roles["head"] = "HeadTop_End"
    # An empty name keeps a joint of the role's own name from standing for it.
    return {role: bare.get(joint, "") for role, joint in roles.items()}


def pick_joints(
    positions: np.ndarray, joints: Sequence[str], skeleton: Skeleton, path: Path
) -> np.ndarray:
    """(F, K, 3) the skeleton's joints out of (F, J, 3) positions of the file's.

    Raises:
        VvipeError: The skeleton asks for a joint that is not there.
    """
    absent = [j for j in skeleton.joints if j not in joints]
    if absent:
        raise VvipeError(f"no joint {absent[0]!r} for skeleton {skeleton.name}", where=path)
    return positions[:, [joints.index(j) for j in skeleton.joints]]
