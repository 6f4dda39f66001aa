"""Bodies in space from two small meshes: balls and tapered rods, placed for every part."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from matplotlib.colors import to_rgb

from vvipe.models.inputs import H36M17
from vvipe.view.body import HEAD_RADIUS, LIMBS, SIDES, Joints, body_joints, side_of, torso_length
from vvipe.view.look import SOLID, Look
from vvipe.view.palette import INK, PAPER, RGB, mix

# The browser maps tones as film does, which pales colours: they are sent deeper than they are.
_DEEPEN = 1.7
_TAPER = 0.78  # of a rod, at its far end
_RODS = (*(limb for limb in LIMBS if limb.end.split("_")[1] in "knee ankle elbow wrist"),)
# Role -> radius in torso lengths.
_BALLS = {
    f"{side}_{joint}": radius
    for side in SIDES
    for joint, radius in (
        ("shoulder", 0.1), ("elbow", 0.082), ("wrist", 0.072), ("hip", 0.13), ("knee", 0.105),
        ("ankle", 0.075),
    )
}  # fmt: skip
_ENDS = (*((limb.start, limb.end, limb.radius[0]) for limb in _RODS), ("thorax", "skull", 0.09))
RODS, BALLS = len(_ENDS), len(_BALLS) + 5  # a neck too; head, nose, chest, belly, pelvis


@dataclass(frozen=True)
class Instances:
    """Where copies of a mesh are.

    Attributes:
        positions: (M, 3).
        wxyzs: (M, 4) quaternions.
        scales: (M, 3) along the mesh's own axes; 0 for a part that is not seen.
    """

    positions: np.ndarray
    wxyzs: np.ndarray
    scales: np.ndarray


def ball_mesh(around: int = 10, down: int = 7) -> tuple[np.ndarray, np.ndarray]:
    """Vertices and faces of a ball of radius 1."""
    polar = np.linspace(0, np.pi, down + 1)[:, None]
    turn = np.linspace(0, 2 * np.pi, around, endpoint=False)
    grid = np.stack(
        np.broadcast_arrays(np.sin(polar) * np.cos(turn), np.sin(polar) * np.sin(turn),
                            np.cos(polar)), -1,
    )  # fmt: skip
    return grid.reshape(-1, 3).astype(np.float32), _quads(down, around)


def rod_mesh(around: int = 9) -> tuple[np.ndarray, np.ndarray]:
    """Vertices and faces of an open rod from z = 0, radius 1, to z = 1, where it is thinner."""
    turn = np.linspace(0, 2 * np.pi, around, endpoint=False)
    ring = np.stack([np.cos(turn), np.sin(turn), np.zeros(around)], -1)
    # From the far end to the near one, so that faces look outwards as those of the ball do.
    vertices = np.concatenate([ring * _TAPER + (0, 0, 1), ring])
    return vertices.astype(np.float32), _quads(1, around)


def _quads(down: int, around: int) -> np.ndarray:
    i, j = np.meshgrid(np.arange(down), np.arange(around), indexing="ij")
    a, b = i * around + j, i * around + (j + 1) % around
    faces = np.stack([a, a + around, b, b, a + around, b + around], -1).reshape(-1, 3)
    return faces.astype(np.uint32)


def colours(look: Look = SOLID, pale: float = 0.0) -> tuple[np.ndarray, np.ndarray]:
    """(BALLS, 3) and (RODS, 3) uint8 colours of a body, with a share of paper mixed in."""
    balls = [look.colour(side_of(role)) for role in _BALLS]
    balls += [look.centre, mix(look.centre, INK, 0.45), *[look.centre] * 3]
    rods = [*(look.colour(limb.side) for limb in _RODS), look.centre]
    return _bytes(balls, pale), _bytes(rods, pale)


def _bytes(chosen: Sequence[str | RGB], pale: float) -> np.ndarray:
    rgb = np.array([mix(to_rgb(colour), PAPER, pale) for colour in chosen])
    return (255 * rgb**_DEEPEN).round().astype(np.uint8)


def instances(bodies: np.ndarray) -> tuple[Instances, Instances]:
    """Balls and rods of (B, 17, 3) upright h36m17 bodies, body after body."""
    joints = [body_joints(body, H36M17) for body in bodies]
    torsos = [torso_length(body) if body else 1.0 for body in joints]
    pairs = list(zip(joints, torsos, strict=True))
    return (
        _placed([part for pair in pairs for part in (*_balls(*pair), *_trunk(*pair))]),
        _placed([part for pair in pairs for part in _rods(*pair)]),
    )


# Where a part is, where its z axis points, where y does as nearly as can be, its radii.
_Part = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]
_ORIGIN, _UP, _ASIDE = np.zeros(3), np.array([0.0, 0.0, 1.0]), np.array([0.0, 1.0, 0.0])
_NOT_SEEN: _Part = (_ORIGIN, _UP, _ASIDE, np.zeros(3))


def _balls(joints: Joints, torso: float) -> list[_Part]:
    return [_ball(joints.get(role), radius * torso) for role, radius in _BALLS.items()]


def _ball(at: np.ndarray | None, radius: float) -> _Part:
    return _NOT_SEEN if at is None else (at, _UP, _ASIDE, np.full(3, radius))


def _rods(joints: Joints, torso: float) -> list[_Part]:
    found: list[_Part] = []
    for start, end, radius in _ENDS:
        a, b = joints.get(start), joints.get(end)
        if a is None or b is None:
            found.append(_NOT_SEEN)
            continue
        along, thick = b - a, radius * torso
        length = float(np.sqrt(along @ along))
        aside = _ASIDE if abs(along[1]) < 0.9 * length else np.array([1.0, 0.0, 0.0])
        found.append((a, along, aside, np.array([thick, thick, length])))
    return found


def _trunk(joints: Joints, torso: float) -> list[_Part]:
    """Head, nose, chest, belly and pelvis."""
    skull, nose = joints.get("skull"), joints.get("nose")
    thorax, spine, hip = (joints.get(role) for role in ("thorax", "spine", "hip"))
    shoulders, hips = _across(joints, "shoulder"), _across(joints, "hip")
    radius = HEAD_RADIUS * torso
    head = on_face = _NOT_SEEN
    if skull is not None:
        up = _UP if thorax is None else skull - thorax
        head = (skull, up, _ASIDE, radius * np.array([0.88, 0.88, 1.08]))
        if nose is not None and nose is not skull:
            ahead = nose - skull
            reach = min(1.0, 0.9 * radius / max(float(np.linalg.norm(ahead)), 1e-9))
            on_face = _ball(skull + reach * ahead, 0.2 * radius)
    chest = _egg(thorax, spine, shoulders, 0.36, torso * np.array([0.18, 0.33, 0.4]))
    belly = _egg(spine, hip, hips, 0.3, torso * np.array([0.165, 0.265, 0.42]))
    pelvis = _egg(hip, spine, hips, 0.0, torso * np.array([0.175, 0.29, 0.24]))
    return [head, on_face, chest, belly, pelvis]


def _across(joints: Joints, part: str) -> np.ndarray | None:
    ends = joints.get(f"left_{part}"), joints.get(f"right_{part}")
    return None if ends[0] is None or ends[1] is None else ends[1] - ends[0]


def _egg(
    near: np.ndarray | None, far: np.ndarray | None, across: np.ndarray | None, share: float,
    radii: np.ndarray,
) -> _Part:  # fmt: skip
    """A ball as deep, as wide and as high as `radii`, some way from one joint to another."""
    if near is None or far is None or across is None:
        return _NOT_SEEN
    return near + share * (far - near), near - far, across, radii


def _placed(parts: list[_Part]) -> Instances:
    at, up, aside, scales = (np.array([p[i] for p in parts]).reshape(-1, 3) for i in range(4))
    z = up / np.maximum(np.linalg.norm(up, axis=1, keepdims=True), 1e-9)
    y = aside - (aside * z).sum(1, keepdims=True) * z
    y = y / np.maximum(np.linalg.norm(y, axis=1, keepdims=True), 1e-9)
    axes = np.stack([np.cross(y, z), y, z], 1)
    numbers = (at, _quaternions(axes), scales)
    return Instances(*(x.astype(np.float32) for x in numbers))


def _quaternions(axes: np.ndarray) -> np.ndarray:
    """(M, 4) w, x, y, z that turn the mesh's axes onto the rows of (M, 3, 3).

    The eigenvector of Bar-Itzhack's matrix (2000): no case in which it loses digits.
    """
    m = axes  # the rotation matrix has them as columns, so m[j, i] is its (i, j)
    xx, yy, zz = m[:, 0, 0], m[:, 1, 1], m[:, 2, 2]
    xy, yx, xz, zx, yz, zy = (
        m[:, 1, 0], m[:, 0, 1], m[:, 2, 0], m[:, 0, 2], m[:, 2, 1], m[:, 1, 2],
    )  # fmt: skip
    k = np.array(
        [
            [xx + yy + zz, zy - yz, xz - zx, yx - xy],
            [zy - yz, xx - yy - zz, xy + yx, xz + zx],
            [xz - zx, xy + yx, yy - xx - zz, yz + zy],
            [yx - xy, xz + zx, yz + zy, zz - xx - yy],
        ]
    )
    return np.linalg.eigh(np.moveaxis(k, -1, 0))[1][:, :, -1]
