"""The canonical 3D pose (V-VIPE §3.1): root at the origin, universal skeleton, rotation removed.

In the canonical frame the hips lie along y (left at -y, right at +y), the spine along z, and the
person faces -x.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from array_api_compat import array_namespace

from vvipe.geometry.bones import bone_lengths, with_bone_lengths
from vvipe.skeletons import Skeleton


@dataclass(frozen=True)
class Removed:
    """What canonicalisation took away, so that it can be put back.

    Attributes:
        rotation: (..., 3, 3), canonical = rotation @ original.
        root: (..., 3) the root's position.
        lengths: (..., J) the bone lengths.
    """

    rotation: Any
    root: Any
    lengths: Any


def canonical_rotation(left_hip: Any, right_hip: Any, spine: Any) -> Any:
    """Rotation that best takes left hip, right hip and spine to (0,-1,0), (0,1,0), (0,0,1).

    Kabsch's least-squares rotation for unit vectors from the root, in closed form: the targets
    span one plane, so the optimum is a rotation within the plane of `right - left` and `spine`.

    Args:
        left_hip: (..., 3) from the root, any length; likewise `right_hip` and `spine`.

    Returns:
        (..., 3, 3) proper rotations; differentiable; numpy or torch.
    """
    xp = array_namespace(spine)
    across = _unit(xp, right_hip) - _unit(xp, left_hip)
    up = _unit(xp, spine)
    first = _unit(xp, across)
    along = xp.sum(first * up, axis=-1, keepdims=True)
    rest = up - along * first
    second = _unit(xp, rest)
    # In the basis (first, second): across = (a, 0), up = (c, d); turn both axes by one angle.
    a = xp.sum(first * across, axis=-1, keepdims=True)
    d = xp.sum(second * rest, axis=-1, keepdims=True)
    angle = xp.atan2(-along, a + d)
    y = xp.cos(angle) * first + xp.sin(angle) * second
    z = xp.cos(angle) * second - xp.sin(angle) * first
    return xp.stack([xp.linalg.cross(y, z), y, z], axis=-2)


def to_canonical(positions: Any, lengths: Any, skeleton: Skeleton) -> tuple[Any, Removed]:
    """Canonical pose of positions on a skeleton with the joints of Human3.6M-17.

    Args:
        positions: (..., J, 3), any unit and frame, numpy or torch.
        lengths: (J,) the universal bone lengths.
        skeleton: Names the joints `hip`, `left_hip`, `right_hip` and `spine`.

    Returns:
        (..., J, 3) in the unit of `lengths`, canonical frame; and what was removed.
    """
    root = positions[..., skeleton.index("hip"), :]
    universal = with_bone_lengths(positions, lengths, skeleton)
    rotation = hip_rotation(universal, skeleton)
    removed = Removed(rotation, root, bone_lengths(positions, skeleton))
    return rotate(rotation, universal), removed


def from_canonical(canonical: Any, removed: Removed, skeleton: Skeleton) -> Any:
    """Puts rotation, bone lengths and root back: the inverse of `to_canonical`."""
    xp = array_namespace(canonical)
    turned = rotate(xp.matrix_transpose(removed.rotation), canonical)
    return with_bone_lengths(turned, removed.lengths, skeleton) + removed.root[..., None, :]


def hip_rotation(positions: Any, skeleton: Skeleton) -> Any:
    """`canonical_rotation` of (..., J, 3) positions: (..., 3, 3)."""
    root = positions[..., skeleton.index("hip"), :]
    left, right, spine = (
        positions[..., skeleton.index(j), :] - root for j in ("left_hip", "right_hip", "spine")
    )
    return canonical_rotation(left, right, spine)


def rotate(rotation: Any, positions: Any) -> Any:
    """(..., 3, 3) rotations applied to (..., J, 3) positions."""
    xp = array_namespace(positions)
    return positions @ xp.matrix_transpose(rotation)


def _unit(xp: Any, vectors: Any) -> Any:
    return vectors / xp.sqrt(xp.sum(vectors * vectors, axis=-1, keepdims=True) + 1e-18)
