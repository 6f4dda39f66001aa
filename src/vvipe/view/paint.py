"""Paints a body whose joints lie in the plane already: limbs, trunk and head, far parts first."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from matplotlib.axes import Axes
from matplotlib.collections import PolyCollection

from vvipe.view.body import CHEST, FACE, FRAME, HEAD_RADIUS, LIMBS, NECK, PELVIS, Limb, side_of
from vvipe.view.look import Look
from vvipe.view.palette import INK, PAPER, RGB, mix
from vvipe.view.shapes import capsule, disc, hull

Box = tuple[float, float, float, float]  # x0, y0, x1, y1 in the units of the axes
DOT, FACE_DOT = 0.072, 0.045  # radii in torso lengths
FADE = 0.3  # how much paper is mixed into the farthest part


@dataclass(frozen=True)
class Placed:
    """A joint on the plane: where, how long a torso would be there, how near to the viewer."""

    xy: np.ndarray
    torso: float
    nearness: float = 0.0


@dataclass(frozen=True)
class Part:
    """An outline on the plane, how near it is, and its colour."""

    outline: np.ndarray
    nearness: float
    colour: str | RGB
    edged: bool = True


def paint(ax: Axes, joints: dict[str, Placed], look: Look) -> Box | None:
    """Draws the body of joints by role; returns the box it fills, None if nothing is seen."""
    parts = parts_of(joints, look)
    if not parts:
        return None
    ax.add_collection(
        PolyCollection(
            [p.outline for p in parts],
            facecolors=[p.colour for p in parts],
            edgecolors=[look.edge if p.edged and look.edge_pt else "none" for p in parts],
            linewidths=look.edge_pt,
            alpha=look.alpha,
            joinstyle="round",
            zorder=3,
        ),
        autolim=False,
    )
    points = np.concatenate([p.outline for p in parts])
    (x0, y0), (x1, y1) = points.min(axis=0), points.max(axis=0)
    return float(x0), float(y0), float(x1), float(y1)


def parts_of(joints: dict[str, Placed], look: Look) -> list[Part]:
    """The parts of a body, those furthest from the viewer first."""
    parts = _limbs(joints, LIMBS, look)
    parts += _solid_trunk(joints, look) if look.stick is None else _limbs(joints, FRAME, look)
    parts += _head(joints, look) + (_dots(joints, look) if look.dots else [])
    return sorted(parts, key=lambda part: part.nearness)


def _limbs(joints: dict[str, Placed], limbs: tuple[Limb, ...], look: Look) -> list[Part]:
    parts: list[Part] = []
    for limb in limbs:
        if limb.start in joints and limb.end in joints:
            a, b = joints[limb.start], joints[limb.end]
            radius = limb.radius if look.stick is None else (look.stick, look.stick)
            outline = capsule(a.xy, b.xy, radius[0] * a.torso, radius[1] * b.torso)
            nearness = (a.nearness + b.nearness) / 2
            colour = _faded(look.colour(limb.side), nearness, a.torso)
            parts.append(Part(outline, nearness, colour))
    return parts


def _solid_trunk(joints: dict[str, Placed], look: Look) -> list[Part]:
    parts: list[Part] = []
    for hull_of in (CHEST, PELVIS):
        corners = [(joints[role], radius) for role, radius in hull_of.items() if role in joints]
        if len(corners) == len(hull_of):
            outline = hull([disc(c.xy, radius * c.torso) for c, radius in corners])
            nearness = float(np.mean([c.nearness for c, _ in corners]))
            parts.append(Part(outline, nearness, look.centre))
    for neck in _limbs(joints, (NECK,), look):
        # Behind chest and head, wherever it is: it only joins them.
        behind = min([neck.nearness, joints["skull"].nearness, *(p.nearness for p in parts)])
        parts.append(replace(neck, nearness=behind - 1e-6))
    return parts


def _head(joints: dict[str, Placed], look: Look) -> list[Part]:
    if "skull" not in joints:
        return []
    skull = joints["skull"]
    radius = HEAD_RADIUS * skull.torso
    if look.stick is not None:
        colour = mix(look.centre, PAPER, 0.5)
        return [Part(disc(skull.xy, 0.85 * radius), skull.nearness - skull.torso, colour)]
    parts = [Part(disc(skull.xy, radius), skull.nearness, look.centre)]
    nose = joints.get("nose")
    if nose is not None and nose is not skull:
        ahead = nose.xy - skull.xy
        on_face = skull.xy + ahead * min(1.0, 0.95 * radius / max(float(np.hypot(*ahead)), 1e-9))
        colour = mix(look.centre, INK, 0.45)
        parts.append(Part(disc(on_face, 0.2 * radius), nose.nearness, colour, edged=False))
    return parts


def _dots(joints: dict[str, Placed], look: Look) -> list[Part]:
    return [
        Part(
            disc(joint.xy, (FACE_DOT if role in FACE else DOT) * joint.torso),
            joint.nearness + joint.torso * 0.2,
            mix(look.colour(side_of(role)), INK, 0.12),
        )
        for role, joint in joints.items()
        if role != "skull" and role != "head"
    ]


def _faded(colour: str | RGB, nearness: float, torso: float) -> RGB:
    return mix(colour, PAPER, FADE * float(np.clip(-nearness / (1.2 * torso), 0, 1)))
