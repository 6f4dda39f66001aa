"""Every skeleton by its name, and skeletons made from a list of joint names."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping, Sequence

from vvipe.errors import VvipeError
from vvipe.skeletons.detectors import COCO17, DETECTORS
from vvipe.skeletons.mocap import H36M17, MOCAP
from vvipe.skeletons.names import role_of_name
from vvipe.skeletons.skeleton import Skeleton

_REGISTRY = {s.name: s for s in (*DETECTORS, *MOCAP)}
# Names that many skeletons share: they tell no rig.
_COMMON = {j for s in (*DETECTORS, H36M17) for j in s.joints}


def skeleton_names() -> tuple[str, ...]:
    """Names of all registered skeletons."""
    return tuple(_REGISTRY)


def get_skeleton(skeleton: str | Skeleton, where: object = None) -> Skeleton:
    """The registered skeleton of a name; a `Skeleton` passes through.

    Raises:
        VvipeError: No such name; the message names the nearest one.
    """
    if isinstance(skeleton, Skeleton):
        return skeleton
    name = str(skeleton)
    if name in _REGISTRY:
        return _REGISTRY[name]
    near = difflib.get_close_matches(name.lower(), _REGISTRY, n=1, cutoff=0.4)
    hint = f"did you mean {near[0]}?" if near else f"known: {', '.join(_REGISTRY)}"
    raise VvipeError(f"unknown skeleton {name!r}", where=where, hint=hint)


def skeleton_from_joints(joints: Sequence[str], dims: int = 2, where: object = None) -> Skeleton:
    """A skeleton for a list of joint names: a registered one, a part of a rig, or an ad-hoc one.

    Names are compared by role, so `LHip`, `left hip` and `left_hip` are one joint.

    Raises:
        VvipeError: A name stands twice, or no name is known.
    """
    joints = tuple(str(j) for j in joints)
    if len(set(joints)) != len(joints):
        twice = next(j for j in joints if joints.count(j) > 1)
        raise VvipeError(f"joint {twice!r} is listed twice", where=where)
    for skeleton in _REGISTRY.values():
        if skeleton.joints == joints:
            return skeleton
    roles = {role_of_name(j): j for j in reversed(joints)}
    if rig := _rig_with(joints, roles):
        return Skeleton(rig.name, joints, rig.parent_of, rig.roles, rig.dims)
    if not roles.keys() & {*COCO17.joints, *H36M17.joints}:
        raise VvipeError(
            "no joint name is known", where=where, got=", ".join(joints[:4]) or "none",
            hint="name joints like left_shoulder, or give a registered skeleton",
        )  # fmt: skip
    return Skeleton("custom", joints, _parents(roles), roles, dims)


def _rig_with(joints: Sequence[str], roles: Iterable[str]) -> Skeleton | None:
    """The rig of which these are some joints, where at least one name gives it away."""
    if set(roles) <= _COMMON:
        return None
    return next((s for s in MOCAP if s.roles and set(joints) <= set(s.joints)), None)


def _parents(roles: Mapping[str, str]) -> dict[str, str]:
    """Human3.6M's parents, and COCO's for joints whose parent there is absent."""
    return {
        roles[child]: roles[parent]
        for table in (COCO17.parent_of, H36M17.parent_of)
        for child, parent in table.items()
        if child in roles and parent in roles
    }
