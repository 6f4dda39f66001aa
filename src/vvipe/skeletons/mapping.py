"""Mapping between skeletons by role: what is absent is masked, what is synthesised is listed.

Joints that rigs and detectors do not share are made from those that they do, by one rule each:

- `hip`: the middle of the hip joints, in every skeleton (rigs place their own root anywhere
  within 10 cm of it).
- `neck`, `thorax`: the middle of the shoulders, where a detector has neither.
- `spine`: half-way from hip to thorax, or between two joints of the rig on either side of it.
- `head` (top): half a torso's length above the thorax, through the base of the skull.
- `nose`, 3D only: 0.66 of the way from thorax to head and 0.42 of that distance ahead, where
  "ahead" is the direction that the shoulders and hips face, at right angles to the head's axis.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from vvipe.skeletons.skeleton import Skeleton

NOSE_UP, NOSE_AHEAD, HEAD_OVER_TORSO = 0.66, 0.42, 0.5

Get = Callable[[str], np.ndarray]  # role -> coordinates (..., D), NaN where it cannot be had


def map_joints(
    values: np.ndarray, source: Skeleton, target: Skeleton
) -> tuple[np.ndarray, tuple[str, ...]]:
    """Re-orders coordinates by role, and synthesises what can be.

    Args:
        values: (..., J, D) coordinates of `source`, D = 2 or 3, NaN = not seen.
        source: Skeleton of `values`.
        target: Skeleton wanted.

    Returns:
        (..., K, D) coordinates of `target`, NaN where there is no source, and the names of the
        target joints that were synthesised.
    """
    missing = np.full((*values.shape[:-2], values.shape[-1]), np.nan, values.dtype)
    cache: dict[str, np.ndarray] = {}
    made: set[str] = set()

    def get(role: str) -> np.ndarray:
        if role not in cache:
            joint = source.joint_for(role)
            rule = _RULES.get(role)
            cache[role] = missing  # a rule that comes back to its own role finds nothing
            if joint is not None:
                cache[role] = values[..., source.index(joint), :]
            elif rule is not None:
                cache[role] = rule(get)
                made.add(role)
        return cache[role]

    roles = _roles(target)
    out = np.stack([get(r) for r in roles], axis=-2)
    made = {r for r in made if not np.all(np.isnan(cache[r]))}
    return out, tuple(j for j, r in zip(target.joints, roles, strict=True) if r in made)


def origins(source: Skeleton, target: Skeleton) -> tuple[tuple[int, ...], ...]:
    """For each joint of `target`, the columns of `source` that `map_joints` makes it from."""

    def columns(role: str) -> set[int]:
        joint = source.joint_for(role)
        if joint is not None:
            return {source.index(joint)}
        used: set[int] = set()

        def get(part: str) -> np.ndarray:
            used.update(columns(part))
            return np.zeros(3)

        if role in _RULES:
            _RULES[role](get)
        return used

    return tuple(tuple(sorted(columns(role))) for role in _roles(target))


def _roles(target: Skeleton) -> list[str]:
    """Role of each joint; one that plays none is matched by its own name."""
    role_of = {joint: role for role, joint in target.roles.items()}
    return [role_of.get(j, j) for j in target.joints]


def _middle(a: str, b: str) -> Callable[[Get], np.ndarray]:
    return lambda get: (get(a) + get(b)) / 2


def _first(*roles: str) -> Callable[[Get], np.ndarray]:
    def rule(get: Get) -> np.ndarray:
        out = get(roles[0])
        for role in roles[1:]:
            out = np.where(np.isnan(out), get(role), out)
        return out

    return rule


def _thorax(get: Get) -> np.ndarray:
    shoulders = (get("left_shoulder") + get("right_shoulder")) / 2
    return np.where(np.isnan(get("neck")), shoulders, get("neck"))


def _spine(get: Get) -> np.ndarray:
    between = (get("lower_spine") + get("upper_spine")) / 2
    return np.where(np.isnan(between), (get("hip") + get("thorax")) / 2, between)


def _head(get: Get) -> np.ndarray:
    axis = get("head_base") - get("thorax")
    torso = np.linalg.norm(get("thorax") - get("hip"), axis=-1, keepdims=True)
    length = np.linalg.norm(axis, axis=-1, keepdims=True)
    return get("thorax") + axis * (HEAD_OVER_TORSO * torso / np.maximum(length, 1e-9))


def _nose(get: Get) -> np.ndarray:
    thorax = get("thorax")
    if thorax.shape[-1] != 3:
        return np.full_like(thorax, np.nan)
    axis = get("head") - thorax
    to_left = (get("left_shoulder") - get("right_shoulder")) + (get("left_hip") - get("right_hip"))
    ahead = np.cross(to_left, axis)
    length = np.linalg.norm(axis, axis=-1, keepdims=True)
    ahead *= length / np.maximum(np.linalg.norm(ahead, axis=-1, keepdims=True), 1e-9)
    return thorax + NOSE_UP * axis + NOSE_AHEAD * ahead


_RULES: dict[str, Callable[[Get], np.ndarray]] = {
    "hip": _middle("left_hip", "right_hip"),
    "neck": _middle("left_shoulder", "right_shoulder"),
    "thorax": _thorax,
    "spine": _spine,
    "head": _head,
    "nose": _nose,
    "pelvis": _first("hip"),
    "head_base": _middle("left_ear", "right_ear"),
}
