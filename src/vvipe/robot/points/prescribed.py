"""Points prescribed once, on one frame of one demonstration, and carried by what they lie on."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from vvipe.errors import VvipeError
from vvipe.robot.points.camera import Camera

CARRIERS = ("body", "site")


@dataclass(frozen=True)
class PrescribedPoint:
    """A point of a body.

    Attributes:
        name: Such as `gripper`.
        carrier: Kind and name of what it moves with, such as `body:object0` or `site:target0`.
        offset_m: (3,) in the carrier's frame.
        seen_m: (3,) where it was on the annotated frame, in that camera's axes (x right, y down, z
            forward).
        anchor: Whether it lies on what never moves, so that it tells where the camera went.
        helper: Whether it only helps to follow the others of its carrier, and no policy is told.
        slides: Whether its carrier slides on the plane of the anchors, so that it keeps its height.
    """

    name: str
    carrier: str
    offset_m: tuple[float, float, float]
    seen_m: tuple[float, float, float]
    anchor: bool = False
    helper: bool = False
    slides: bool = False


@dataclass(frozen=True)
class PrescribedPoints:
    """All points of a task, in the order in which trackers and states have them."""

    points: tuple[PrescribedPoint, ...]

    def __post_init__(self) -> None:
        if not self.points:
            raise VvipeError("no points are prescribed")
        twice = {n for n in self.names if self.names.count(n) > 1}
        if twice:
            raise VvipeError(f"two points are named {min(twice)!r}")

    @property
    def names(self) -> tuple[str, ...]:
        """Of the points."""
        return tuple(p.name for p in self.points)

    @property
    def anchors(self) -> np.ndarray:
        """(N,) which points never move."""
        return np.array([p.anchor for p in self.points])

    @property
    def helpers(self) -> np.ndarray:
        """(N,) which points no policy is told."""
        return np.array([p.helper for p in self.points])

    @property
    def slides(self) -> np.ndarray:
        """(N,) which points keep their height above the anchors."""
        return np.array([p.slides for p in self.points])

    @property
    def seen_m(self) -> np.ndarray:
        """(N, 3) where they were on the annotated frame, in its camera's axes."""
        return np.array([p.seen_m for p in self.points])

    def index(self, name: str) -> int:
        """The place of a named point.

        Raises:
            VvipeError: No point has this name.
        """
        if name not in self.names:
            raise VvipeError(f"no point {name!r}", expected=", ".join(self.names))
        return self.names.index(name)

    def places(self, model: Any, data: Any) -> np.ndarray:
        """(N, 3) metres, world: where their bodies and sites carried them in this state.

        Raises:
            VvipeError: The model has not all carriers.
        """
        out = np.empty((len(self.points), 3))
        for i, point in enumerate(self.points):
            pos, mat = carrier_pose(model, data, point.carrier)
            out[i] = pos + mat @ np.asarray(point.offset_m)
        return out


def prescribe(
    pixels: Mapping[str, tuple[float, float]],
    depth: np.ndarray | Mapping[str, float],
    carriers: Mapping[str, str],
    camera: Camera,
    model: Any,
    data: Any,
    anchors: tuple[str, ...] = (),
    helpers: tuple[str, ...] = (),
    sliding: tuple[str, ...] = (),
) -> PrescribedPoints:
    """Turns pixels on one frame into points that move with bodies.

    Args:
        pixels: (u, v) of each named point, once for all episodes.
        depth: (H, W) metres of that frame, or of each named point.
        carriers: What each point lies on: `body:` or `site:` and its name.
        camera: Of that frame; `model` and `data` hold the state that it shows.
        anchors: The points that never move.
        helpers: The points that only help to follow the others.
        sliding: The carriers that slide on the plane of the anchors.

    Raises:
        VvipeError: A pixel outside of the frame, without depth or without carrier.
    """
    size = (camera.height, camera.width)
    if isinstance(depth, np.ndarray) and depth.shape != size:
        raise VvipeError("depth is not the camera's", expected=size, got=depth.shape)
    stray = (set(carriers) ^ set(pixels)) | ({*anchors, *helpers} - set(pixels))
    if stray:
        raise VvipeError(f"point {min(stray)!r} has no pixel or no carrier")
    idle = set(sliding) - set(carriers.values())
    if idle:
        raise VvipeError(f"no point lies on {min(idle)!r}, which slides")
    out: list[PrescribedPoint] = []
    for name, (u, v) in pixels.items():
        if not camera.inside(np.array([u, v])):
            raise VvipeError(
                f"point {name!r} is outside of the frame",
                expected=f"{camera.width} x {camera.height} px", got=f"({u:g}, {v:g})",
            )  # fmt: skip
        far = _depth_of(depth, name, u, v)
        if not (np.isfinite(far) and far > 0):
            raise VvipeError(f"point {name!r} has no depth", expected="metres", got=far)
        pos, mat = carrier_pose(model, data, carriers[name])
        offset = mat.T @ (camera.unproject(np.array([u, v, far])) - pos)
        seen = np.array([*(u, v) - camera.middle_px, camera.focal_px])
        seen = seen * far / camera.focal_px
        out.append(PrescribedPoint(
            name, carriers[name], _triple(offset), _triple(seen), name in anchors, name in helpers,
            carriers[name] in sliding,
        ))  # fmt: skip
    return PrescribedPoints(tuple(out))


def carrier_pose(model: Any, data: Any, carrier: str) -> tuple[np.ndarray, np.ndarray]:
    """(3,) place and (3, 3) axes in the world of a carrier such as `body:object0`.

    Raises:
        VvipeError: The model has no such body or site.
    """
    kind, _, name = carrier.partition(":")
    if kind not in CARRIERS or not name:
        raise VvipeError("not a carrier", expected="body:NAME or site:NAME", got=carrier)
    try:
        of = getattr(model, kind)(name).id
    except KeyError:
        raise VvipeError(f"the model has no {kind} {name!r}") from None
    if kind == "body":
        return data.xpos[of].copy(), data.xmat[of].reshape(3, 3).copy()
    return data.site_xpos[of].copy(), data.site_xmat[of].reshape(3, 3).copy()


def _depth_of(depth: np.ndarray | Mapping[str, float], name: str, u: float, v: float) -> float:
    if isinstance(depth, np.ndarray):
        return float(depth[int(v), int(u)])
    return float(depth.get(name, math.nan))


def _triple(vector: np.ndarray) -> tuple[float, float, float]:
    x, y, z = vector.tolist()
    return x, y, z
