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
RODS, BALLS = len(_RODS) + 1, len(_BALLS) + 5  # a neck; head, nose, chest, belly, pelvis


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
    parts = [_parts(body_joints(body, H36M17)) for body in bodies]
    balls, rods = (np.array([p[i] for p in parts]).reshape(-1, 15) for i in (0, 1))
    return _placed(balls), _placed(rods)


def _parts(joints: Joints) -> tuple[np.ndarray, np.ndarray]:
    """(BALLS, 15) and (RODS, 15): position, the mesh's three axes as rows, scales along them."""
    torso = torso_length(joints) if joints else 1.0
    balls = [_ball(joints.get(role), radius * torso) for role, radius in _BALLS.items()]
    return np.array([*balls, *_trunk(joints, torso)]), np.array(_rods(joints, torso))


def _rods(joints: Joints, torso: float) -> list[np.ndarray]:
    found: list[np.ndarray] = []
    for start, end, radius in (
        *((limb.start, limb.end, limb.radius[0]) for limb in _RODS),
        ("thorax", "skull", 0.09),
    ):
        a, b = joints.get(start), joints.get(end)
        if a is None or b is None:
            found.append(_ball(None, 0.0))
            continue
        length = float(np.linalg.norm(b - a))
        thick = radius * torso
        found.append(_part(a, _axes(b - a), np.array([thick, thick, length])))
    return found


def _trunk(joints: Joints, torso: float) -> list[np.ndarray]:
    """Head, nose, chest, belly and pelvis."""
    skull, nose = joints.get("skull"), joints.get("nose")
    thorax, spine, hip = (joints.get(role) for role in ("thorax", "spine", "hip"))
    radius = HEAD_RADIUS * torso
    head = _ball(None, 0.0)
    on_face = _ball(None, 0.0)
    if skull is not None:
        up = skull - thorax if thorax is not None else np.array([0.0, 0.0, 1.0])
        head = _part(skull, _axes(up), radius * np.array([0.88, 0.88, 1.08]))
        if nose is not None and nose is not skull:
            ahead = nose - skull
            reach = min(1.0, 0.9 * radius / max(float(np.linalg.norm(ahead)), 1e-9))
            on_face = _ball(skull + reach * ahead, 0.2 * radius)
    across_chest = _across(joints, "shoulder")
    across_hips = _across(joints, "hip")
    chest = _egg(thorax, spine, across_chest, 0.36, (0.18, 0.33, 0.4), torso)
    belly = _egg(spine, hip, across_hips, 0.3, (0.165, 0.265, 0.42), torso)
    pelvis = _egg(hip, spine, across_hips, 0.0, (0.175, 0.29, 0.24), torso)
    return [head, on_face, chest, belly, pelvis]


def _across(joints: Joints, part: str) -> np.ndarray | None:
    ends = joints.get(f"left_{part}"), joints.get(f"right_{part}")
    return None if ends[0] is None or ends[1] is None else ends[1] - ends[0]


def _egg(
    near: np.ndarray | None, far: np.ndarray | None, across: np.ndarray | None, share: float,
    radii: tuple[float, float, float], torso: float,
) -> np.ndarray:  # fmt: skip
    """A ball about as deep, as wide and as high as `radii`, some way from one joint to another."""
    if near is None or far is None or across is None:
        return _ball(None, 0.0)
    axes = _axes(near - far if share else far - near, across)
    return _part(near + share * (far - near), axes, torso * np.array(radii))


def _ball(at: np.ndarray | None, radius: float) -> np.ndarray:
    if at is None:
        return _part(np.zeros(3), np.eye(3), np.zeros(3))
    return _part(at, np.eye(3), np.full(3, radius))


def _part(at: np.ndarray, axes: np.ndarray, scales: np.ndarray) -> np.ndarray:
    return np.concatenate([at, axes.ravel(), scales])


def _axes(up: np.ndarray, across: np.ndarray | None = None) -> np.ndarray:
    """(3, 3) rows x, y, z of a right-handed frame: z along `up`, y as near to `across` as can be."""
    z = up / max(float(np.linalg.norm(up)), 1e-9)
    if across is None:
        across = np.array([0.0, 1.0, 0.0]) if abs(z[1]) < 0.9 else np.array([1.0, 0.0, 0.0])
    y = across - (across @ z) * z
    y = y / max(float(np.linalg.norm(y)), 1e-9)
    return np.stack([np.cross(y, z), y, z])


def _placed(parts: np.ndarray) -> Instances:
    axes = parts[:, 3:12].reshape(-1, 3, 3)
    return Instances(
        parts[:, :3].astype(np.float32), _quaternions(axes).astype(np.float32),
        parts[:, 12:].astype(np.float32),
    )  # fmt: skip


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
