"""Poses as small SVG pictures, drawn with the same parts and colours as the figures."""

from __future__ import annotations

import numpy as np
from matplotlib.colors import to_hex

from vvipe.models.inputs import H36M17
from vvipe.skeletons import Skeleton
from vvipe.view.body import Joints, body_joints, torso_length
from vvipe.view.draw import placed, upright_joints, view_of
from vvipe.view.look import SOLID, STICKS, Look
from vvipe.view.paint import Part, Placed, parts_of
from vvipe.view.palette import FAINT_INK
from vvipe.view.viewpoint import View

_UNITS = 100.0  # across a picture
_VIEW = View(turn_deg=25.0)


def body_svg(body: np.ndarray, attributes: str = "") -> str:
    """A canonical body (17, 3), seen from half ahead, in a square."""
    joints = upright_joints(body, H36M17, "canonical")
    if not joints:
        return nothing_svg("no body", attributes)
    return _square(parts_of(placed(joints, view_of(joints, "canonical", _VIEW)), SOLID), attributes)


def points_svg(points: np.ndarray, skeleton: Skeleton, attributes: str = "") -> str:
    """Keypoints (J, 2) in pixels, in a square around the person."""
    joints = _upward(points, skeleton)
    if not joints:
        return nothing_svg("nobody is seen", attributes)
    return _square(_sticks(joints), attributes)


def overlay_svg(
    points: np.ndarray, skeleton: Skeleton, size: tuple[int, int], attributes: str = ""
) -> str:
    """Keypoints (J, 2) in pixels where they lie in an image of (width, height)."""
    joints = _upward(points, skeleton)
    scale = _UNITS / size[0]
    drawn = "".join(_polygon(p, scale, 0.0, 0.0, 0.25) for p in _sticks(joints)) if joints else ""
    return _svg(drawn, _UNITS, _UNITS * size[1] / size[0], attributes)


def nothing_svg(text: str, attributes: str = "") -> str:
    """An empty square that says why."""
    label = (
        f'<text x="50" y="52" text-anchor="middle" font-size="9" fill="{FAINT_INK}">{text}</text>'
    )
    return _svg(label, _UNITS, _UNITS, attributes)


def _upward(points: np.ndarray, skeleton: Skeleton) -> Joints:
    return body_joints(np.asarray(points, np.float64) * (1.0, -1.0), skeleton)


def _sticks(joints: Joints, look: Look = STICKS) -> list[Part]:
    torso = torso_length(joints)
    return parts_of({role: Placed(xy, torso) for role, xy in joints.items()}, look)


def _square(parts: list[Part], attributes: str) -> str:
    points = np.concatenate([part.outline for part in parts])
    low, high = points.min(0), points.max(0)
    scale = 0.92 * _UNITS / max(float((high - low).max()), 1e-9)
    middle = (low + high) / 2
    shift = _UNITS / 2 - scale * middle[0], _UNITS / 2 + scale * middle[1]
    drawn = "".join(_polygon(part, scale, *shift, 0.6) for part in parts)
    return _svg(drawn, _UNITS, _UNITS, attributes)


def _polygon(part: Part, scale: float, x0: float, y0: float, edge: float) -> str:
    xy = part.outline * (scale, -scale) + (x0, y0)
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in xy.tolist())
    stroke = f' stroke="#fff" stroke-width="{edge}"' if part.edged else ""
    return f'<polygon points="{points}" fill="{to_hex(part.colour)}"{stroke}/>'


def _svg(content: str, width: float, height: float, attributes: str) -> str:
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:.4g}" '
        f'stroke-linejoin="round" {attributes}>{content}</svg>'
    )
